// Every verb of the control listener, by its method and pattern. Schemas are named here and written in OpenAPISchemas.
extension OpenAPIOperation {
  static let all: [String: OpenAPIOperation] = decisions.merging(pools) { $1 }.merging(reads) { $1 }
    .merging(operators) { $1 }.merging(others) { $1 }

  private static let decisions: [String: OpenAPIOperation] = [
    "POST /v1/check": .init(
      summary: "What a reservation would answer, without a hold.", body: .required("SpendRequest"),
      success: [(200, .json("Decision"))], problems: [429]),
    "POST /v1/reservations": .init(
      summary: "Decide and hold.", body: .required("Reservation"), success: [(201, .json("Held"))], problems: [429]),
    "POST /v1/reservations/{id}/settle": .init(
      summary: "Count what was really used and let go of the hold. The same settle twice counts once.",
      body: .optional("Settle"), success: [(200, .json("Settled"))], problems: [404]),
    "DELETE /v1/reservations/{id}": .init(
      summary: "Let go of a hold.", success: [(200, .json("Released"))], problems: [404, 409]),
    "POST /v1/estimate": .init(
      summary: "Tokens and exact cost of a call to come.", body: .required("EstimateRequest"),
      success: [(200, .json("Estimate"))]),
    "POST /v1/usage": .init(
      summary: "Record usage: an object of ours, a provider's or LiteLLM's, an array of them, or usage lines.",
      body: .usage, success: [(200, .json("Recorded"))]),
    "POST /v1/compress": .init(
      summary: "Shorten a conversation without a model.", body: .required("CompressRequest"),
      success: [(200, .json("Compressed"))]),
    "GET /v1/authorize": .init(
      summary: "Whether a gateway may let a call through; its tags are in X-Tallygate-* fields or in the query.",
      query: ["agent", "user", "tokens", "output-tokens", "status", "require"], success: [(200, .none)],
      problems: [429]),
  ]

  private static let pools: [String: OpenAPIOperation] = [
    "POST /v1/allocations": .init(
      summary: "Ask for a part of a pool.", body: .required("AllocationRequest"),
      success: [(201, .json("Allocation"))], problems: [404, 429]),
    "GET /v1/allocations": .init(
      summary: "How every pool stands, and who holds what.", query: ["pool"], success: [(200, .json("Pools"))],
      problems: [404]),
    "GET /v1/allocations/{id}": .init(
      summary: "One allocation.", success: [(200, .json("Allocation"))], problems: [404]),
    "POST /v1/allocations/{id}/usage": .init(
      summary: "Count use of an allocation.", body: .required("AllocationUsage"),
      success: [(200, .json("Allocation"))], problems: [404, 409, 429]),
    "DELETE /v1/allocations/{id}": .init(
      summary: "Give an allocation back.", success: [(200, .json("Allocation"))], problems: [404]),
    "POST /v1/pools/{name}/top-up": .init(
      summary: "Add tokens to a pool, or to one of its allocations.", body: .required("PoolTopUp"),
      success: [(200, .json("Pool"))], problems: [404]),
  ]

  private static let reads: [String: OpenAPIOperation] = [
    "GET /v1/budgets": .init(summary: "Every budget.", success: [(200, .json("Budgets"))]),
    "GET /v1/budgets/{name}": .init(
      summary: "One budget, in each of its units.", success: [(200, .json("Budgets"))], problems: [404]),
    "GET /v1/budgets/{name}/accounts": .init(
      summary: "The accounts of a budget; any of their tags may be given to choose among them.",
      query: ["agent", "user"], success: [(200, .json("Accounts"))], problems: [404]),
    "GET /v1/usage": .init(
      summary: "Who used most lately.", query: ["by", "window", "top"], success: [(200, .json("Objects"))],
      problems: [404]),
    "GET /v1/totals": .init(
      summary: "What was counted since counting began, by exported labels with commas between them.", query: ["by"],
      success: [(200, .json("Object"))], problems: [404]),
    "GET /v1/status": .init(summary: "Every account, and what the sidecar holds.", success: [(200, .json("Status"))]),
    "GET /v1/alerts": .init(
      summary: "Accounts at their warning threshold or their limit.", success: [(200, .json("Objects"))]),
    "GET /v1/jobs": .init(summary: "Every known job.", success: [(200, .json("Objects"))]),
    "GET /v1/jobs/{job}": .init(
      summary: "How far a job is, and what the rest will take.", success: [(200, .json("Object"))], problems: [404]),
    "PUT /v1/jobs/{job}": .init(
      summary: "Say how many items a job has.", body: .required("JobItems"), success: [(200, .json("Object"))]),
    "GET /v1/subjects": .init(summary: "Everybody who is stopped.", success: [(200, .json("Objects"))]),
    "GET /v1/events": .init(
      summary: "What crosses a threshold, as server-sent events. Resumable with Last-Event-ID.",
      query: ["budget", "kind", "last_event_id"], success: [(200, .events)]),
  ]

  private static let operators: [String: OpenAPIOperation] = [
    "PUT /v1/budgets/{name}": .init(
      summary: "Override a limit, of all accounts or of one.", body: .required("LimitOverride"),
      success: [(200, .json("Changed"))], problems: [404, 409]),
    "DELETE /v1/budgets/{name}": .init(
      summary: "Take an override back.", body: .optional("LimitTarget"), success: [(200, .json("Changed"))],
      problems: [404, 409]),
    "POST /v1/budgets/{name}/top-up": .init(
      summary: "Add to a limit.", body: .required("TopUp"), success: [(200, .json("Changed"))], problems: [404, 409]),
    "POST /v1/budgets/{name}/reset": .init(
      summary: "Set use back to nothing.", body: .optional("LimitTarget"), success: [(200, .json("Changed"))],
      problems: [404, 409]),
    "POST /v1/subjects/{tag}/{value}/stop": .init(
      summary: "Stop whoever carries a tag, from the next decision on.", body: .optional("Stop"),
      success: [(200, .json("Object"))], problems: [409]),
    "POST /v1/subjects/{tag}/{value}/resume": .init(
      summary: "Let a stopped subject go on.", body: .optional("Empty"), success: [(200, .json("Object"))]),
    "GET /v1/audit": .init(
      summary: "The latest records of what operators did and what was denied.", query: ["last"],
      success: [(200, .json("Objects"))], problems: [404]),
    "POST /-/snapshot": .init(summary: "Write a snapshot now.", success: [(200, .json("Object"))]),
    "POST /-/reload": .init(
      summary: "Read the configuration again; one with an error changes nothing.",
      success: [(200, .json("Object"))], problems: [500]),
  ]

  private static let others: [String: OpenAPIOperation] = [
    "GET /v1/openapi.json": .init(summary: "This document.", success: [(200, .json("Object"))]),
    "GET /-/healthy": .init(summary: "Whether the sidecar lives.", success: [(200, .text)]),
    "GET /-/ready": .init(summary: "Whether it takes work.", success: [(200, .text), (503, .text)]),
  ]
}
