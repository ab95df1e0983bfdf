package import BudgetCore
import NIOConcurrencyHelpers

/// Tells subscribers what the ledger tells: each at its own pace, none holding up another or the one who publishes.
///
/// The newest events stand in one ring. A subscriber has a place in it and at most one piece of text under way; the
/// next piece is cut when its reader has taken the one before. A reader that falls behind the ring is told how many
/// events it missed. So nothing is queued for anybody, and memory is bounded by the ring.
package final class EventHub: Sendable {
  /// Sends text and calls `taken` once the reader's side has it; never, when the reader is gone. Must not block.
  package typealias Sender = @Sendable (_ text: [UInt8], _ taken: @escaping @Sendable () -> Void) -> Void

  package struct Statistics: Hashable, Sendable {
    package var subscribers = 0
    /// Events that were written to subscribers, counted for each of them.
    package var sent: Int64 = 0
    /// Events that subscribers were told they had missed. What a restart lost is not known.
    package var missed: Int64 = 0
    /// Subscribers that were turned away because there were too many.
    package var refused: Int64 = 0
  }

  package static let mostSubscribers = 64
  /// Bytes of one piece of text, and one event more.
  private static let pieceBytes = 16 << 10

  private struct Subscriber {
    let filter: EventFilter
    /// The last event that it was told of, or that its filter left out.
    var cursor: UInt64
    var isSending: Bool
    let send: Sender
  }

  private struct State {
    var ring: EventRing
    var subscribers: [Int: Subscriber] = [:]
    var nextNumber = 0
    var statistics = Statistics()
  }

  private struct Delivery {
    let subscriber: Int
    let send: Sender
    let text: [UInt8]
  }

  private let state: NIOLockedValueBox<State>

  /// - Parameter start: when this run began; ids go on from there.
  package init(start: Instant) {
    state = NIOLockedValueBox(State(ring: EventRing(start: start.nanoseconds / 1_000)))
  }

  package var statistics: Statistics {
    state.withLockedValue { state in
      var statistics = state.statistics
      statistics.subscribers = state.subscribers.count
      return statistics
    }
  }

  /// Takes events in and hands them to whoever waits for some. O(events x subscribers), without blocking.
  package func publish(_ events: [LedgerEvent]) {
    let entries = events.map { EventBody.entry(of: $0) }
    let deliveries = state.withLockedValue { state in
      for entry in entries { state.ring.append(entry) }
      return state.subscribers.keys.compactMap { Self.next(for: $0, &state) }
    }
    for delivery in deliveries { deliver(delivery) }
  }

  /// The newest events as JSON objects, newest first. O(count).
  func latest(_ count: Int) -> [ArraySlice<UInt8>] { state.withLockedValue { $0.ring.latest(count) }.map(\.json) }

  // MARK: Subscribers

  /// Whether one more may subscribe. When not, that counts as refused.
  func admits() -> Bool {
    state.withLockedValue { state in
      if state.subscribers.count < Self.mostSubscribers { return true }
      state.statistics.refused &+= 1
      return false
    }
  }

  /// Begins to tell a subscriber what happens, from the event after `seen` on if that is given.
  /// - Returns: its number; `nil` when there are too many.
  func subscribe(_ filter: EventFilter, after seen: UInt64?, send: @escaping Sender) -> Int? {
    let (number, text): (Int?, [UInt8]) = state.withLockedValue { state in
      guard state.subscribers.count < Self.mostSubscribers else {
        state.statistics.refused &+= 1
        return (nil, [])
      }
      let number = state.nextNumber
      state.nextNumber &+= 1
      let isForeign = seen.map { !state.ring.knows($0) } ?? false
      let cursor = isForeign ? state.ring.oldest - 1 : seen ?? state.ring.newest
      var text = EventBody.greeting(id: cursor)
      if isForeign { EventBody.appendLost(nil, id: cursor, to: &text) }
      state.subscribers[number] = Subscriber(filter: filter, cursor: cursor, isSending: true, send: send)
      return (number, text)
    }
    if let number { deliver(Delivery(subscriber: number, send: send, text: text)) }
    return number
  }

  func unsubscribe(_ number: Int) { state.withLockedValue { $0.subscribers[number] = nil } }

  /// Says that the stream lives, unless something is under way.
  func keepAlive(_ number: Int) {
    let delivery: Delivery? = state.withLockedValue { state in
      guard let subscriber = state.subscribers[number], !subscriber.isSending else { return nil }
      state.subscribers[number]?.isSending = true
      return Delivery(
        subscriber: number, send: subscriber.send, text: EventBody.keepAlive(id: subscriber.cursor))
    }
    if let delivery { deliver(delivery) }
  }

  private func deliver(_ delivery: Delivery) {
    delivery.send(delivery.text) { [weak self] in self?.taken(delivery.subscriber) }
  }

  private func taken(_ number: Int) {
    let delivery: Delivery? = state.withLockedValue { state in
      state.subscribers[number]?.isSending = false
      return Self.next(for: number, &state)
    }
    if let delivery { deliver(delivery) }
  }

  /// The next piece for a subscriber that waits for one; `nil` when it does not, or there is none.
  private static func next(for number: Int, _ state: inout State) -> Delivery? {
    guard var subscriber = state.subscribers[number], !subscriber.isSending else { return nil }
    var text: [UInt8] = []
    let (sent, missed) = state.ring.read(
      after: &subscriber.cursor, matching: subscriber.filter, atMost: pieceBytes, into: &text)
    state.statistics.sent &+= Int64(sent)
    state.statistics.missed &+= Int64(clamping: missed)
    subscriber.isSending = !text.isEmpty
    state.subscribers[number] = subscriber
    return text.isEmpty ? nil : Delivery(subscriber: number, send: subscriber.send, text: text)
  }
}
