internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import Threads

/// Where connections go on that have shown to be in use: an event loop of their own.
///
/// Who floods a listener with connections, heads without an end and huge bodies keeps the loop busy that accepts them.
/// Those who ask again and again are answered by this one, which does nothing else.
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

  private let group: MultiThreadedEventLoopGroup
  let loop: any EventLoop
  let listener: NIOLoopBound<HTTPListener>
  private let limits: HTTPLimits
  private let isUnixSocket: Bool
  private let open = Synchronization.Atomic<Int>(0)

  init(_ makeListener: @escaping @Sendable (HTTPLimits) -> HTTPListener, limits: HTTPLimits, isUnixSocket: Bool) throws
  {
    // A part of the room stays with those who come for the first time.
    var own = limits
    own.connections = max(1, limits.connections / 4 * 3)
    own.bodiesBytes = limits.bodiesBytes / 4 * 3
    let reduced = own
    self.limits = limits
    self.isUnixSocket = isUnixSocket
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    self.loop = loop
    listener = try loop.submit {
      ThreadUrgency.name("control")
      ThreadUrgency.prompt.apply()
      return NIOLoopBound(makeListener(reduced), eventLoop: loop)
    }.wait()
  }

  /// How many there are, those on their way included.
  var count: Int { open.load(ordering: .relaxed) }

  /// Takes a connection whose descriptor nobody else uses any more. From any loop.
  func take(_ passenger: Passenger) {
    open.add(1, ordering: .relaxed)
    loop.execute { [self] in
      let isSeated = NIOLoopBoundBox(false, eventLoop: loop)
      let bootstrap = HTTPServer.configured(ClientBootstrap(group: group), limits, isUnixSocket: isUnixSocket)
        .channelInitializer { [self] channel in
          isSeated.value = true
          channel.closeFuture.whenComplete { [self] _ in left() }
          return channel.eventLoop.makeCompletedFuture { try listener.value.accept(channel, passenger) }
        }
      bootstrap.withConnectedSocket(passenger.descriptor).assumeIsolated().whenFailure { [self] _ in
        guard !isSeated.value else { return }
        close(passenger.descriptor)
        listener.value.lost()
        left()
      }
    }
  }

  private func left() { open.subtract(1, ordering: .relaxed) }

  func shutdown() async { try? await group.shutdownGracefully() }

  /// For a server that could not be bound.
  func abandon() { group.shutdownGracefully { _ in } }
}
