import BudgetCore

/// Traffic once more, under the names of OpenTelemetry's semantic conventions for generative AI: token counters and the
/// duration of operations.
///
/// The conventions' input counts cached tokens and their output reasoning. Here each exported kind is a sample of its own
/// with its `token_type`, so that a sum over it is the conventions' number and no sample goes back when one kind's series
/// ends. Reference: open-telemetry/semantic-conventions-genai, docs/gen-ai/gen-ai-token-metrics.md.
extension PageWriter {
  /// Tokens of a convention's counter: which kinds it counts.
  private static let counters: [(name: String, help: String, kinds: [TokenKind])] = [
    (
      "gen_ai_client_inference_usage_input_tokens", "Input tokens used, including cached tokens.",
      [.input, .cacheRead, .cacheWrite]
    ),
    (
      "gen_ai_client_inference_usage_output_tokens", "Output tokens used, including reasoning tokens.",
      [.output, .reasoning]
    ),
    (
      "gen_ai_client_inference_usage_cache_read_input_tokens", "Input tokens that a provider's cache served.",
      [.cacheRead]
    ),
    (
      "gen_ai_client_inference_usage_cache_write_input_tokens", "Input tokens written to a provider's cache.",
      [.cacheWrite]
    ),
    ("gen_ai_client_inference_usage_reasoning_output_tokens", "Output tokens used for reasoning.", [.reasoning]),
  ]

  mutating func writeGenAI(_ view: LedgerView, format: ExpositionFormat) {
    let labels = GenAILabels(exported: view.settings.labels)
    for (name, help, kinds) in Self.counters {
      writeHeader(name, .counter, help, format: format)
      for row in view.series where row.seen.contains(.tokens) {
        guard let kind = labels.kind(of: row.labelText), kinds.contains(kind) else { continue }
        write(name)
        write("_total{")
        write(labels.renamed(row.labelText))
        write(",gen_ai_token_modality=\"unknown\"} ")
        write(row.tokens)
        write(UInt8(ascii: "\n"))
      }
    }
    writeDurations("gen_ai_client_operation_duration_seconds", "How long operations took.", view, format: format) {
      labels.renamed($0.labelText)
    }
  }
}

/// The exported labels under the conventions' names.
struct GenAILabels {
  private static let names = [
    TagName.model: "gen_ai_request_model", TagName.provider: "gen_ai_provider_name", TagName.agent: "gen_ai_agent_name",
    "session": "gen_ai_conversation_id",
  ]

  private let names: [String: [UInt8]]

  /// - Parameter exported: the tags that are labels. A name that one of them has already is given to no other.
  init(exported: [String]) {
    let taken = Set(exported.map { LabelText.labelName($0) })
    names = Self.names.filter { !taken.contains($0.value) }.mapValues { Array($0.utf8) }
  }

  /// The kind of tokens that a series counts; nil when the labels do not say. O(bytes).
  func kind(of text: UnsafeRawBufferPointer) -> TokenKind? {
    var kind: TokenKind?
    walk(text) { name, value in
      if name.elementsEqual(TagName.tokenType.utf8) { kind = TokenKind(name: String(decoding: value, as: UTF8.self)) }
    }
    return kind
  }

  /// A series' labels with the conventions' names; values stay as they were written. O(bytes).
  func renamed(_ text: UnsafeRawBufferPointer) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count + 64)
    walk(text) { name, value in
      if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
      bytes.append(contentsOf: names[String(decoding: name, as: UTF8.self)] ?? Array(name))
      bytes.append(contentsOf: "=\"".utf8)
      bytes.append(contentsOf: value)
      bytes.append(UInt8(ascii: "\""))
    }
    return bytes
  }

  /// Calls `body` with each name and each value as it stands there, escapes and all.
  private func walk(
    _ text: UnsafeRawBufferPointer, _ body: (Slice<UnsafeRawBufferPointer>, Slice<UnsafeRawBufferPointer>) -> Void
  ) {
    var position = 0
    while position < text.count {
      let start = position
      while position < text.count, text[position] != UInt8(ascii: "=") { position += 1 }
      let name = text[start..<position]
      // Past the sign and the quote.
      let opening = min(text.count, position + 2)
      position = opening
      while position < text.count, text[position] != UInt8(ascii: "\"") {
        position += text[position] == UInt8(ascii: "\\") ? 2 : 1
      }
      position = min(position, text.count)
      body(name, text[opening..<position])
      // Past the quote and the comma.
      position += 2
    }
  }
}
