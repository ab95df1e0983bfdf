import BudgetCore
import Compression
import Exposition

/// A page of `/metrics` of 10,000 series with its accounts and scopes: written, copied once, compressed.
struct PageBench {
  let workload: Workload

  private static let series = 10_000

  /// In milliseconds a page.
  func costs(rounds: Int) -> [Figure] {
    var ledger = Ledger(settings: Workload.settings, seed: Workload.seed)
    let now = Moment(Workload.start)
    for tags in workload.tags.prefix(Self.series / 2) {
      let tokens = [TokenAmount(kind: .input, count: 100), TokenAmount(kind: .output, count: 50)]
      _ = ledger.record(Spend(tokens: tokens), tags: TagSet(tags), now: now)
    }
    var views: [Double] = []
    var pages: [Double] = []
    var copies: [Double] = []
    var compressions: [Double] = []
    var page: [UInt8] = []
    var size = 0
    for _ in 0..<rounds {
      var start = Clock.thread.nanoseconds
      let view = ledger.view(now: now)
      views.append(Self.milliseconds(since: start))

      start = Clock.thread.nanoseconds
      var written = 0
      MetricsPage(view: view, settings: view.settings, now: now.wall, others: []).write(.text) { written += $0.count }
      pages.append(Self.milliseconds(since: start))

      page = MetricsPage(view: view, settings: view.settings, now: now.wall, others: []).bytes(.text)
      precondition(page.count == written, "two pages of one view differ")
      copies.append(Self.copy(page))

      start = Clock.thread.nanoseconds
      var stream = GzipStream(level: 1)
      stream.append(page)
      size = stream.finish().count
      compressions.append(Self.milliseconds(since: start))
    }
    return [
      Figure("view_ms", views.median), Figure("write_ms", pages.median), Figure("bytes", Double(page.count)),
      Figure("copy_ms", copies.median), Figure("compress_ms", compressions.median),
      Figure("compressed_bytes", Double(size)),
    ]
  }

  private static func copy(_ page: [UInt8]) -> Double {
    let target = UnsafeMutableRawPointer.allocate(byteCount: page.count, alignment: 64)
    defer { target.deallocate() }
    target.initializeMemory(as: UInt8.self, repeating: 0, count: page.count)
    let start = Clock.thread.nanoseconds
    page.withUnsafeBytes { target.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    return milliseconds(since: start)
  }

  private static func milliseconds(since start: Int64) -> Double {
    Double(Clock.thread.nanoseconds - start) / 1e6
  }
}
