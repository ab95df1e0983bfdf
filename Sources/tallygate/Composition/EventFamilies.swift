import ControlServer
import Exposition

extension EventHub {
  /// What `/metrics` tells of the event stream.
  func families() -> [MetricFamily] {
    let now = statistics
    return [
      .gauge("tallygate_event_subscribers", "Open event streams.", Int64(now.subscribers)),
      .counter("tallygate_events_sent", "Events sent to subscribers, counted for each of them.", now.sent),
      .counter(
        "tallygate_events_missed", "Events that subscribers were told they had missed, because they came too late.",
        now.missed),
      .counter("tallygate_event_subscribers_refused", "Subscribers turned away above the limit.", now.refused),
    ]
  }
}
