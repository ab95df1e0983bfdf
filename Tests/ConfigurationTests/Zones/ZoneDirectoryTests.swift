import BudgetCore
import Foundation
import Testing

@testable import Configuration

@Suite struct ZoneDirectoryTests {
  private func failure(_ name: String, in directory: ZoneDirectory) -> ZoneError? {
    do throws(ZoneError) {
      _ = try directory.rules(named: name)
      return nil
    } catch { return error }
  }

  @Test("a zone of the system is read")
  func system() throws {
    let rules = try ZoneDirectory.system().rules(named: "Europe/Berlin")
    #expect(rules.offset(at: 1_735_689_600) == 3600)
    #expect(rules.offset(at: 1_751_328_000) == 7200)
  }

  @Test("UTC needs no files, everything else does")
  func withoutFiles() throws {
    let nowhere = ZoneDirectory(directories: ["/nonexistent"])
    #expect(try nowhere.rules(named: "UTC") == .utc)
    #expect(failure("Europe/Berlin", in: nowhere) == .noZoneData(["/nonexistent"]))
  }

  @Test(
    "names that could lead elsewhere are refused",
    arguments: [
      "", "/etc/passwd", "..", "../../../etc/passwd", "Europe/../Europe/Berlin", "./UTC", "Europe//Berlin", "Europe/",
      "Europe/Ber lin", "Europe/Berlin\0", "Zürich", ".hidden", String(repeating: "a", count: 129),
    ])
  func names(_ name: String) {
    #expect(failure(name, in: .system()) == .invalidName)
  }

  @Test("files that are no zones are refused")
  func files() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try Data(repeating: 0, count: 70_000).write(to: directory.appendingPathComponent("Large"))
    try Data("hello".utf8).write(to: directory.appendingPathComponent("Text"))
    try FileManager.default.createDirectory(
      at: directory.appendingPathComponent("Area"), withIntermediateDirectories: true)
    #expect(mkfifo(directory.appendingPathComponent("Pipe").path, 0o600) == 0)
    let zones = ZoneDirectory(directories: [directory.path])
    #expect(failure("Large", in: zones) == .unreadable(.tooLong(limit: 65_536)))
    #expect(failure("Text", in: zones) == .notAZone(.notTZif))
    #expect(failure("Area", in: zones) == .unreadable(.notRegular))
    #expect(failure("Pipe", in: zones) == .unreadable(.notRegular))
    #expect(failure("Missing", in: zones) == .unknown)
    #expect(failure("Text/Below", in: zones) == .unknown)
  }
}
