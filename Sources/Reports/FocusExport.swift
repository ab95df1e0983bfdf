package import BudgetCore
import JSONText

/// Usage as charges in the columns of FOCUS 1.2, the FinOps Open Cost and Usage Specification.
///
/// All columns that the specification calls mandatory are there, those of quantities and tags, and `x_` columns of our
/// own. Prices are list prices: no discount is known here, so all four costs are the same.
package struct FocusExport: Sendable {
  package static let columns = [
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd",
    "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd",
    "ChargePeriodStart", "ConsumedQuantity", "ConsumedUnit", "ContractedCost", "EffectiveCost", "InvoiceIssuerName",
    "ListCost", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName",
    "SkuId", "Tags", "x_TokenType",
  ]

  let report: UsageReport
  let start: Instant
  let end: Instant
  let billingAccount: String

  /// - Parameters:
  ///   - start: when the charges begin, inclusive; `end`: exclusive.
  ///   - billingAccount: who is billed, in the reader's words.
  package init(_ report: UsageReport, from start: Instant, to end: Instant, billingAccount: String) {
    self.report = report
    self.start = start
    self.end = end
    self.billingAccount = billingAccount
  }

  package var csv: String {
    CSVText.line(Self.columns) + charges.map { CSVText.line($0) }.joined()
  }

  /// What cost nothing and took no tokens is no charge.
  private var charges: [[String]] {
    let billing = CivilMonth(of: start, through: end)
    return report.rows.filter { $0.tokens != 0 || $0.cost != 0 }.map { row in
      let cost = Money(picodollars: row.cost).decimalString
      let (quantity, unit) = row.tokens > 0 ? ("\(row.tokens)", "Tokens") : ("1", "Charges")
      let kind = row.tokenType.isEmpty ? "usage" : "\(row.tokenType) tokens"
      let service = row.model.isEmpty ? "Language model" : row.model
      let provider = Self.provider(of: row.model)
      return [
        cost, billingAccount, billingAccount, "USD", billing.end.rfc3339, billing.start.rfc3339, "Usage", "",
        "\(kind) of \(service)", end.rfc3339, start.rfc3339, quantity, unit, cost, cost, provider, cost, quantity,
        unit, provider, provider, "AI and Machine Learning", service,
        row.tokenType.isEmpty ? service : "\(service)/\(row.tokenType)", Self.tags(report.tag, row.name),
        row.tokenType,
      ]
    }
  }

  /// `openai/gpt-4o` names its provider; else nobody knows.
  private static func provider(of model: String) -> String {
    model.split(separator: "/", maxSplits: 1).first.flatMap { model.contains("/") ? String($0) : nil } ?? "Unknown"
  }

  /// A JSON object, as the specification's key-value format wants it.
  private static func tags(_ key: String, _ value: String) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.key(named: key)
    json.string(value)
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

/// The months in UTC that a period lies in: what is usually billed together.
struct CivilMonth {
  let start: Instant
  let end: Instant

  init(of first: Instant, through last: Instant) {
    start = Self.monthStart(first, offset: 0)
    // A period that ends with a month ends in it.
    end = Self.monthStart(last - .seconds(1), offset: 1)
  }

  private static func monthStart(_ instant: Instant, offset: Int64) -> Instant {
    let days = instant.seconds >= 0 ? instant.seconds / 86_400 : (instant.seconds - 86_399) / 86_400
    var date = CivilDate(daysSinceEpoch: days)
    date.day = 1
    date.month += offset
    if date.month > 12 {
      date.month -= 12
      date.year += 1
    }
    return Instant(seconds: date.daysSinceEpoch.saturatingMultiply(86_400))
  }
}
