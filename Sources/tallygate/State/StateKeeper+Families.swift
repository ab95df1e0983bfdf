import BudgetCore
import Exposition
import NIOConcurrencyHelpers
import Snapshots

extension StateKeeper {
  func families() -> [MetricFamily] {
    let now = status.withLockedValue { $0 }
    let journal = journalStatus
    var families: [MetricFamily] = [
      .gauge(
        "tallygate_state_durable", "1 when a crash would lose nothing that was acknowledged.",
        isDurable ? 1 : 0),
      .gauge(
        "tallygate_previous_shutdown_unclean", "1 when the process before this one crashed or was killed.",
        store?.wasLeftUnclean == true ? 1 : 0),
      .gauge(
        "tallygate_journal_recovered_records", "Acts that were done again at the start.",
        Int64(clamping: now.replay.records)),
      .counter(
        "tallygate_journal_torn_tails", "Journals that were cut off, or damaged, when they were read.",
        Int64(now.replay.tornTails)),
      .counter("tallygate_snapshots", "Snapshots written.", now.successes),
      .counter("tallygate_snapshot_failures", "Snapshots that could not be written.", now.failures),
      .counter(
        "tallygate_snapshots_set_aside", "Snapshots that could not be used and were set aside.", now.setAside),
    ]
    if let journal {
      families += [
        .gauge("tallygate_journal_size_bytes", "Size of the journal that is written to.", journal.fileBytes),
        .counter("tallygate_journal_written_bytes", "Bytes written to journals.", journal.writtenBytes),
        .counter("tallygate_journal_failures", "Times that the disk refused or did not keep up.", journal.failures),
        .counter("tallygate_journal_syncs", "Times that the journal was forced to the disk.", journal.syncs),
        .gauge(
          "tallygate_journal_sync_duration_seconds", "How long the last of these took.",
          [MetricFamily.Sample(.double(journal.lastSync.inSeconds))]),
      ]
    }
    if let last = now.lastSuccess {
      families += [
        .gauge(
          "tallygate_snapshot_last_success_timestamp_seconds", "When the newest snapshot was taken.",
          [MetricFamily.Sample(.instant(last))]),
        .gauge(
          "tallygate_snapshot_duration_seconds", "How long the newest snapshot took to take and write.",
          [MetricFamily.Sample(.double(now.lastDuration.inSeconds))]),
        .gauge(
          "tallygate_snapshot_pause_seconds", "How long the newest snapshot kept everything else from counting.",
          [MetricFamily.Sample(.double(now.lastPause.inSeconds))]),
        .gauge("tallygate_snapshot_size_bytes", "Size of the newest snapshot.", Int64(now.lastSize)),
      ]
    }
    return families
  }
}
