/// A page of bytes that are written once and never changed, so that a reader may hold on to it while
/// its writer goes on behind the last byte the reader knows of.
package final class BytePage: @unchecked Sendable {
  package static let size = 64 * 1024

  fileprivate let base: UnsafeMutableRawPointer

  fileprivate init(capacity: Int) {
    base = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { base.deallocate() }
}

/// Append-only storage for keys and label text. What is appended keeps its address as long as the
/// storage or a copy of `pages` lives.
package struct BytePages: ~Copyable {
  /// Holding these keeps every address alive.
  package private(set) var pages: [BytePage] = []
  private var next: UnsafeMutableRawPointer?
  private var left = 0
  /// Bytes appended so far.
  package private(set) var byteCount = 0

  package init() {}

  /// Copies the bytes into the storage and returns where they are; O(count).
  package mutating func append(_ start: UnsafeRawPointer, count: Int) -> UnsafeRawPointer {
    guard count > 0 else { return ByteHash.emptyByte }
    if count > left {
      let capacity = max(BytePage.size, count)
      let page = BytePage(capacity: capacity)
      pages.append(page)
      next = page.base
      left = capacity
    }
    let place = next!
    place.copyMemory(from: start, byteCount: count)
    next = place + count
    left -= count
    byteCount += count
    return UnsafeRawPointer(place)
  }
}
