import BudgetCore

// What each account may spend, has spent and holds. Amounts are in the account's unit: tokens, requests or USD.
extension PageWriter {
  mutating func writeAccounts(_ view: LedgerView, settings: LedgerSettings, now: Instant, format: ExpositionFormat) {
    guard !view.accounts.isEmpty else { return }
    let rows = view.accounts
    writeHeader("tallygate_budget_limit", .gauge, "What the account may use in a window.", format: format)
    for row in rows {
      guard let limit = row.account.limit else { continue }
      writeAmount("tallygate_budget_limit", row, limit, settings)
    }
    writeHeader("tallygate_budget_used", .gauge, "Used in the current window, past the limit too.", format: format)
    for row in rows { writeAmount("tallygate_budget_used", row, row.account.used, settings) }
    writeUsedTotalHeader(format: format)
    for row in rows { writeAmount("tallygate_budget_used_total", row, row.account.usedTotal, settings) }
    writeHeader("tallygate_budget_reserved", .gauge, "Held by open reservations.", format: format)
    for row in rows { writeAmount("tallygate_budget_reserved", row, row.account.reserved, settings) }
    writeHeader("tallygate_budget_remaining", .gauge, "What may still be granted, never below 0.", format: format)
    for row in rows {
      guard let limit = row.account.limit else { continue }
      writeAmount(
        "tallygate_budget_remaining", row, max(0, limit - row.account.used - row.account.reserved), settings)
    }
    writeStates(rows, settings: settings, format: format)
    writeStops(rows, settings: settings, format: format)
    writeWindows(rows, settings: settings, now: now, format: format)
    writeBurnRates(rows, format: format)
    writeForecasts(rows, settings: settings, format: format)
  }

  /// In OpenMetrics a counter family `tallygate_budget_used` would clash with the gauge of that name, so there
  /// the counter goes without a type.
  private mutating func writeUsedTotalHeader(format: ExpositionFormat) {
    write("# HELP tallygate_budget_used_total Used since the account was born: does not reset with the window.\n")
    write("# TYPE tallygate_budget_used_total ")
    write(format == .text ? "counter\n" : "unknown\n")
  }

  private mutating func writeAmount(
    _ name: StaticString, _ row: LedgerView.AccountRow, _ amount: Quantity, _ settings: LedgerSettings
  ) {
    startSample(name, row.labels)
    if settings.budgets[row.account.budget].unit == .cost { write(usd: amount) } else { write(amount) }
    write(UInt8(ascii: "\n"))
  }

  private mutating func writeStates(
    _ rows: [LedgerView.AccountRow], settings: LedgerSettings, format: ExpositionFormat
  ) {
    writeHeader(
      "tallygate_budget_state", .gauge, "1 for the state that the account is in, 0 for the others.", format: format)
    for row in rows {
      let current = row.account.state(under: settings.budgets[row.account.budget])
      for state in AccountStatus.State.allCases {
        write("tallygate_budget_state{")
        write(row.labels)
        write(",state=\"")
        write(state.rawValue)
        write(state == current ? "\"} 1\n" : "\"} 0\n")
      }
    }
  }

  /// Only of accounts that can be stopped.
  private mutating func writeStops(_ rows: [LedgerView.AccountRow], settings: LedgerSettings, format: ExpositionFormat)
  {
    guard settings.budgets.contains(where: { $0.stopGrace != nil }) else { return }
    writeHeader(
      "tallygate_budget_stopped", .gauge, "1 when the limit and its grace are used up and nothing is granted any more.",
      format: format)
    for row in rows where settings.budgets[row.account.budget].stopGrace != nil {
      startSample("tallygate_budget_stopped", row.labels)
      write(row.account.isStopped ? "1\n" : "0\n")
    }
  }

  private mutating func writeWindows(
    _ rows: [LedgerView.AccountRow], settings: LedgerSettings, now: Instant, format: ExpositionFormat
  ) {
    writeHeader("tallygate_budget_window_seconds", .gauge, "Length of the current window.", format: format)
    for row in rows {
      guard let (start, end) = row.account.window(under: settings.budgets[row.account.budget], now: now), let end else {
        continue
      }
      startSample("tallygate_budget_window_seconds", row.labels)
      write((end - start).inSeconds)
      write(UInt8(ascii: "\n"))
    }
    writeHeader(
      "tallygate_budget_window_start_timestamp_seconds", .gauge, "When the current window started.", format: format)
    for row in rows {
      guard let (start, _) = row.account.window(under: settings.budgets[row.account.budget], now: now) else { continue }
      startSample("tallygate_budget_window_start_timestamp_seconds", row.labels)
      write(start)
      write(UInt8(ascii: "\n"))
    }
    writeHeader(
      "tallygate_budget_resets_timestamp_seconds", .gauge, "When the current window ends and use starts anew.",
      format: format)
    for row in rows where row.account.windowEnd != .distantFuture {
      startSample("tallygate_budget_resets_timestamp_seconds", row.labels)
      write(row.account.windowEnd)
      write(UInt8(ascii: "\n"))
    }
  }
}

extension Account {
  fileprivate func state(under budget: Budget) -> AccountStatus.State {
    AccountStatus.State(used: used, reserved: reserved, limit: limit, warnAt: budget.warnAt)
  }

  /// The window that use counts in: a rolling one ends now, a lifetime has no end.
  fileprivate func window(under budget: Budget, now: Instant) -> (start: Instant, end: Instant?)? {
    switch budget.window {
    case .rolling(let length): (now - length, now)
    case .fixed, .calendar: (windowStart, windowEnd)
    case .lifetime: (windowStart, nil)
    }
  }
}
