/// The members of an object in the order they were written, each key once.
///
/// A lookup compares keys one by one in small objects and hashes in larger ones: O(1), and building is O(members).
/// Two objects are equal when their members are, whatever the order.
package struct JSONObject: Sendable {
  package private(set) var members: [(key: String, value: JSONValue)] = []
  /// Positions of the keys; empty while the object is small.
  private var positions: [String: Int] = [:]

  private static let smallCount = 8

  package init() {}

  init(reserving count: Int) { members.reserveCapacity(count) }

  package var count: Int { members.count }
  package var isEmpty: Bool { members.isEmpty }

  package subscript(key: String) -> JSONValue? {
    guard let position = position(of: key) else { return nil }
    return members[position].value
  }

  /// Adds a member; `false`, and no change, when the key is there already.
  @discardableResult
  package mutating func insert(_ key: String, _ value: JSONValue) -> Bool {
    guard position(of: key) == nil else { return false }
    members.append((key: key, value: value))
    if members.count > Self.smallCount {
      if positions.isEmpty {
        for (position, member) in members.enumerated() { positions[member.key] = position }
      } else {
        positions[key] = members.count - 1
      }
    }
    return true
  }

  private func position(of key: String) -> Int? {
    guard positions.isEmpty else { return positions[key] }
    return members.firstIndex { $0.key == key }
  }
}

extension JSONObject: Equatable {
  package static func == (left: JSONObject, right: JSONObject) -> Bool {
    left.count == right.count && left.members.allSatisfy { right[$0.key] == $0.value }
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// A key that appears twice keeps its first value.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init(reserving: elements.count)
    for (key, value) in elements { insert(key, value) }
  }
}
