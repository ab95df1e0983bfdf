/// Why stored state cannot be what a ledger wrote: a number out of its bounds, a name that is not text.
package struct InconsistentState: Error, Hashable, Sendable {
  /// What is wrong, as the end of a sentence: `the series "…" appears twice`.
  package let what: String

  package init(_ what: String) { self.what = what }
}
