import BudgetCore
import JSONText

extension ActivityEvent {
  /// Whom it tells of.
  var subject: Tag {
    switch self {
    case .runaway(let runaway): runaway.subject
    case .anomaly(let anomaly): Tag(key: TagName.agent, value: anomaly.agent)
    }
  }
}

// Runaways and anomalies as the stream shows them.
extension JSONWriter {
  mutating func event(_ event: ActivityEvent) {
    beginObject()
    key("kind")
    string(event.name)
    switch event {
    case .runaway(let runaway): members(of: runaway)
    case .anomaly(let anomaly): members(of: anomaly)
    }
    endObject()
  }

  private mutating func members(of runaway: Runaway) {
    key("subject")
    tags([runaway.subject])
    key("cause")
    string(runaway.cause.name)
    key("count")
    int(runaway.count)
    key("limit")
    int(runaway.limit)
    key("action")
    string(runaway.action.rawValue)
    key("time")
    time(runaway.at)
  }

  private mutating func members(of anomaly: CostAnomaly) {
    key("subject")
    tags([ActivityEvent.anomaly(anomaly).subject])
    scoreMembers(anomaly.score)
    key("time")
    time(anomaly.at)
  }
}
