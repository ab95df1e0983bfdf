import Testing

@testable import Backtest

@Suite("The plain seasonal forecast that forecasts are held against")
struct ShapeTimesLevelTests {
  /// Learns whole days, in steps of ten minutes: `use` of each step's number in its day.
  private func learned(days: Int, _ use: (Int) -> Double) -> ShapeTimesLevel {
    var shape = ShapeTimesLevel()
    for step in 1...(144 * days) { shape.learn(use((step - 1) % 144), to: Int64(step) * 600) }
    return shape
  }

  @Test("it says nothing on the first day")
  func firstDay() {
    var shape = ShapeTimesLevel()
    for step in Int64(1)...143 { shape.learn(10, to: step * 600) }
    #expect(shape.rest(from: 143 * 600, to: 86_400) == nil)
    shape.learn(10, to: 86_400)
    #expect(shape.rest(from: 86_400, to: 2 * 86_400) != nil)
  }

  @Test("what repeats each day is expected again")
  func repeating() throws {
    let shape = learned(days: 5) { (54..<102).contains($0) ? 100 : 0 }
    let (midnight, morning) = (Int64(5 * 86_400), Int64(5 * 86_400 + 54 * 600))
    let day = try #require(shape.rest(from: midnight, to: midnight + 86_400))
    let night = try #require(shape.rest(from: midnight, to: morning))
    #expect(abs(day - 4800) < 1 && night < 1e-6)
  }

  @Test("twice the usual use doubles what is near, and hardly what is far")
  func level() throws {
    var shape = learned(days: 4) { _ in 100 }
    for step in Int64(1)...72 { shape.learn(200, to: 4 * 86_400 + step * 600) }
    let noon = Int64(4 * 86_400 + 43_200)
    let near = try #require(shape.rest(from: noon, to: noon + 600))
    let sixDays = try #require(shape.rest(from: noon, to: noon + 6 * 86_400))
    let sevenDays = try #require(shape.rest(from: noon, to: noon + 7 * 86_400))
    let far = sevenDays - sixDays
    // Half of a day's hours were learned anew: 0.35 of the way from 1 to the root of 2.
    let learned = 14_400 * (1 + 1.31) / 2
    #expect((180...200).contains(near) && abs(far / learned - 1) < 0.02, "near \(near), far \(far)")
  }

  @Test("an hour of ten times its usual use counts as one of four times")
  func outlier() throws {
    let usual = learned(days: 4) { _ in 100 }
    var wild = usual
    for step in Int64(1)...144 { wild.learn(step <= 6 ? 1000 : 100, to: 4 * 86_400 + step * 600) }
    let (from, to) = (Int64(5 * 86_400), Int64(5 * 86_400 + 3600))
    let then = try #require(wild.rest(from: from, to: to))
    let before = try #require(usual.rest(from: from, to: to))
    // Its root moved by 0.35 of the way from 1 to 2; by nightfall the level is back within 3 %.
    let ratio = then / before
    #expect(ratio > 1.35 * 1.35 * 0.98 && ratio < 1.35 * 1.35 * 1.05, "\(ratio)")
  }
}
