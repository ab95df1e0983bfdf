import BudgetCore

// Traffic: what each exported series counted. The only families with a line for every series, so their label
// text is copied, never made.
extension PageWriter {
  mutating func writeSeries(_ view: LedgerView, format: ExpositionFormat) {
    writeHeader(
      "tallygate_tokens", .counter, "Tokens used, by kind; input means uncached input.", format: format)
    for row in view.series where row.seen.contains(.tokens) {
      startSample("tallygate_tokens_total", row.labelText)
      write(row.tokens)
      write(UInt8(ascii: "\n"))
    }
    writeHeader(
      "tallygate_cost_usd", .counter, "US dollars spent: tokens at their price, and cost lines.", format: format)
    for row in view.series where row.seen.contains(.cost) {
      startSample("tallygate_cost_usd_total", row.labelText)
      write(usd: row.cost)
      write(UInt8(ascii: "\n"))
    }
    writeHeader("tallygate_requests", .counter, "Model calls.", format: format)
    for row in view.series where row.seen.contains(.requests) {
      startSample("tallygate_requests_total", row.labelText)
      write(row.requests)
      write(UInt8(ascii: "\n"))
    }
    writeHeader("tallygate_items", .counter, "Units of jobs done.", format: format)
    for row in view.series where row.seen.contains(.items) {
      startSample("tallygate_items_total", row.labelText)
      write(row.items)
      write(UInt8(ascii: "\n"))
    }
    writeDurations(view, format: format)
  }

  /// `name{labels} `
  @inline(__always)
  mutating func startSample(_ name: StaticString, _ labels: UnsafeRawBufferPointer) {
    write(name)
    if labels.isEmpty {
      write(UInt8(ascii: " "))
      return
    }
    write(UInt8(ascii: "{"))
    write(labels)
    write("} ")
  }

  private mutating func writeDurations(_ view: LedgerView, format: ExpositionFormat) {
    writeDurations("tallygate_call_duration_seconds", "How long model calls took.", view, format: format) {
      Array($0.labelText)
    }
  }

  /// - Parameter labels: a series' labels under this name.
  mutating func writeDurations(
    _ name: String, _ help: String, _ view: LedgerView, format: ExpositionFormat,
    labels: (SeriesRow) -> [UInt8]
  ) {
    guard view.series.contains(where: { $0.histogram >= 0 }) else { return }
    writeHeader(name, .histogram, help, format: format)
    for row in view.series where row.histogram >= 0 {
      let histogram = view.histograms[Int(row.histogram)]
      let text = labels(row)
      var cumulative = 0.0
      for index in histogram.counts.indices {
        cumulative += histogram.counts[index]
        write(name)
        write("_bucket{")
        write(text)
        if !text.isEmpty { write(UInt8(ascii: ",")) }
        write("le=\"")
        if index < DurationHistogram.bounds.count {
          write(DurationHistogram.bounds[index].description)
        } else {
          write("+Inf")
        }
        write("\"} ")
        write(cumulative)
        write(UInt8(ascii: "\n"))
      }
      for (suffix, value) in [("_sum", histogram.sum), ("_count", cumulative)] as [(StaticString, Double)] {
        write(name)
        text.withUnsafeBytes { startSample(suffix, $0) }
        write(value)
        write(UInt8(ascii: "\n"))
      }
    }
  }
}
