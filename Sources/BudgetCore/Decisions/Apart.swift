/// Something that few answers have: it stands apart from them, so that those without it stay small.
final class Apart<Value: Sendable>: Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}
