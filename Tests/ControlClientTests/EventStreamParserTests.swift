import ControlClient
import Testing

@Suite("Reading events")
struct EventStreamParserTests {
  @Test("events are read whatever their line ends and in whatever pieces", arguments: ["\n", "\r\n", "\r"])
  func lineEnds(end: String) {
    let text = [
      "retry: 2000", "id: 7", "", ": note", "event: warn", "data: {\"a\":", "data: 1}", "id: 8", "", "data:x", "", "",
    ]
    .joined(separator: end)
    var parser = EventStreamParser()
    var events: [EventStreamParser.Event] = []
    for byte in text.utf8 { events += parser.receive([byte]) }
    #expect(
      events == [
        EventStreamParser.Event(kind: "warn", data: "{\"a\":\n1}", id: "8"),
        EventStreamParser.Event(kind: "message", data: "x", id: "8"),
      ])
    #expect(parser.retryMilliseconds == 2000)
    var whole = EventStreamParser()
    #expect(whole.receive(text.utf8) == events)
  }

  @Test("an id without an event is remembered too")
  func quietID() {
    var parser = EventStreamParser(lastID: "3")
    #expect(parser.lastID == "3")
    #expect(parser.receive(": keep-alive\nid: 9\n\n".utf8).isEmpty)
    #expect(parser.lastID == "9")
  }

  @Test("an event without end takes no memory, and the next one is read")
  func bound() {
    var parser = EventStreamParser()
    let block = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
    #expect(parser.receive(Array("data: ".utf8) + block + block).isEmpty)
    #expect(parser.receive("\n\ndata: y\n\n".utf8).map(\.data) == ["y"])
  }
}
