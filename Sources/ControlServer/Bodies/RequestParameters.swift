extension HTTPRequest {
  /// Refuses parameters that mean nothing here: a misspelled one would change the answer without a word.
  func requireParameters(among known: [String]) throws(BadRequest) {
    guard let stranger = query.pairs.first(where: { !known.contains($0.name) })?.name.prefix(64) else { return }
    let list = known.isEmpty ? "None is known." : "Known are \(known.joined(separator: ", "))."
    throw BadRequest("\(stranger) is not a parameter of this request. \(list)", member: String(stranger))
  }
}
