internal import CHints

/// A growable block of memory for values that the hot path changes in place.
///
/// An array would check exclusivity and uniqueness at every access through a stored property; a slab
/// checks the bounds and nothing else. Elements never move while a caller holds no reference, so there
/// is none to give out: access is by index. Append is amortised O(1), access O(1).
package struct Slab<Element>: ~Copyable {
  private var base: UnsafeMutablePointer<Element>
  private var capacity: Int
  package private(set) var count = 0

  package init(minimumCapacity: Int = 16) {
    capacity = max(1, minimumCapacity)
    base = Self.allocate(capacity)
  }

  /// Takes address space for all that is expected: memory that was never touched is none, and growing would copy, with
  /// the old and the new block in memory at once.
  package init(expecting bound: Int) {
    self.init(minimumCapacity: min(bound, (32 << 20) / max(1, MemoryLayout<Element>.stride)))
  }

  deinit {
    base.deinitialize(count: count)
    UnsafeMutableRawPointer(base).deallocate()
  }

  package subscript(index: Int) -> Element {
    unsafeAddress { UnsafePointer(address(index)) }
    unsafeMutableAddress { address(index) }
  }

  /// Where an element stands, until the slab grows: for the subscripts of tables that are made of slabs. Handing the
  /// address on costs nothing, where yielding the element keeps its user from being inlined.
  @inline(__always)
  func address(_ index: Int) -> UnsafeMutablePointer<Element> {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "slab index out of bounds")
    return base + index
  }

  /// Where an element stands, until the slab grows. Not checked.
  @inline(__always)
  func pointer(_ index: Int) -> UnsafePointer<Element> { UnsafePointer(base + index) }

  /// Asks the memory for the first two cache lines of an element. Any index will do.
  @inline(__always)
  func fetch(_ index: Int) {
    let place = UnsafeRawPointer(base) + index &* MemoryLayout<Element>.stride
    chints_fetch(place)
    if MemoryLayout<Element>.size > 64 { chints_fetch(place + 64) }
  }

  /// Asks the memory for the first cache line of an element. Any index will do.
  @inline(__always)
  func fetchFirstLine(_ index: Int) {
    chints_fetch(UnsafeRawPointer(base) + index &* MemoryLayout<Element>.stride)
  }

  /// Asks the memory for all of an element. Any index will do.
  @inline(__always)
  func fetchWhole(_ index: Int) {
    let place = UnsafeRawPointer(base) + index &* MemoryLayout<Element>.stride
    for offset in stride(from: 0, to: MemoryLayout<Element>.size, by: 64) { chints_fetch(place + offset) }
  }

  /// Appends and returns the index of the new element.
  @discardableResult
  package mutating func append(_ element: Element) -> Int {
    if count == capacity { grow(to: capacity * 2) }
    (base + count).initialize(to: element)
    count += 1
    return count - 1
  }

  package mutating func append(repeating element: Element, count extra: Int) {
    if count + extra > capacity { grow(to: max(capacity * 2, count + extra)) }
    (base + count).initialize(repeating: element, count: extra)
    count += extra
  }

  package mutating func removeLast(_ extra: Int = 1) {
    precondition(extra >= 0 && extra <= count, "removing more elements than there are")
    count -= extra
    (base + count).deinitialize(count: extra)
  }

  package mutating func removeAll() {
    base.deinitialize(count: count)
    count = 0
  }

  /// A copy of the elements, O(count).
  package func copy() -> [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Appends them to an array that has room for them, O(count).
  package func copy(into room: inout [Element]) {
    room.append(contentsOf: UnsafeBufferPointer(start: base, count: count))
  }

  /// At the edge of a cache line, so that elements of its size have one each.
  private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Element> {
    let bytes = capacity * MemoryLayout<Element>.stride
    let alignment = max(64, MemoryLayout<Element>.alignment)
    return UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: alignment)
      .bindMemory(to: Element.self, capacity: capacity)
  }

  private mutating func grow(to newCapacity: Int) {
    let grown = Self.allocate(newCapacity)
    grown.moveInitialize(from: base, count: count)
    UnsafeMutableRawPointer(base).deallocate()
    base = grown
    capacity = newCapacity
  }
}
