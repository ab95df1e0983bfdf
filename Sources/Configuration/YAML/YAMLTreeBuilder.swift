/// Builds a tree from events, without recursion.
struct YAMLTreeBuilder {
  /// A mapping or sequence that is still open.
  private struct Frame {
    var mark: YAMLMark
    var isMapping: Bool
    var elements: [YAMLNode] = []
    var entries: [YAMLNode.Entry] = []
    /// The lines of the keys seen.
    var keys: [String: Int] = [:]
    /// A key that waits for its value.
    var key: (text: String, mark: YAMLMark)?
  }

  private(set) var root: YAMLNode?
  private var frames: [Frame] = []
  private var nodes = 0
  private var documents = 0

  mutating func accept(_ event: YAMLEvent) throws(YAMLError) {
    if event.hasAnchor { throw aliasError(event.mark) }
    switch event.kind {
    case .other, .streamEnd: break
    case .documentStart:
      documents += 1
      guard documents == 1 else {
        throw YAMLError(
          mark: event.mark, problem: "starts a second document", remedy: "Keep one document in the file, without ---")
      }
    case .alias: throw aliasError(event.mark)
    case .scalar(let text, let plain):
      let tag = try coreTag(of: event, allowed: ["str", "int", "float", "bool", "null"])
      let plain = plain && tag != "str"
      try count(event.mark)
      if let top = frames.indices.last, frames[top].isMapping, frames[top].key == nil {
        try addKey(text, plain: plain, event.mark, to: top)
      } else {
        add(YAMLNode(content: .scalar(text: text, plain: plain), mark: event.mark))
      }
    case .sequenceStart:
      _ = try coreTag(of: event, allowed: ["seq"])
      try open(Frame(mark: event.mark, isMapping: false))
    case .mappingStart:
      _ = try coreTag(of: event, allowed: ["map"])
      try open(Frame(mark: event.mark, isMapping: true))
    case .collectionEnd:
      guard let frame = frames.popLast() else { return }
      let content: YAMLNode.Content = frame.isMapping ? .mapping(frame.entries) : .sequence(frame.elements)
      add(YAMLNode(content: content, mark: frame.mark))
    }
  }

  private mutating func open(_ frame: Frame) throws(YAMLError) {
    try count(frame.mark)
    if let top = frames.last, top.isMapping, top.key == nil {
      throw YAMLError(
        mark: frame.mark, problem: "uses a mapping or a sequence as a key", remedy: "Write a plain word as the key")
    }
    guard frames.count < YAMLDocument.deepest else {
      throw YAMLError(
        mark: frame.mark, problem: "is nested more than \(YAMLDocument.deepest) levels deep",
        remedy: "Nothing in a configuration is that deep: look for a missing closing bracket")
    }
    frames.append(frame)
  }

  private mutating func add(_ node: YAMLNode) {
    guard let top = frames.indices.last else {
      root = node
      return
    }
    if let key = frames[top].key {
      frames[top].entries.append(YAMLNode.Entry(key: key.text, mark: key.mark, value: node))
      frames[top].key = nil
    } else {
      frames[top].elements.append(node)
    }
  }

  private mutating func addKey(_ text: String, plain: Bool, _ mark: YAMLMark, to top: Int) throws(YAMLError) {
    if plain, text == "<<" {
      throw YAMLError(mark: mark, problem: "uses a merge key (<<)", remedy: "Write the keys out, or use defaults:")
    }
    if let line = frames[top].keys[text] {
      throw YAMLError(
        mark: mark, problem: "the key \(text.quotedForMessage) is given twice, on lines \(line) and \(mark.line)",
        remedy: "Remove one of them")
    }
    frames[top].keys[text] = mark.line
    frames[top].key = (text, mark)
  }

  private mutating func count(_ mark: YAMLMark) throws(YAMLError) {
    nodes += 1
    guard nodes <= YAMLDocument.mostNodes else {
      throw YAMLError(
        mark: mark, problem: "has more than \(YAMLDocument.mostNodes) values", remedy: "Remove what is not needed")
    }
  }

  /// The tag's name; other tags than YAML's own, and its own where they do not fit, are refused.
  private func coreTag(of event: YAMLEvent, allowed: [String]) throws(YAMLError) -> String? {
    guard let tag = event.tag else { return nil }
    // A lone `!` makes a scalar text, whatever it looks like.
    if tag == "!" { return "str" }
    let core = "tag:yaml.org,2002:"
    let name = String(tag.dropFirst(core.count))
    guard tag.hasPrefix(core), allowed.contains(name) else {
      throw YAMLError(
        mark: event.mark, problem: "has the tag \(tag.quotedForMessage)", remedy: "Remove it: values need no tag here")
    }
    return name
  }

  private func aliasError(_ mark: YAMLMark) -> YAMLError {
    YAMLError(
      mark: mark, problem: "uses an anchor (&) or alias (*)",
      remedy: "Write the value out, or put text that starts with * or & in quotes")
  }
}
