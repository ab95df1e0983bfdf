import BudgetCore
import Testing

@testable import ControlServer

@Suite("Event hub")
struct EventHubTests {
  private let hub = EventHub(start: noon)
  private let first = UInt64(noon.nanoseconds / 1_000)

  private func publish(_ count: Int, _ event: LedgerEvent = .test()) {
    for _ in 0..<count { hub.publish([event]) }
  }

  @Test("A4: who subscribes hears what happens from then on, under ids that grow by one")
  func fromNowOn() {
    publish(3)
    let reader = EventReader()
    _ = hub.subscribe(EventFilter(), after: nil, send: reader.send)
    hub.publish([.test(.warn), .test(.exhausted)])
    hub.publish([.test(.exceeded)])
    #expect(reader.text.hasPrefix("retry: 2000\nid: \(first + 2)\n\n"))
    #expect(reader.events.map(\.event) == ["warn", "exhausted", "exceeded"])
    #expect(reader.events.map(\.id) == [first + 3, first + 4, first + 5])
  }

  @Test("ids begin at the microseconds of the start, so that a later run's are larger")
  func ids() {
    let reader = EventReader()
    _ = hub.subscribe(EventFilter(), after: nil, send: reader.send)
    #expect(reader.blocks.map(\.id) == [first - 1])
    #expect(first == 1_750_075_200_000_000)
  }

  @Test("who comes back goes on after the last event it saw", arguments: [0, 1, 5, 9, 10])
  func resume(seen: Int) {
    publish(10)
    let reader = EventReader()
    _ = hub.subscribe(EventFilter(), after: first - 1 + UInt64(seen), send: reader.send)
    #expect(reader.events.map(\.id) == (seen..<10).map { first + UInt64($0) })
    #expect(reader.events.allSatisfy { $0.event == "warn" })
    #expect(hub.statistics.missed == 0)
  }

  @Test("what is no longer kept is told first, with its number")
  func gap() {
    publish(EventRing.capacity + 10)
    let reader = EventReader()
    _ = hub.subscribe(EventFilter(), after: first + 2, send: reader.send)
    #expect(reader.events.first == EventBlock(id: first + 9, event: "lost", data: #"{"kind":"lost","count":7}"#))
    #expect(reader.events.dropFirst().map(\.id) == (10..<UInt64(EventRing.capacity + 10)).map { first + $0 })
    #expect(hub.statistics.missed == 7)
    #expect(hub.statistics.sent == Int64(EventRing.capacity))
  }

  @Test(
    "an id of another run is told as lost without a number, and everything that is kept follows",
    arguments: [0, 5, 1_750_075_199_999_998, 1_750_075_200_000_002, .max])
  func foreign(seen: UInt64) {
    publish(2)
    let reader = EventReader()
    _ = hub.subscribe(EventFilter(), after: seen, send: reader.send)
    #expect(reader.events.map(\.event) == ["lost", "warn", "warn"])
    #expect(reader.events.first?.data == #"{"kind":"lost","count":null}"#)
    #expect(reader.events.map(\.id) == [first - 1, first, first + 1])
  }

  @Test("a slow reader is sent one piece at a time, holds up nobody, and is told what it missed")
  func slowReader() {
    let slow = EventReader(takesAtOnce: false)
    let quick = EventReader()
    _ = hub.subscribe(EventFilter(), after: nil, send: slow.send)
    _ = hub.subscribe(EventFilter(), after: nil, send: quick.send)
    slow.take()
    publish(EventRing.capacity + 500)
    #expect(slow.pieces == 2, "the greeting and the first event")
    #expect(quick.events.count == EventRing.capacity + 500)
    while slow.take() > 0 {}
    #expect(slow.events.map(\.event).prefix(3) == ["warn", "lost", "warn"])
    #expect(slow.events[1].data == #"{"kind":"lost","count":499}"#)
    #expect(slow.events.last?.id == first + UInt64(EventRing.capacity) + 499)
    #expect(slow.events.count == 1 + 1 + EventRing.capacity)
    let bytes = slow.text.utf8.count
    #expect(slow.pieces >= bytes / (17 << 10), "\(slow.pieces) pieces of \(bytes) bytes")
  }

