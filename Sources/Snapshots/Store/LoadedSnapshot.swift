/// The newest snapshot that could be used, and what was found on the way to it.
package struct LoadedSnapshot<Value: ~Copyable>: ~Copyable {
  /// `nil` when there is none.
  package var value: Value?
  /// The path of the file it came from.
  package let source: String?
  package let notices: [StateNotice]

  package consuming func take() -> Value? { value }
}
