import Glibc

/// Where an account's use will be when its window ends. Amounts are in the budget's smallest unit.
///
/// Of a rolling window, where it will be highest while the next length of the window passes.
package struct BudgetForecast: Hashable, Sendable {
  /// What was used, and what is expected to be used in the rest of the window.
  package var expected: Double
  /// The bounds within which the end will be with a probability of 80 and of 95 %.
  package var lower80: Double
  package var upper80: Double
  package var lower95: Double
  package var upper95: Double
  /// The chance that use reaches the limit before the window ends: 0 to 1. `nil` without a limit.
  package var exhaustionProbability: Double?
  /// When the limit is expected to be reached, on the wall clock; `nil` when not in this window, or already.
  package var exhaustedAt: Instant?
  /// The weighted mean of |log(real rest / forecast rest)| that forecasts of this account had, made at this time of the
  /// window: 0.1 is about 10 % off. `nil` as long as none was held against what came.
  package var error: Double?
}

extension AccountForecast {
  /// - Parameters:
  ///   - leaving: of a rolling window, what of today's use has left it at each eighth of its length from now.
  /// - Returns: `nil` where nothing honest can be said: less history than a window, or use in less than a tenth of the
  ///   past week's bins of ten minutes.
  func forecast(
    _ span: ForecastSpan, used: Quantity, limit: Quantity?, leaving: Points, pool: borrowing IntervalPool
  ) -> BudgetForecast? {
    let scale = ForecastScale(length: span.length)
    guard isForecastable(span, scale: scale) else { return nil }
    let eighths = span.isRolling ? 0 : span.elapsed * 8
    let checkpoint = min(7, max(1, Int(eighths))) - 1
    let next = min(6, checkpoint + 1)
    let share = min(1, max(0, eighths - Float(checkpoint + 1)))
    let (used, limit) = (used.approximation, limit?.approximation)
    let course = course(span, scale: scale, used: Float(used))
    let weights =
      (1 - share) * record.weights(at: checkpoint, priors: scale.priors)
      + share * record.weights(at: next, priors: scale.priors)
    let reach = reach(span)
    // Of a rolling window the highest while its next length passes counts. Of others it is the end: what is reckoned for
    // that point alone is above the nothing of the points before.
    let arrivals = Self.arrivals(course, weights, reach: reach, toEndAlone: !span.isRolling)

    // What is left of e shrinks with what is left of the window.
    let floor = self.floor(span, scale: scale, day: course.day) * min(1, 8 - eighths)
    let own: Double? =
      record.isScored(at: checkpoint) && record.isScored(at: next)
      ? Double((1 - share) * record.errors[checkpoint].value + share * record.errors[next].value) : nil
    let spread =
      (1 - share) * pool.scale(ownError: record.errors[checkpoint].value, at: checkpoint)
      + share * pool.scale(ownError: record.errors[next].value, at: next)
    let quantiles = pool.quantiles(checkpoint, next, share)

    /// The highest use to come, that of now included, when arrivals are as far off as this many units of the account's
    /// own error.
    func highest(_ z: Float) -> Double {
      let factor = expf(min(30, max(-30, z * spread)))
      return used + Double(max(0, ((arrivals + floor) * factor - floor - leaving).max()))
    }

    var forecast = BudgetForecast(
      expected: highest(0), lower80: highest(quantiles[1]), upper80: highest(quantiles[3]),
      lower95: highest(quantiles[0]), upper95: highest(quantiles[4]), error: own)
    guard let limit else { return forecast }
    guard used < limit else {
      forecast.exhaustionProbability = 1
      return forecast
    }
    let room = Float(limit - used)
    let nearest = ((leaving + (room + floor)) / (arrivals + floor)).min()
    forecast.exhaustionProbability = Double(IntervalPool.chance(above: logf(nearest) / spread, quantiles))
    if (arrivals - leaving).max() >= room {
      let arrivals = span.isRolling ? arrivals : Self.arrivals(course, weights, reach: reach)
      forecast.exhaustedAt = crossing(arrivals, leaving: leaving, room: room, span).map {
        Instant(nanoseconds: span.wall) + $0
      }
    }
    return forecast
  }

  /// What is expected up to each eighth of what lies ahead; `toEndAlone` up to the last of them only.
  private static func arrivals(
    _ course: borrowing ExpertCourse, _ weights: Experts, reach: Float, toEndAlone: Bool = false
  ) -> Points {
    let atEnd = ExpertRecord.blend(course.rest(in: reach), weights)
    var arrivals = InlineArray<8, Float>(repeating: 0)
    arrivals[points - 1] = atEnd
    if !toEndAlone {
      for point in 0..<(points - 1) {
        arrivals[point] = ExpertRecord.blend(course.rest(in: reach * Float(point + 1) / Float(points)), weights)
      }
    }
    return Points(arrivals)
  }

  /// When what arrives, less what leaves, fills the room.
  private func crossing(_ arrivals: Points, leaving: Points, room: Float, _ span: ForecastSpan) -> Interval? {
    var before: Float = 0
    for point in 0..<Self.points {
      let gain = arrivals[point] - leaving[point]
      if gain >= room {
        let share = gain > before ? max(0, (room - before) / (gain - before)) : 1
        let left = Double(span.isRolling ? span.length : max(0, span.end.saturatingSubtract(span.now)))
        let time = left / 8 * (Double(point) + Double(min(1, share)))
        return Interval(nanoseconds: Int64(exactly: time.rounded()) ?? .max)
      }
      before = gain
    }
    return nil
  }
}

extension AccountForecast.Points {
  /// Lanes that are set one by one would wait for each other in memory.
  init(_ values: InlineArray<8, Float>) {
    self.init(values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7])
  }
}
