/// A copy of the learned distributions; their names are read outside the lock.
struct EstimateCapture: @unchecked Sendable {
  private let distributions: [OutputDistribution]
  /// Nanoseconds on the steady clock.
  private let lastUse: [Int64]
  /// One for each of `distributions`; empty where nothing is.
  private let keys: [UnsafeRawBufferPointer]
  /// Hold the bytes of `keys`.
  private let pages: [BytePage]
  let count: Int

  init(_ table: borrowing EstimateTable, into room: inout [OutputDistribution]) {
    table.distributions.copy(into: &room)
    distributions = room
    lastUse = table.lastUse.copy()
    var keys: [UnsafeRawBufferPointer] = []
    keys.reserveCapacity(table.keys.limit)
    for index in 0..<table.keys.limit { keys.append(table.keys.key(index)) }
    self.keys = keys
    pages = table.keys.pages
    count = table.count
  }

  /// Every distribution as it is stored.
  var saved: [SavedEstimate] {
    withExtendedLifetime(pages) {
      keys.indices.compactMap { index in
        guard !keys[index].isEmpty else { return nil }
        let (model, agent) = EstimateTable.names(inKey: keys[index])
        return SavedEstimate(
          model: model, agent: agent, distribution: distributions[index], lastUse: Instant(nanoseconds: lastUse[index]))
      }
    }
  }
}
