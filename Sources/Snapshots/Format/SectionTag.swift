/// The parts of a snapshot's content. Four letters each; a reader passes over those that it does not know.
enum SectionTag: String, CaseIterable {
  /// Which labels and scopes the rows below were made with.
  case names = "name"
  case series = "seri"
  case accounts = "acct"
  case reservations = "resv"
  case scopes = "scop"
  case duplicates = "dupl"
  case tallies = "tall"
  case counters = "cntr"
  case unpricedModels = "unpr"
  /// May be missing: older files have none.
  case estimates = "esti"
}
