// Alerts on the sidecar itself: what it lost, what it cannot keep, and whether it is there.
extension RuleSettings {
  func sidecarAlerts() -> RuleGroup {
    RuleGroup(
      name: "tallygate-sidecar", rules: whatIsLost() + whatIsFolded() + whatIsKept() + whetherItIsThere())
  }

  private func whatIsLost() -> [Rule] {
    [
      .alert(
        Alert(
          name: "TallygateUsageLost", severity: .critical,
          summary: "Usage was lost before it could be counted, so budgets count too little.",
          description: """
            {{ $labels.instance }} lost {{ $value | humanize }} datagrams in the last 5 minutes: the kernel dropped \
            them, or they were cut off because they are too long.
            """),
        when: """
          increase(tallygate_datagrams_dropped_total[5m]) > 0
          or increase(tallygate_datagrams_truncated_total[5m]) > 0
          """),
      .alert(
        Alert(
          name: "TallygateLinesRejected", severity: .warning,
          summary: "Usage lines are refused, so budgets count too little.",
          description: """
            {{ $labels.instance }} refused {{ $value | humanize }} lines in the last 5 minutes: {{ $labels.reason }}.
            """),
        when: "increase(tallygate_lines_rejected_total[5m]) > 0"),
    ]
  }

  private func whatIsFolded() -> [Rule] {
    [
      .alert(
        Alert(
          name: "TallygateSeriesOverflow", severity: .warning,
          summary: "There are more series than the limit, and new ones are folded into one.",
          description: "{{ $labels.instance }} charges new series to __other__; budgets still count them."),
        when: "increase(tallygate_series_overflow_total[15m]) > 0"),
      .alert(
        Alert(
          name: "TallygateAccountsOverflow", severity: .critical,
          summary: "There are more accounts than the limit, and new ones share one budget.",
          description: "{{ $labels.instance }} charges new accounts to __other__, which share one limit."),
        when: "increase(tallygate_accounts_overflow_total[15m]) > 0"),
    ]
  }

  private func whatIsKept() -> [Rule] {
    [
      .alert(
        Alert(
          name: "TallygateStateNotDurable", severity: .critical, lasting: "5m",
          summary: "A crash would lose what was counted.",
          description: "{{ $labels.instance }} cannot write its state and counts on in memory."),
        when: "tallygate_state_durable == 0"),
      .alert(
        Alert(
          name: "TallygateSnapshotFailing", severity: .warning,
          summary: "Snapshots of the state cannot be written.",
          description: "{{ $value | humanize }} snapshots of {{ $labels.instance }} failed in the last 15 minutes."),
        when: "increase(tallygate_snapshot_failures_total[15m]) > 0"),
      .alert(
        Alert(
          name: "TallygateJournalFailing", severity: .warning,
          summary: "The disk refuses the journal or does not keep up with it.",
          description: """
            The disk refused or held up the journal of {{ $labels.instance }} {{ $value | humanize }} times in the \
            last 15 minutes.
            """),
        when: "increase(tallygate_journal_failures_total[15m]) > 0"),
      .alert(
        Alert(
          name: "TallygateReloadFailed", severity: .warning,
          summary: "The newest configuration has mistakes, and the one before is in use.",
          description: "{{ $labels.instance }} keeps the configuration that it read before."),
        when: "tallygate_config_last_reload_successful == 0"),
    ]
  }

  private func whetherItIsThere() -> [Rule] {
    [
      .alert(
        Alert(
          name: "TallygateDown", severity: .critical, lasting: "2m",
          summary: "A sidecar cannot be scraped.",
          description: "{{ $labels.instance }} of job {{ $labels.job }} does not answer, and did within the last hour."),
        when: "up == 0\nand on (job, instance) last_over_time(tallygate_build_info[1h])"),
      .alert(
        Alert(
          name: "TallygateAbsent", severity: .critical, lasting: "10m",
          summary: "No sidecar is scraped at all.",
          description: "Prometheus has no sample of any sidecar: nothing counts, or nothing is scraped."),
        when: "absent(tallygate_build_info)"),
      .alert(
        Alert(
          name: "TallygateUncleanShutdown", severity: .info,
          summary: "A sidecar crashed or was killed, and started again.",
          description: "The process before the one of {{ $labels.instance }} did not end by itself."),
        when: "tallygate_previous_shutdown_unclean == 1\nand time() - process_start_time_seconds < 900"),
    ]
  }
}
