import Synchronization

@testable import BudgetCore
@testable import ControlServer

extension LedgerEvent {
  static func test(
    _ kind: BudgetEvent.Kind = .warn, _ budget: String = "daily", unit: BudgetUnit = .tokens, tags: [Tag] = [],
    used: Quantity = 800, limit: Quantity? = 1000
  ) -> LedgerEvent {
    .budget(BudgetEvent(kind: kind, budget: budget, unit: unit, tags: tags, used: used, limit: limit, at: noon))
  }

  static func test(_ kind: SubjectEvent.Kind, subject: Tag, reason: String = "") -> LedgerEvent {
    .subject(SubjectEvent(kind: kind, subject: subject, reason: reason, at: noon))
  }
}

/// A subscriber that takes what it is sent when a test says so.
final class EventReader: Sendable {
  private struct State {
    var text = ""
    var pieces = 0
    var pending: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())
  private let takesAtOnce: Bool

  init(takesAtOnce: Bool = true) { self.takesAtOnce = takesAtOnce }

  @Sendable func send(_ text: [UInt8], taken: @escaping @Sendable () -> Void) {
    state.withLock { state in
      state.text += String(decoding: text, as: UTF8.self)
      state.pieces += 1
      if !takesAtOnce { state.pending.append(taken) }
    }
    if takesAtOnce { taken() }
  }

  /// Takes what is under way; returns how many pieces that were.
  @discardableResult
  func take() -> Int {
    let pending = state.withLock { state in
      defer { state.pending = [] }
      return state.pending
    }
    for taken in pending { taken() }
    return pending.count
  }

  var text: String { state.withLock { $0.text } }
  var pieces: Int { state.withLock { $0.pieces } }
  var blocks: [EventBlock] { EventBlock.blocks(in: text) }
  var events: [EventBlock] { blocks.filter { $0.event != nil } }
}

/// One block of an event stream, read as the HTML standard says.
struct EventBlock: Hashable {
  var id: UInt64?
  var event: String?
  var data = ""
  var comments = 0

  static func blocks(in text: String) -> [EventBlock] {
    var blocks: [EventBlock] = []
    var block = EventBlock()
    for line in text.split(separator: "\n" as Character, omittingEmptySubsequences: false).dropLast() {
      if line.isEmpty {
        blocks.append(block)
        block = EventBlock()
      } else if line.hasPrefix(":") {
        block.comments += 1
      } else if line.hasPrefix("id: ") {
        block.id = UInt64(line.dropFirst(4))
      } else if line.hasPrefix("event: ") {
        block.event = String(line.dropFirst(7))
      } else if line.hasPrefix("data: ") {
        block.data += line.dropFirst(6)
      }
    }
    return blocks
  }
}
