/// All accounts, found by budget and the text of their tags.
struct AccountTable: ~Copyable {
  private(set) var keys = KeyTable()
  private(set) var accounts: Slab<Account>
  /// One for each of `accounts`.
  private(set) var identities = AccountNames()
  var rings = Slab<Quantity>()
  private var vacantRings: [Int] = []

  static let overflowValue = "__other__"

  init(expecting bound: Int) { accounts = Slab(expecting: bound) }

  var count: Int { keys.count }
  var limit: Int { keys.limit }

  @inline(__always)
  func fetch(_ index: Int) { accounts.fetchFirstLine(index) }

  /// Puts what was used since the last time into the current bucket of a rolling window. Whoever reads buckets, changes
  /// them, or changes totals by anything but use now comes here first.
  mutating func settleBucket(_ index: Int) {
    guard accounts[index].ring >= 0 else { return }
    rings[accounts[index].ring + accounts[index].bucketPlace] += accounts[index].unsettled
    accounts[index].settledTotal = accounts[index].usedTotal
  }

  /// Changes the total by what is in no current bucket.
  mutating func addToTotal(_ amount: Quantity, _ index: Int) {
    settleBucket(index)
    accounts[index].usedTotal += amount
    accounts[index].settledTotal = accounts[index].usedTotal
  }

  subscript(index: Int) -> Account {
    unsafeAddress { UnsafePointer(accounts.address(index)) }
    unsafeMutableAddress { accounts.address(index) }
  }

  func isOccupied(_ index: Int) -> Bool { keys.isOccupied(index) }

  /// The text that `/metrics` shows of an account: `budget="…",unit="…",window="…",agent="…"`.
  func labelText(_ index: Int) -> [UInt8] { Array(keys.key(index)) }

  func find(key: [UInt8], hash: UInt64) -> Int {
    key.withUnsafeBytes { keys.find($0.baseAddress!, count: $0.count, hash: hash) }
  }

  mutating func insert(
    key: [UInt8], hash: UInt64, identity: AccountIdentity, makeAccount: (_ ring: Int) -> Account, hasRing: Bool
  )
    -> Int
  {
    let index = key.withUnsafeBytes { keys.insert($0.baseAddress!, count: $0.count, hash: hash) }
    var ring = -1
    if hasRing {
      if let vacant = vacantRings.popLast() {
        ring = vacant
        for place in 0..<RollingBuckets.count { rings[ring + place] = 0 }
      } else {
        ring = rings.count
        rings.append(repeating: 0, count: RollingBuckets.count)
      }
    }
    let account = makeAccount(ring)
    if index == accounts.count {
      accounts.append(account)
      identities.append(identity)
    } else {
      let serial = accounts[index].serial
      accounts[index] = account
      accounts[index].serial = serial
      identities[index] = identity
    }
    return index
  }

  mutating func remove(_ index: Int) {
    accounts[index].serial &+= 1
    if accounts[index].ring >= 0 { vacantRings.append(accounts[index].ring) }
    keys.remove(index)
  }
}
