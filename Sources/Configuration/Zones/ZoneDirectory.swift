package import BudgetCore
import Glibc

/// Where the system keeps its time zone files.
package struct ZoneDirectory: Sendable {
  /// Bytes of one zone file; the largest real one has a few thousand.
  package static let mostBytes = 65_536

  /// Searched in this order.
  package var directories: [String]

  package init(directories: [String]) { self.directories = directories }

  /// The directory that `ZONEINFO` or `TZDIR` names, then `/usr/share/zoneinfo`.
  package static func system() -> ZoneDirectory {
    let variables: [String] = ["ZONEINFO", "TZDIR"]
    let named: [String] = variables.compactMap { name in getenv(name).map { String(cString: $0) } }
    return ZoneDirectory(directories: named.filter { !$0.isEmpty } + ["/usr/share/zoneinfo"])
  }

  /// The rules of a zone by its IANA name. `UTC` needs no file.
  package func rules(named name: String) throws(ZoneError) -> TimeZoneRules {
    if name == "UTC" || name == "Etc/UTC" { return .utc }
    guard isValid(name) else { throw .invalidName }
    for directory in directories {
      let bytes: [UInt8]
      do throws(BoundedFile.Failure) {
        bytes = try BoundedFile.read("\(directory)/\(name)", limit: Self.mostBytes, regular: true)
      } catch {
        switch error {
        case .system(code: ENOENT), .system(code: ENOTDIR): continue
        default: throw .unreadable(error)
        }
      }
      do throws(TZifError) {
        return try TimeZoneRules(tzif: bytes)
      } catch {
        throw .notAZone(error)
      }
    }
    guard directories.contains(where: { access($0, R_OK) == 0 }) else { throw .noZoneData(directories) }
    throw .unknown
  }

  /// A relative path of plain names, so that no name leads out of the directory.
  private func isValid(_ name: String) -> Bool {
    guard (1...128).contains(name.utf8.count) else { return false }
    return name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
      guard let first = part.first, first != UInt8(ascii: ".") else { return false }
      return part.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"),
          UInt8(ascii: "."):
          true
        default: false
        }
      }
    }
  }
}

/// Why there are no rules for a zone name.
package enum ZoneError: Error, Hashable, Sendable {
  /// Not a relative path of letters, digits, `_`, `-`, `+` and `.`.
  case invalidName
  case unknown
  /// None of the directories is there.
  case noZoneData([String])
  case unreadable(BoundedFile.Failure)
  case notAZone(TZifError)
}
