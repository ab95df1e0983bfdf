import BudgetCore

/// The course of one account as a picture: use, limit, forecast with its 80 % band, and when alerts fired.
package enum BacktestChart {
  private static let (width, height, margin) = (1200.0, 400.0, 50.0)

  /// An SVG document; `nil` without samples. O(samples).
  package static func svg(_ samples: [Backtest.Sample], title: String) -> String? {
    guard let first = samples.first, let last = samples.last, last.time > first.time else { return nil }
    let most = samples.reduce(1.0) { most, sample in
      max(most, sample.used, sample.limit.isFinite ? sample.limit : 0)
    }
    let top = 1.6 * most
    func x(_ time: Int64) -> Double {
      margin + (width - 2 * margin) * Double(time - first.time) / Double(last.time - first.time)
    }
    func y(_ value: Double) -> Double { height - margin - (height - 2 * margin) * min(value, top) / top }
    func line(_ points: [(Int64, Double)], _ style: String) -> String {
      let path = points.map { "\(number(x($0.0))),\(number(y($0.1)))" }.joined(separator: " ")
      return "<polyline \(style) fill=\"none\" points=\"\(path)\"/>\n"
    }
    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(width)) \(Int(height))" font-family="sans-serif">
      <title>\(escaped(title))</title>
      <rect width="100%" height="100%" fill="white"/>
      <text x="\(number(margin))" y="30" font-size="16">\(escaped(title))</text>\n
      """
    for band in bands(samples) {
      let upper = band.map { "\(number(x($0.time))),\(number(y($0.forecast?.upper80 ?? 0)))" }
      let lower = band.reversed().map { "\(number(x($0.time))),\(number(y($0.forecast?.lower80 ?? 0)))" }
      let corners = (upper + lower).joined(separator: " ")
      svg += "<polygon class=\"band\" fill=\"#9ecae1\" opacity=\"0.6\" points=\"\(corners)\"/>\n"
      svg += line(
        band.map { ($0.time, $0.forecast?.expected ?? 0) },
        "class=\"forecast\" stroke=\"#3182bd\" stroke-dasharray=\"4 3\"")
    }
    svg += line(samples.map { ($0.time, $0.used) }, "class=\"used\" stroke=\"#252525\" stroke-width=\"1.5\"")
    svg += line(samples.filter { $0.limit.isFinite }.map { ($0.time, $0.limit) }, "class=\"limit\" stroke=\"#de2d26\"")
    for sample in samples where (sample.forecast?.exhaustionProbability ?? 0) > Backtest.likelyChance {
      let place = "x=\"\(number(x(sample.time)))\" y=\"\(number(height - margin + 4))\""
      svg += "<rect class=\"alert\" \(place) width=\"1.5\" height=\"8\" fill=\"#de2d26\"/>\n"
    }
    let legend = "black: used; blue: forecast with its 80 % band; red: limit; marks below: chance of exhaustion > 0.7"
    svg += "<text x=\"\(number(margin))\" y=\"\(number(height - 12))\" font-size=\"12\">\(escaped(legend))</text>\n"
    return svg + "</svg>\n"
  }

  /// Runs of samples with a forecast, each within one window.
  private static func bands(_ samples: [Backtest.Sample]) -> [[Backtest.Sample]] {
    var bands: [[Backtest.Sample]] = []
    var band: [Backtest.Sample] = []
    for sample in samples {
      let turns = band.last.map { sample.windowStart != $0.windowStart } ?? false
      if sample.forecast == nil || turns, !band.isEmpty {
        bands.append(band)
        band = []
      }
      if sample.forecast != nil { band.append(sample) }
    }
    return band.isEmpty ? bands : bands + [band]
  }

  private static func number(_ value: Double) -> String { BacktestTable.number((value * 10).rounded() / 10) }

  /// What XML has no way to write, control characters above all, is replaced.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "\t", "\n", "\r": escaped += " "
      case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
