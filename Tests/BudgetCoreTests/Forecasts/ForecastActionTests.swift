import Testing

@testable import BudgetCore

@Suite("C16: acting on forecasts")
struct ForecastActionTests {
  /// Days of 48,000 tokens under a limit of 30,000, up to ten o'clock of the ninth: it will not last.
  private func course(_ action: Budget.ForecastAction?) -> Course {
    var budget = Budget.test(limit: 30_000, window: .calendar(CalendarRule(period: .day)))
    budget.onForecast = action
    var course = Course(budget)
    course.live(8 * 1440 + 10 * 60, workday)
    course.wait(3)
    return course
  }

  @Test("C16: with throttle callers are slowed down before the limit, by the priority of what they want")
  func throttle() {
    var course = course(.throttle)
    let first = course.ask()
    let critical = course.ask(.critical)
    #expect(first.verdict == .throttle && first.delay > .zero)
    #expect(critical.verdict == .warn && critical.delay == .zero)
  }

  @Test("C16: a grant of q of R left for the time T waits q T / R, half as long when high, twice as long when low")
  func delays() {
    var budget = Budget.test(limit: 3_000_000, window: .calendar(CalendarRule(period: .day)))
    budget.onForecast = .throttle
    var course = Course(budget)
    course.live(8 * 1440 + 10 * 60) { 100 * workday($0) }
    course.wait(3)
    // The first grant takes its time; who comes at once waits it out.
    let grant = SpendRequest(tags: tags(["agent": "a"]), spend: tokens(1000))
    _ = course.ledger.reserve(grant, ttl: nil, secret: 1, now: course.now)
    let left = Double(3_000_000 - (course.status()?.used ?? 0))
    let time = 14.0 * 3600 - 180
    for (priority, factor) in [(Priority.normal, 1.0), (.high, 0.5), (.low, 2)] {
      var request = grant
      request.priority = priority
      let said = course.ledger.check(request, now: course.now).delay.inSeconds
      let due = 1000 * time / left * factor
      #expect(abs(said / due - 1) < 0.02, "\(priority): \(said) for \(due)")
    }
  }

  @Test("C16: with warn they are warned and not slowed down; without either nothing is said")
  func warn() {
    var course = course(.warn)
    let warned = course.ask()
    var silent = self.course(nil)
    let calm = silent.ask()
    #expect(warned.verdict == .warn && warned.delay == .zero)
    #expect(calm.verdict == .allow)
  }

  @Test("C16: it is told once a window, as an event")
  func event() {
    var course = course(.warn)
    let told = course.ledger.takeEvents().compactMap { event -> BudgetEvent? in
      guard case .budget(let event) = event, event.kind == .forecast else { return nil }
      return event
    }
    let perDay = Dictionary(grouping: told) { $0.at.seconds / 86_400 }
    #expect(!told.isEmpty && perDay.values.allSatisfy { $0.count <= 1 })
    course.wait(5)
    let again = course.ledger.takeEvents().count
    #expect(again == 0)
  }

  @Test("C16: at the end of the window it is over")
  func turn() {
    var course = course(.throttle)
    let before = course.ask()
    course.wait(14 * 60 + 1)
    let after = course.ask()
    #expect(before.verdict == .throttle)
    #expect(after.verdict == .allow)
  }

  @Test("C16: with nobody waiting it is over as soon as exhaustion is unlikely")
  func recovery() {
    var course = course(.throttle)
    let before = course.ask()
    _ = course.ledger.override(budget: "b", unit: nil, tags: [], limit: 200_000, until: nil, now: course.now)
    course.wait(5)
    let after = course.ask()
    #expect(before.verdict == .throttle)
    #expect(after.verdict == .allow)
  }
}
