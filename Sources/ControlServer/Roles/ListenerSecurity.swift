internal import Logging
internal import NIOConcurrencyHelpers

/// How a listener is spoken to and what it adds to its answers, as its web configuration file says.
///
/// The file is looked at with each request and each handshake, as exporter-toolkit does, and read again when it changed:
/// users, fields and certificates change without a restart. A file with a mistake in it changes nothing: what was right
/// before goes on, and the log says why. Whether TLS is spoken at all is decided at the start.
package final class ListenerSecurity: Sendable {
  package struct Content: Sendable {
    /// `nil`: clear text.
    package var tls: TLSSettings?
    /// Fields of every answer of a route, unless it has one of that name.
    package var headers: [(name: String, value: String)] = []
    /// Who may read pages; `nil` when no names are asked for.
    package var users: BasicUsers?

    package init() {}
  }

  package typealias Reader = @Sendable () throws -> Content

  private struct State {
    var content: Content
    var version: FileVersion?
  }

  private let path: String?
  private let read: Reader
  private let state: NIOLockedValueBox<State>

  /// Clear text, no fields, no users.
  package static let none = ListenerSecurity(Content())

  /// - Parameter content: for good.
  package init(_ content: Content) {
    path = nil
    read = { content }
    state = NIOLockedValueBox(State(content: content))
  }

  /// - Parameter read: reads the file; called now, and from any thread when it has changed.
  package init(file path: String, read: @escaping Reader) throws {
    self.path = path
    self.read = read
    // Before the file is read: a change meanwhile is seen at the next look.
    let version = FileVersion(path: path)
    state = NIOLockedValueBox(State(content: try read(), version: version))
  }

  /// What the file says now.
  package var current: Content {
    guard let path else { return state.withLockedValue { $0.content } }
    let version = FileVersion(path: path)
    return state.withLockedValue { state in
      if version != state.version {
        state.version = version
        readAgain(path, &state)
      }
      return state.content
    }
  }

  private func readAgain(_ path: String, _ state: inout State) {
    // Made here: this value is older than the log is set up.
    let logger = Logger(label: "web-config")
    do {
      let content = try read()
      guard (content.tls == nil) == (state.content.tls == nil) else {
        return logger.error(
          "A web configuration cannot switch TLS on or off without a restart: the one before goes on",
          metadata: ["file": "\(path)"])
      }
      state.content = content
      logger.notice("The web configuration was read again", metadata: ["file": "\(path)"])
    } catch {
      logger.error(
        "A new web configuration cannot be used: the one before goes on",
        metadata: ["file": "\(path)", "error": "\(error)"])
    }
  }
}
