import JSONText

/// The schemas of bodies and of parameters, as JSON Schema (2020-12).
///
/// Answers name what is always there and leave the rest open; requests are closed, as the verbs are, which tell a
/// member that they do not know.
enum OpenAPISchemas {
  /// One parameter of a path or query, by its name.
  static func parameter(_ name: String) -> JSONValue { parse(parameters[name] ?? #"{"type": "string"}"#) }

  static let components: [(name: String, json: String)] = [
    ("Problem", problem), ("Object", #"{"type": "object"}"#),
    ("Objects", #"{"type": "array", "items": {"type": "object"}}"#),
    ("Empty", #"{"type": "object", "additionalProperties": false}"#),
    ("Amount", #"{"type": ["integer", "string", "null"]}"#), ("Account", account),
    ("Accounts", ##"{"type": "array", "items": {"$ref": "#/components/schemas/Account"}}"##),
    ("Budgets", budgets), ("Tags", tags), ("Tokens", tokens), ("Cost", cost), ("Count", count),
    ("SpendRequest", request(spend)), ("Reservation", request(spend)), ("Settle", settle),
    ("EstimateRequest", request(estimate)), ("Usage", request(usage)), ("CompressRequest", compress),
    ("AllocationRequest", allocation), ("AllocationUsage", allocationUsage), ("PoolTopUp", poolTopUp),
    (
      "JobItems",
      #"{"type": "object", "required": ["items"], "properties": {"items": {"type": "integer", "minimum": 1}}}"#
    ),
    ("LimitTarget", target()), ("LimitOverride", target(limit, required: "limit")),
    ("TopUp", target(amount, required: "amount")),
    (
      "Stop",
      #"{"type": "object", "properties": {"reason": {"type": ["string", "null"]}}, "additionalProperties": false}"#
    ),
    ("Decision", answer("decision", "granted", "accounts", "advice")),
    ("Held", answer("id", "decision", "granted", "accounts", "advice", "expires_at")),
    ("Settled", answer("id", "already_settled", "accounts")), ("Released", answer("id", "accounts")),
    ("Estimate", answer("tokens", "output_source", "cost_usd", "price")),
    (
      "Recorded",
      #"{"type": "object", "anyOf": [{"required": ["counted", "duplicates", "accounts"]}, {"required": ["lines", "rejected", "ignored"]}]}"#
    ),
    ("Compressed", answer("messages", "tokens_before", "tokens_after", "fits", "steps")),
    ("Allocation", answer("allocation", "pool", "agent", "granted", "used", "remaining")),
    ("Pool", answer("pool", "tokens", "available", "allocations")), ("Pools", answer("pools")),
    ("Status", answer("time", "accounts", "unpriced_models")), ("Changed", answer("accounts")),
  ]

  static func parse(_ text: String) -> JSONValue {
    guard let value = try? JSONValue.parse(Array(text.utf8)) else { preconditionFailure("BUG: not JSON: \(text)") }
    return value
  }

  // MARK: Requests

  private static let tags = """
    {"type": ["object", "null"], "maxProperties": 64,
     "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}
    """
  private static let tokens = """
    {"anyOf": [{"$ref": "#/components/schemas/Count"}, {"type": "null"},
      {"type": "object", "maxProperties": 16, "additionalProperties": {"$ref": "#/components/schemas/Count"}}]}
    """
  private static let count = #"{"type": "integer", "minimum": 0, "maximum": 1000000000000000}"#
  private static let cost =
    #"{"type": ["string", "number", "null"], "description": "US dollars, for example \"0.0125\"."}"#
  private static let word = #"{"type": ["string", "null"]}"#
  private static let names = ["agent", "user", "model", "provider", "session", "task"]
    .map { "\"\($0)\": \(word)" }.joined(separator: ", ")
  private static let amounts = """
    "tags": {"$ref": "#/components/schemas/Tags"}, "tokens": {"$ref": "#/components/schemas/Tokens"},
    "cost_usd": {"$ref": "#/components/schemas/Cost"},
    "requests": {"anyOf": [{"$ref": "#/components/schemas/Count"}, {"type": "null"}]}, \(names)
    """
  private static let spend = amounts + #", "difficulty": {"type": ["string", "null"]}"# + ", " + hold
  private static let hold =
    #""ttl": {"type": ["string", "null"], "examples": ["10m"]}, "partial": {"type": ["boolean", "null"]}"#
  private static let usage =
    amounts + """
      , "items": {"anyOf": [{"$ref": "#/components/schemas/Count"}, {"type": "null"}]}, "id": \(word),
      "reservation": \(word), "duration_ms": {"type": ["number", "null"], "minimum": 0}
      """
  private static let estimate =
    amounts + """
      , "characters": {"$ref": "#/components/schemas/Count"}, "bytes": {"$ref": "#/components/schemas/Count"},
      "text": {"type": "string"}, "output": {"$ref": "#/components/schemas/Count"}
      """
  private static let settle = """
    {"type": "object", "additionalProperties": false, "properties": {
      "tokens": {"$ref": "#/components/schemas/Tokens"}, "cost_usd": {"$ref": "#/components/schemas/Cost"},
      "requests": {"$ref": "#/components/schemas/Count"}, "items": {"$ref": "#/components/schemas/Count"}}}
    """
  private static let compress = """
    {"type": "object", "required": ["messages"], "properties": {
      "messages": {"type": "array", "items": {"type": "object"}},
      "max_tokens": {"type": "integer", "minimum": 1}, "compress_to": {"type": "integer", "minimum": 1},
      "keep_turns": {"type": "integer", "minimum": 1, "maximum": 10000},
      "small_talk": {"type": "array", "items": {"type": "string"}}}}
    """
  private static let allocation = """
    {"type": "object", "required": ["pool", "agent"], "additionalProperties": false, "properties": {
      "pool": {"type": "string"}, "agent": {"type": "string"}, "task": \(word),
      "priority": {"enum": ["low", "normal", "high", "critical", null]},
      "max_tokens": {"type": ["integer", "null"], "minimum": 0}, "ttl": \(word)}}
    """
  private static let allocationUsage = """
    {"type": "object", "minProperties": 1, "additionalProperties": false, "properties": {
      "lookup": {"type": "integer", "minimum": 0}, "reasoning": {"type": "integer", "minimum": 0},
      "tokens": {"type": "integer", "minimum": 0}}}
    """
  private static let poolTopUp = """
    {"type": "object", "required": ["tokens"], "additionalProperties": false, "properties": {
      "tokens": {"type": "integer", "minimum": 1}, "allocation": {"type": ["integer", "null"], "minimum": 0}}}
    """
  private static let limit =
    #""limit": {"type": ["integer", "string", "number"]}, "until": {"type": ["string", "null"], "examples": ["2h"]}"#
  private static let amount =
    #""amount": {"type": ["integer", "string", "number"]}, "until": {"type": ["string", "null"], "examples": ["1h"]}"#

  private static func request(_ properties: String) -> String {
    "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\(properties)}}"
  }

  private static func target(_ more: String = "", required: String? = nil) -> String {
    """
    {"type": "object", "additionalProperties": false\(required.map { ", \"required\": [\"\($0)\"]" } ?? ""),
     "properties": {"tags": {"$ref": "#/components/schemas/Tags"},
       "unit": {"enum": ["tokens", "cost_usd", "requests", null]}\(more.isEmpty ? "" : ", " + more)}}
    """
  }

  // MARK: Answers

  private static func answer(_ required: String...) -> String {
    let names = required.map { "\"\($0)\"" }.joined(separator: ", ")
    let accounts =
      required.contains("accounts") ? ##", "properties": {"accounts": {"$ref": "#/components/schemas/Accounts"}}"## : ""
    return "{\"type\": \"object\", \"required\": [\(names)]\(accounts)}"
  }

  private static let problem = """
    {"type": "object", "required": ["type", "title", "status"], "description": "RFC 9457.", "properties": {
      "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
      "detail": {"type": "string"}, "budget": {"type": ["string", "integer"]}, "unit": {"type": "string"},
      "tags": {"type": "object"}, "limit": {"$ref": "#/components/schemas/Amount"},
      "used": {"$ref": "#/components/schemas/Amount"}, "reserved": {"$ref": "#/components/schemas/Amount"},
      "requested": {"$ref": "#/components/schemas/Amount"}, "remaining": {"$ref": "#/components/schemas/Amount"},
      "resets_at": {"type": ["string", "null"]}, "retry_after": {"type": ["integer", "null"]},
      "breaches": {"type": "array", "items": {"$ref": "#/components/schemas/Account"}}}}
    """
  private static let account = """
    {"type": "object", "required": ["budget", "tags", "unit", "limit", "used", "reserved", "remaining", "state"],
     "properties": {"budget": {"type": "string"}, "tags": {"type": "object"},
       "unit": {"enum": ["tokens", "cost_usd", "requests"]}, "limit": {"$ref": "#/components/schemas/Amount"},
       "used": {"$ref": "#/components/schemas/Amount"}, "reserved": {"$ref": "#/components/schemas/Amount"},
       "remaining": {"$ref": "#/components/schemas/Amount"}, "used_ratio": {"type": "number"},
       "state": {"type": "string"}, "resets_at": {"type": ["string", "null"]}}}
    """
  private static let budgets = """
    {"type": "array", "items": {"type": "object", "required": ["name", "unit", "limit", "window", "per", "mode"],
      "properties": {"name": {"type": "string"}, "unit": {"type": "string"},
        "limit": {"$ref": "#/components/schemas/Amount"}}}}
    """

  private static let parameters: [String: String] = [
    "top": #"{"type": "integer", "minimum": 1, "maximum": 10000, "default": 100}"#,
    "Idempotency-Key": #"{"type": "string", "minLength": 1, "maxLength": 255}"#,
    "last": #"{"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}"#,
    "window": #"{"type": "string", "examples": ["1h", "24h"]}"#,
    "status": #"{"enum": [403, 429]}"#,
    "tokens": #"{"type": "integer", "minimum": 0}"#, "output-tokens": #"{"type": "integer", "minimum": 0}"#,
    "id": #"{"type": "string", "pattern": "^[0-9a-f]{32}$"}"#,
    "last_event_id": #"{"type": "integer", "minimum": 0}"#,
  ]
}
