import BudgetCore

/// What a gateway asks: the tags of the call it holds back, and how much the call will take if it knows that.
struct AuthorizeRequest {
  private static let prefix = "x-tallygate-"
  private static let amounts = ["tokens", "output-tokens"]

  var tags: [Tag] = []
  private(set) var rules: AuthorizeRules
  private var input: Int64?
  private var output: Int64?

  /// - Parameter ownQuery: whether the query is the gateway's own. Behind a gateway that passes the client's target on,
  ///   it is the client's, and says nothing.
  init(_ request: HTTPRequest, rules: AuthorizeRules, ownQuery: Bool) throws(BadRequest) {
    self.rules = rules
    for (name, value) in request.headers.fields {
      try readHeader(name.lowercased(), value)
    }
    if ownQuery { try readQuery(request.query) }
  }

  private mutating func readHeader(_ name: String, _ value: String) throws(BadRequest) {
    if let named = rules.headers.first(where: { $0.header == name }) {
      try addOnce(named.tag, value, from: name)
    } else if name.hasPrefix(Self.prefix) {
      let rest = String(name.dropFirst(Self.prefix.count))
      if Self.amounts.contains(rest) {
        try readAmount(rest, value)
      } else {
        let key = String(rest.map { $0 == "-" ? "_" : $0 })
        // A tag that has a field of its own is not taken from another one, which the client may have sent.
        guard !rules.headers.contains(where: { $0.tag == key }) else { return }
        try addOnce(key, value, from: name)
      }
    }
  }

  /// What stands in the query goes before a header: a gateway's own configuration wrote it.
  private mutating func readQuery(_ query: QueryParameters) throws(BadRequest) {
    for pair in query.pairs {
      switch pair.name {
      case "status":
        guard let code = UInt16(pair.value), code == 403 || code == 429 else {
          throw BadRequest("status must be 403 or 429, got \(pair.value.prefix(16)).", member: "status")
        }
        rules.deniedStatus = HTTPStatus(code)
      case "require": rules.required += pair.value.split(separator: ",").map(String.init)
      case "tokens", "output-tokens": try readAmount(pair.name, pair.value)
      default:
        tags.removeAll { $0.key == pair.name }
        try add(pair.name, pair.value, from: pair.name)
      }
    }
  }

  private mutating func readAmount(_ name: String, _ value: String) throws(BadRequest) {
    guard let count = Int64(value), (0...1_000_000_000_000_000).contains(count) else {
      throw BadRequest("\(name) must be a whole number >= 0.", member: name)
    }
    if name == "tokens" { input = count } else { output = count }
  }

  /// The client's field beside the gateway's: nobody can say which one counts.
  private mutating func addOnce(_ key: String, _ value: String, from name: String) throws(BadRequest) {
    guard !tags.contains(where: { $0.key == key }) else {
      throw BadRequest("The tag \(key.prefix(64)) is given by two fields.", member: String(name.prefix(64)))
    }
    try add(key, value, from: name)
  }

  private mutating func add(_ key: String, _ value: String, from name: String) throws(BadRequest) {
    do {
      try TagScanner.check(key: key, value: value)
    } catch {
      throw BadRequest(
        "A tag's name has at most \(TagScanner.maximumKeyLength) bytes, its value at most "
          + "\(TagScanner.maximumValueLength).", member: String(name.prefix(64)))
    }
    guard tags.count < TagScanner.maximumTags else {
      throw BadRequest("A call has at most \(TagScanner.maximumTags) tags.")
    }
    tags.append(Tag(key: key, value: value))
  }

  /// Without any amount: whether anything at all may be spent.
  var spend: SpendRequest {
    var spend = Spend(tokens: [TokenAmount(kind: .input, count: input ?? 1)], cost: 0, requests: 1)
    if let output { spend.tokens.append(TokenAmount(kind: .output, count: output)) }
    var request = SpendRequest(tags: TagSet(tags), spend: spend)
    request.estimatesOutput = input != nil && output == nil
    return request
  }

  /// The first required tag that is not there.
  var missing: String? {
    rules.required.first { key in !tags.contains { $0.key == key && !$0.value.isEmpty } }
  }
}