  @Test("a filter leaves out what was not asked for, and comes back without a gap")
  func filter() {
    let reader = EventReader()
    _ = hub.subscribe(EventFilter(budgets: ["a"], kinds: ["warn", "resume"]), after: nil, send: reader.send)
    hub.publish([.test(.warn, "a"), .test(.warn, "b"), .test(.exceeded, "a"), .test(.resume, "a")])
    #expect(reader.events.map(\.event) == ["warn", "resume"])
    #expect(reader.events.map(\.id) == [first, first + 3])
    publish(EventRing.capacity + 5, .test(.warn, "b"))
    hub.publish([.test(.warn, "a")])
    #expect(reader.events.map(\.event) == ["warn", "resume", "warn"])
    #expect(hub.statistics.missed == 0)
  }

  @Test("subjects that are stopped and resumed are told to those who did not ask for single budgets")
  func subjects() {
    let (all, stops, daily) = (EventReader(), EventReader(), EventReader())
    _ = hub.subscribe(EventFilter(), after: nil, send: all.send)
    _ = hub.subscribe(EventFilter(kinds: ["stop"]), after: nil, send: stops.send)
    _ = hub.subscribe(EventFilter(budgets: ["daily"]), after: nil, send: daily.send)
    let subject = Tag(key: "agent", value: "a")
    hub.publish([.test(.stop, subject: subject), .test(.stop), .test(.resume, subject: subject)])
    #expect(all.events.map(\.event) == ["stop", "stop", "resume"])
    #expect(stops.events.map(\.event) == ["stop", "stop"])
    #expect(daily.events.map(\.id) == [first + 1])
  }

  @Test("a quiet stream says that it lives, and how far it is; a busy one need not")
  func keepAlive() throws {
    let reader = EventReader(takesAtOnce: false)
    let number = try #require(hub.subscribe(EventFilter(kinds: ["resume"]), after: nil, send: reader.send))
    hub.keepAlive(number)
    #expect(reader.pieces == 1)
    reader.take()
    publish(4)
    hub.keepAlive(number)
    hub.keepAlive(number)
    #expect(reader.text.hasSuffix("\n\n: keep-alive\nid: \(first + 3)\n\n"))
    #expect(reader.pieces == 2)
    reader.take()
    hub.publish([.test(.resume)])
    #expect(reader.events.map(\.event) == ["resume"])
  }

  @Test("there are at most 64 subscribers; who goes makes room")
  func bound() throws {
    let reader = EventReader()
    let numbers = (0..<EventHub.mostSubscribers).map { _ in
      hub.subscribe(EventFilter(), after: nil, send: reader.send)
    }
    #expect(!numbers.contains(nil))
    #expect(!hub.admits())
    #expect(hub.subscribe(EventFilter(), after: nil, send: reader.send) == nil)
    #expect(hub.statistics.subscribers == 64)
    #expect(hub.statistics.refused == 2)
    hub.unsubscribe(try #require(numbers[7]))
    #expect(hub.admits())
    publish(1)
    #expect(reader.events.count == 63)
  }

  @Test("who is gone is sent nothing more, even when it takes what was under way")
  func gone() throws {
    let reader = EventReader(takesAtOnce: false)
    let number = try #require(hub.subscribe(EventFilter(), after: nil, send: reader.send))
    publish(3)
    hub.unsubscribe(number)
    reader.take()
    hub.keepAlive(number)
    publish(3)
    #expect(reader.pieces == 1)
  }

  @Test("every subscriber hears everything once and in order, however many publish and subscribe at once")
  func concurrent() async {
    let hub = hub
    let readers = (0..<8).map { _ in EventReader() }
    await withTaskGroup(of: Void.self) { group in
      for reader in readers {
        group.addTask { for _ in 0..<100 { hub.publish([.test(), .test(.exceeded)]) } }
        group.addTask { _ = hub.subscribe(EventFilter(), after: nil, send: reader.send) }
      }
    }
    for reader in readers {
      let ids = reader.events.compactMap(\.id)
      let start = reader.blocks.first?.id ?? 0
      #expect(ids == (start..<first + 1599).map { $0 + 1 })
    }
  }
}
