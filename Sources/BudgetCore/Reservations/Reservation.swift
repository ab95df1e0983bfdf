/// Names a reservation: where it stands, how often that place was used before, and a secret.
///
/// Written as 32 hexadecimal digits. Who does not know the secret cannot settle or release it.
package struct ReservationID: Hashable, Sendable {
  package var slot: UInt32
  package var serial: UInt32
  package var secret: UInt64

  /// 32 hexadecimal digits.
  package var text: String {
    var rest = UInt128(slot) << 96 | UInt128(serial) << 64 | UInt128(secret)
    return String(unsafeUninitializedCapacity: 32) { text in
      for place in (0..<32).reversed() {
        let digit = UInt8(truncatingIfNeeded: rest & 15)
        text.initializeElement(at: place, to: digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        rest >>= 4
      }
      return 32
    }
  }

  package init(slot: UInt32, serial: UInt32, secret: UInt64) {
    self.slot = slot
    self.serial = serial
    self.secret = secret
  }

  /// `nil` for anything but 32 hexadecimal digits.
  package init?(text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 32 else { return nil }
    var value: UInt128 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt128(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt128(digit - UInt8(ascii: "a") + 10)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt128(digit - UInt8(ascii: "A") + 10)
      default: return nil
      }
    }
    slot = UInt32(truncatingIfNeeded: value >> 96)
    serial = UInt32(truncatingIfNeeded: value >> 64)
    secret = UInt64(truncatingIfNeeded: value)
  }
}

/// A hold on every matching account, made before a call.
struct Reservation: Sendable {
  enum State: UInt8, Sendable { case held, settled, released, expired }

  struct Hold: Sendable {
    var amount: Quantity
    /// Where the expiry charged it, if it did.
    var charged: WindowMark?
    var account: Int32
    /// `Account` places are used again: a hold of an older account must not touch the new one.
    var accountSerial: UInt32

    init(account: Int, accountSerial: UInt32, amount: Quantity, charged: WindowMark? = nil) {
      self.account = Int32(account)
      self.accountSerial = accountSerial
      self.amount = amount
      self.charged = charged
    }

    /// Fills a place where no hold is.
    static let none = Hold(account: -1, accountSerial: 0, amount: 0)
  }

  /// What it was made for.
  struct Call {
    let tags: TagSet
    let spend: Spend
  }

  var id: ReservationID
  var state: State
  /// Whose call it is for; nothing once it was settled.
  var tags: TagSet {
    get { heldTags ?? .empty }
    set { heldTags = newValue }
  }
  private var heldTags: TagSet?
  /// What was granted; nothing once it was settled.
  var spend: Spend
  var holds = HoldList()
  var deadline: Instant
  /// Where the output in `spend` comes from.
  var outputSource = OutputSource.given
  /// Where the call goes: it is settled as it was reserved.
  var route = CallRoutePlace()

  init(
    id: ReservationID, state: State, tags: TagSet, spend: Spend, holds: HoldList = HoldList(), deadline: Instant
  ) {
    self.id = id
    self.state = state
    heldTags = tags
    self.spend = spend
    self.holds = holds
    self.deadline = deadline
  }

  /// Makes another reservation of it, in the memory of this one.
  mutating func reopen(tags: consuming TagSet, spend: consuming Spend, deadline: Instant, secret: UInt64) {
    id.serial &+= 1
    id.secret = secret
    state = .held
    heldTags = tags
    self.spend = spend
    holds.removeAll()
    self.deadline = deadline
    outputSource = .given
    route = CallRoutePlace()
  }

  /// Hands over what only a settle needs: nothing of it is kept.
  mutating func takeCall() -> Call {
    Call(tags: heldTags.take() ?? .empty, spend: exchange(&spend, with: Spend()))
  }

  /// What it holds on one account.
  func amount(on account: Int) -> Quantity { holds.first { Int($0.account) == account }?.amount ?? 0 }
}
