/// The parts of a snapshot's content. Four letters each; a reader passes over those that it does not know.
enum SectionTag: String, CaseIterable {
  /// Which labels and scopes the rows below were made with.
  case names = "name"
  case series = "seri"
  case accounts = "acct"
  /// Limits that are not the configured ones. Left out where there are none.
  case limits = "limt"
  /// Who is granted nothing until resumed. Left out where nobody is.
  case subjects = "subj"
  case reservations = "resv"
  case scopes = "scop"
  case duplicates = "dupl"
  case tallies = "tall"
  case counters = "cntr"
  case unpricedModels = "unpr"
  case pools = "pool"
  case estimates = "esti"
  case activities = "acti"
  case costModels = "anom"
  case forecasts = "fore"

  /// Came later than the version of the format: older files do without.
  var isOptional: Bool {
    [.pools, .estimates, .limits, .subjects, .activities, .costModels, .forecasts].contains(self)
  }
}
