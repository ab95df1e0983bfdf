internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// One event loop of connections that are in use, and how many it has.
final class RegularLoop: Sendable {
  let loop: any EventLoop
  let listener: NIOLoopBound<HTTPListener>
  private let limits: HTTPLimits
  private let isUnixSocket: Bool
  private let open = Synchronization.Atomic<Int>(0)

  init(_ loop: any EventLoop, _ listener: NIOLoopBound<HTTPListener>, limits: HTTPLimits, isUnixSocket: Bool) {
    self.loop = loop
    self.listener = listener
    self.limits = limits
    self.isUnixSocket = isUnixSocket
  }

  /// Connections that are here, and those on their way.
  var count: Int { open.load(ordering: .relaxed) }

  /// Takes a connection whose descriptor nobody else uses any more. From any loop.
  func take(_ passenger: RegularConnections.Passenger) {
    open.add(1, ordering: .relaxed)
    loop.execute { [self] in
      let isSeated = NIOLoopBoundBox(false, eventLoop: loop)
      let bootstrap = HTTPServer.configured(ClientBootstrap(group: loop), limits, isUnixSocket: isUnixSocket)
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
}
