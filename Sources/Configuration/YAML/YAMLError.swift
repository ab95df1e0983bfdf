/// Why a document is not one that can be read: where, what is wrong, what would be right.
package struct YAMLError: Error, Hashable, Sendable {
  package var mark: YAMLMark
  package var problem: String
  package var remedy: String
}
