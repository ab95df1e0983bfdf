import CYaml

/// One step through a document, as libyaml reports it.
struct YAMLEvent {
  enum Kind {
    case documentStart
    case scalar(text: String, plain: Bool)
    case alias
    case sequenceStart
    case mappingStart
    case collectionEnd
    case streamEnd
    /// The start of the stream, the end of a document.
    case other
  }

  var kind: Kind
  var mark: YAMLMark
  var hasAnchor = false
  var tag: String?
}

/// libyaml's event parser over bytes that outlive it.
struct YAMLEvents: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeBufferPointer<UInt8>

  /// `nil` when there is no memory. The bytes must stay valid while this lives.
  init?(_ input: UnsafeBufferPointer<UInt8>) {
    self.input = input
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      return nil
    }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// The next event. After an error or the end of the stream, ask no further.
  mutating func next() throws(YAMLError) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
    defer { yaml_event_delete(&event) }
    var result = YAMLEvent(kind: .other, mark: YAMLMark(event.start_mark))
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
    case YAML_STREAM_END_EVENT: result.kind = .streamEnd
    case YAML_ALIAS_EVENT: result.kind = .alias
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: result.kind = .collectionEnd
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      result.kind = .scalar(text: text, plain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
      result.hasAnchor = scalar.anchor != nil
      result.tag = string(scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      result.kind = .sequenceStart
      result.hasAnchor = event.data.sequence_start.anchor != nil
      result.tag = string(event.data.sequence_start.tag)
    case YAML_MAPPING_START_EVENT:
      result.kind = .mappingStart
      result.hasAnchor = event.data.mapping_start.anchor != nil
      result.tag = string(event.data.mapping_start.tag)
    default: break
    }
    return result
  }

  private func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    text.map { String(cString: $0) }
  }

  private func failure() -> YAMLError {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "is not valid YAML"
    if parser.pointee.error == YAML_READER_ERROR {
      return YAMLError(
        mark: mark(ofByte: parser.pointee.problem_offset), problem: "is not text: \(problem)",
        remedy: "Save the file as UTF-8 without control characters")
    }
    // For example "while parsing a flow sequence": the end of the file says little, the start of the sequence much.
    let context =
      parser.pointee.context.map {
        "\(String(cString: $0)) (from line \(YAMLMark(parser.pointee.context_mark).line)): "
      } ?? ""
    return YAMLError(
      mark: YAMLMark(parser.pointee.problem_mark), problem: "is not valid YAML: \(context)\(problem)",
      remedy: "Indent with spaces only, and put text with any of : # { } [ ] , & * ! | > % @ in quotes")
  }

  /// Reader errors carry no line, only an offset.
  private func mark(ofByte offset: Int) -> YAMLMark {
    var mark = YAMLMark.start
    for byte in input.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        mark.line += 1
        mark.column = 1
      } else if byte & 0xC0 != 0x80 {
        mark.column += 1
      }
    }
    return mark
  }
}

extension YAMLMark {
  /// libyaml counts from 0.
  fileprivate init(_ mark: yaml_mark_t) {
    self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  }
}
