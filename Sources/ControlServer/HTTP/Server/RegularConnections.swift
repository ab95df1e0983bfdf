internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Threads

/// Where connections go on that have shown to be in use: event loops of their own.
///
/// Who floods a listener with connections, heads without an end and huge bodies keeps the loop busy that accepts them.
/// Those who ask again and again are answered by these, which do nothing else.
final class RegularConnections: Sendable {
  /// A connection between two loops. It has been answered, and nothing further of it has been read.
  struct Passenger: Sendable {
    let descriptor: NIOBSDSocket.Handle
    /// Requests answered so far.
    let served: Int
    let remoteAddress: String?
    let peer: PeerCredentials?

    /// Another descriptor of a channel's connection, which stays open with it when the channel is closed.
    static func descriptor(of channel: any Channel) -> NIOBSDSocket.Handle? {
      let copy = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
        fcntl($0, F_DUPFD_CLOEXEC, 0)
      }
      guard let copy, copy >= 0 else { return nil }
      return copy
    }
  }

  /// Answers after which a connection is in use: one that asks only once is not worth the way.
  static let servedBefore = 2

  let loops: [RegularLoop]
  private let group: MultiThreadedEventLoopGroup

  /// - Parameter loops: how many, at least one.
  init(
    _ makeListener: @escaping @Sendable (HTTPLimits) -> HTTPListener, loops count: Int, limits: HTTPLimits,
    isUnixSocket: Bool
  ) throws {
    // A part of the room stays with those who come for the first time; each loop has its share of the rest.
    var own = limits
    own.connections = max(1, limits.connections / 4 * 3 / count)
    own.bodiesBytes = limits.bodiesBytes / 4 * 3 / count
    let share = own
    let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
    self.group = group
    loops = try group.makeIterator().map { loop in
      let listener = try loop.submit {
        ThreadUrgency.name("control")
        ThreadUrgency.prompt.apply()
        return NIOLoopBound(makeListener(share), eventLoop: loop)
      }.wait()
      return RegularLoop(loop, listener, limits: limits, isUnixSocket: isUnixSocket)
    }
  }

  /// How many there are, those on their way included.
  var count: Int { loops.reduce(0) { $0 + $1.count } }

  /// Takes a connection whose descriptor nobody else uses any more, to the loop that has the fewest. From any loop.
  func take(_ passenger: Passenger) { loops.min { $0.count < $1.count }?.take(passenger) }

  func shutdown() async { try? await group.shutdownGracefully() }

  /// For a server that could not be bound.
  func abandon() { group.shutdownGracefully { _ in } }
}
