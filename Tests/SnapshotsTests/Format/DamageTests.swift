import BudgetCore
import Compression
import Testing

@testable import Snapshots

@Suite("A damaged snapshot")
struct DamageTests {
  private static let now = Moment.after(.minutes(3))
  private static let settings = LedgerSettings.varied

  private static func small() throws -> [UInt8] {
    let ledger = LedgerBox(settings: Self.settings, seed: 1)
    var ids: [ReservationID] = []
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<12 { _ = ledger.run(Act.random(using: &generator), &ids, now: now) }
    return try SnapshotFile.encode(ledger.ledger.capture(now: now))
  }

  private func restore(_ bytes: [UInt8]) throws(SnapshotError) -> LedgerBox {
    LedgerBox(try SnapshotFile.restore(bytes, settings: Self.settings, seed: 2, now: Self.now))
  }

  private func error(_ bytes: [UInt8]) -> SnapshotError? {
    do throws(SnapshotError) {
      _ = try restore(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test("is refused when it was cut, at every length")
  func truncated() throws {
    let file = try Self.small()
    #expect(error(file) == nil)
    for length in 0..<file.count {
      guard case .truncated(let at, _) = error(Array(file[..<length])) else {
        Issue.record("cut at \(length): \(String(describing: error(Array(file[..<length]))))")
        continue
      }
      #expect(at == length)
    }
    #expect(error(file + [0]) == .trailingBytes(count: 1))
  }

  @Test("is refused when any bit was flipped")
  func flipped() throws {
    var file = try Self.small()
    for position in file.indices {
      for bit in 0..<8 {
        file[position] ^= 1 << bit
        #expect(error(file) != nil, "byte \(position), bit \(bit)")
        file[position] ^= 1 << bit
      }
    }
  }

  @Test("says what is wrong")
  func sentences() throws {
    let file = try Self.small()
    #expect(error(Array("#!/bin/sh".utf8)) == .notASnapshot)
    #expect(error([UInt8](repeating: 0, count: 1000)) == .notASnapshot)
    var body = file
    body[100] ^= 1
    #expect(error(body) == .checksumMismatch(.body))
    var header = file
    header[20] ^= 1
    #expect(error(header) == .checksumMismatch(.header))
    #expect("\(SnapshotError.truncated(at: 7, expected: 64))" == "truncated at byte 7 of 64")
  }

  @Test("of a later version is refused by its number")
  func version() throws {
    var file = try Self.small()
    file[8] = 2
    let checksum = crc32(Array(file[..<60]))
    withUnsafeBytes(of: checksum.littleEndian) { file.replaceSubrange(60..<64, with: $0) }
    #expect(error(file) == .unsupportedVersion(2, reads: 1))
  }

  // MARK: Right checksums, wrong content

  private func sealed(_ content: [UInt8]) throws -> [UInt8] {
    try SnapshotFile.seal(content, sequence: 1, moment: Self.now, isRedacted: false)
  }

  private func content(_ file: [UInt8]) throws -> [UInt8] {
    try CompressionFormat.zlib.decompress(Array(file[SnapshotHeader.size...]), limit: 1 << 24)
  }

  @Test("that would inflate to more than it says is refused")
  func bomb() throws {
    let zeros = [UInt8](repeating: 0, count: 8 << 20)
    let body = CompressionFormat.zlib.compress(zeros)
    func file(claiming length: UInt64) -> [UInt8] {
      SnapshotHeader(
        sequence: 0, contentLength: length, bodyLength: UInt64(body.count), wall: 0, steady: 0, isRedacted: false,
        bodyChecksum: crc32(body)
      ).bytes + body
    }
    #expect(error(file(claiming: 1000)) == .inconsistent("the content is larger than 1000 bytes"))
    #expect(error(file(claiming: 1 << 31)) == .tooLarge(bytes: 1 << 31, limit: 1 << 30))
    guard case .inconsistent = error(file(claiming: (8 << 20) + 1)), case .inconsistent = error(file(claiming: 8 << 20))
    else {
      Issue.record("zeros were taken for a snapshot")
      return
    }
  }

  @Test("with sections of a later version is read without them")
  func unknownSection() throws {
    let file = try Self.small()
    var writer = ByteWriter()
    writer.append("zzzz".utf8)
    writer.append(fixed: UInt64(3))
    writer.append([1, 2, 3])
    writer.append(try content(file))
    let plain = try restore(file)
    let extended = try restore(sealed(writer.bytes))
    #expect(
      extended.picture(now: Self.now).filter { !$0.contains("sequence") }
        == plain.picture(now: Self.now).filter { !$0.contains("sequence") })
  }

  @Test("without a section, or with one twice, is refused")
  func sections() throws {
    let whole = try content(Self.small())
    for tag in SectionTag.allCases where !tag.isOptional {
      var renamed = whole
      let place = try #require(Self.sections(of: whole)[tag.rawValue])
      renamed.replaceSubrange(place..<(place + 4), with: "zzzz".utf8)
      #expect(error(try sealed(renamed)) == .inconsistent("the section \(tag.rawValue) is missing"))
    }
    #expect(error(try sealed(whole + whole)) == .inconsistent("the section name appears twice"))
  }

  /// Where each section's tag stands.
  private static func sections(of content: [UInt8]) throws -> [String: Int] {
    var places: [String: Int] = [:]
    try content.withUnsafeBytes { bytes in
      var reader = ByteReader(bytes)
      while !reader.isAtEnd {
        let place = content.count - reader.left
        places[String(decoding: try reader.take(4), as: UTF8.self)] = place
        let length: UInt64 = try reader.fixed()
        try reader.skip(Int(length))
      }
    }
    return places
  }

  @Test("never ends the process, whatever its numbers are", arguments: 1...6)
  func wrongNumbers(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let whole = try content(Self.small())
    var accepted = 0
    for _ in 0..<250 {
      var changed = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: changed.indices, using: &generator)
        changed[place] = [0, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &generator)].randomElement(
          using: &generator)!
      }
      do throws(SnapshotError) {
        let restored = try restore(
          SnapshotFile.seal(changed, sequence: 1, moment: Self.now, isRedacted: false))
        accepted += 1
        exercise(restored, using: &generator)
      } catch {
        if case .inconsistent = error { continue }
        Issue.record("seed \(seed): \(error)")
      }
    }
    #expect(accepted > 40, "the numbers themselves were hardly ever reached")
  }

  /// Whatever was restored must go on working.
  private func exercise(_ ledger: LedgerBox, using generator: inout SeededGenerator) {
    var ids = (0..<4).map { ReservationID(slot: $0, serial: 0, secret: 0) }
    for step in 0..<6 {
      let now = Moment.after(.minutes(3) + .minutes(Int64(step * step * 20)))
      _ = ledger.run(Act.random(using: &generator), &ids, now: now)
      _ = ledger.picture(now: now)
    }
    ledger.maintain(now: .after(.days(3)))
    _ = ledger.picture(now: .after(.days(3)))
    _ = try? SnapshotFile.encode(ledger.ledger.capture(now: .after(.days(3))))
  }
}

extension Interval {
  fileprivate static func + (left: Interval, right: Interval) -> Interval {
    Interval(nanoseconds: left.nanoseconds + right.nanoseconds)
  }
}
