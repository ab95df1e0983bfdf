import BudgetCore

/// What calls cost, for each agent.
enum CostModelSection {
  static func write(_ capture: ActivityCapture, to writer: inout ByteWriter) {
    writer.append(signed: capture.otherAnomalies)
    writer.append(count: capture.costModels.count)
    for row in capture.costModels {
      writer.append(row.agent)
      writer.append(signed: row.model.count)
      writer.append(row.model.mean)
      writer.append(row.model.variance)
      writer.append(signed: row.anomalies)
      writer.append(signed: row.lastUse.nanoseconds)
    }
  }

  static func readRow(_ reader: inout ByteReader) throws(SnapshotError) -> SavedCostModel {
    let agent = try reader.text()
    let (count, mean, variance) = (try reader.signed(), try reader.double(), try reader.double())
    guard let model = CostModel(count: count, mean: mean, variance: variance) else {
      throw .inconsistent("the costs of agent \(agent) are none")
    }
    return SavedCostModel(
      agent: agent, model: model, anomalies: try reader.signed(), lastUse: Instant(nanoseconds: try reader.signed()))
  }
}
