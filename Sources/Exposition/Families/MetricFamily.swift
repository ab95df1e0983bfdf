package import BudgetCore

/// A metric with few samples: its name, its meaning and what it shows.
package struct MetricFamily: Sendable {
  package enum Kind: String, Sendable { case counter, gauge, histogram, info }

  package enum Value: Sendable {
    case integer(Int64)
    case quantity(Quantity)
    /// Picodollars, shown in USD.
    case usd(Quantity)
    case double(Double)
    case instant(Instant)
  }

  package struct Sample: Sendable {
    package var labels: [(name: String, value: String)]
    package var value: Value

    package init(_ value: Value, labels: [(name: String, value: String)] = []) {
      self.labels = labels
      self.value = value
    }
  }

  /// Without `_total` for a counter.
  package var name: String
  package var help: String
  package var kind: Kind
  package var samples: [Sample]

  package init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
    self.name = name
    self.kind = kind
    self.help = help
    self.samples = samples
  }

  package static func counter(_ name: String, _ help: String, _ samples: [Sample]) -> MetricFamily {
    MetricFamily(name, .counter, help, samples)
  }

  package static func gauge(_ name: String, _ help: String, _ samples: [Sample]) -> MetricFamily {
    MetricFamily(name, .gauge, help, samples)
  }

  package static func counter(_ name: String, _ help: String, _ value: Int64) -> MetricFamily {
    MetricFamily(name, .counter, help, [Sample(.integer(value))])
  }

  package static func gauge(_ name: String, _ help: String, _ value: Int64) -> MetricFamily {
    MetricFamily(name, .gauge, help, [Sample(.integer(value))])
  }
}

extension PageWriter {
  /// The lines before a family's samples. A counter's samples are named with `_total`; OpenMetrics names the
  /// family without it, the text format with it.
  mutating func writeHeader(_ name: String, _ kind: MetricFamily.Kind, _ help: String, format: ExpositionFormat) {
    var shown = name
    var type = kind.rawValue
    if format == .text {
      if kind == .counter { shown += "_total" }
      if kind == .info {
        shown += "_info"
        type = "gauge"
      }
    }
    write("# HELP ")
    write(shown)
    write(UInt8(ascii: " "))
    write(help)
    write("\n# TYPE ")
    write(shown)
    write(UInt8(ascii: " "))
    write(type)
    write(UInt8(ascii: "\n"))
  }

  mutating func write(_ family: MetricFamily, format: ExpositionFormat) {
    guard !family.samples.isEmpty else { return }
    writeHeader(family.name, family.kind, family.help, format: format)
    for sample in family.samples {
      write(family.name)
      if family.kind == .counter { write("_total") }
      if family.kind == .info { write("_info") }
      if !sample.labels.isEmpty {
        var text: [UInt8] = [UInt8(ascii: "{")]
        for label in sample.labels { LabelText.append(name: label.name, value: label.value, to: &text) }
        text.append(UInt8(ascii: "}"))
        write(text)
      }
      write(UInt8(ascii: " "))
      write(sample.value)
      write(UInt8(ascii: "\n"))
    }
  }

  mutating func write(_ value: MetricFamily.Value) {
    switch value {
    case .integer(let number): write(number)
    case .quantity(let number): write(number)
    case .usd(let picodollars): write(usd: picodollars)
    case .double(let number): write(number)
    case .instant(let instant): write(instant)
    }
  }
}
