import Testing

@testable import BudgetCore

/// How an account lies in memory is what a use of it costs when other programs have taken the caches.
@Suite("Layout of accounts")
struct AccountLayoutTests {
  @Test("an account is four cache lines, and what every use touches is in the first")
  func firstLine() throws {
    #expect(MemoryLayout<Account>.stride == 256)
    for offset in [
      MemoryLayout<Account>.offset(of: \.used), MemoryLayout<Account>.offset(of: \.usedTotal),
      MemoryLayout<Account>.offset(of: \.lastUse), MemoryLayout<Account>.offset(of: \.axis),
      MemoryLayout<Account>.offset(of: \.level),
    ] {
      #expect(try #require(offset) < 64)
    }
    // What decides whether a use needs a look ends where the axis begins.
    #expect(try #require(MemoryLayout<Account>.offset(of: \.axis)) == 56)
  }

  @Test("a route is one cache line")
  func route() { #expect(MemoryLayout<Route>.stride <= 64) }
}
