import JSONText

/// One measured number.
struct Figure {
  let name: String
  let value: Double

  init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }

  /// Whole but for small numbers.
  var rounded: Double {
    value < 10 ? (value * 1000).rounded() / 1000 : value < 100 ? (value * 10).rounded() / 10 : value.rounded()
  }
}

/// The figures, printed as they come or as one JSON object at the end.
struct Report {
  private let format: CoreBench.Output
  private var json = JSONWriter(pretty: true)

  init(format: CoreBench.Output) {
    self.format = format
    json.beginObject()
  }

  mutating func add(_ name: String, _ figures: [Figure]) {
    if format == .text {
      print(name + ": " + figures.map { "\($0.name) \(Self.text($0.rounded))" }.joined(separator: ", "))
    }
    json.key(named: name)
    json.beginObject()
    for figure in figures {
      json.key(named: figure.name)
      json.double(figure.rounded)
    }
    json.endObject()
  }

  mutating func finish() {
    json.endObject()
    if format == .json { print(String(decoding: json.bytes, as: UTF8.self)) }
  }

  private static func text(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
