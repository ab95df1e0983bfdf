internal import Glibc
internal import NIOCore
internal import NIOPosix

/// What sets up the channels of connections.
protocol ConnectionBootstrap {
  func option<Option: ChannelOption>(_ option: Option, _ value: Option.Value) -> Self
}

extension ServerBootstrap: ConnectionBootstrap {
  func option<Option: ChannelOption>(_ option: Option, _ value: Option.Value) -> Self {
    childChannelOption(option, value: value)
  }
}

extension ClientBootstrap: ConnectionBootstrap {
  func option<Option: ChannelOption>(_ option: Option, _ value: Option.Value) -> Self {
    channelOption(option, value: value)
  }
}

extension HTTPServer {
  /// The options of every connection, on whatever loop.
  static func configured<Bootstrap: ConnectionBootstrap>(
    _ bootstrap: Bootstrap, _ limits: HTTPLimits, isUnixSocket: Bool
  ) -> Bootstrap {
    let bootstrap =
      bootstrap
      // A peer that closes its sending side still gets its answer.
      .option(ChannelOptions.allowRemoteHalfClosure, true)
      .option(ChannelOptions.maxMessagesPerRead, 1)
      .option(
        ChannelOptions.recvAllocator,
        AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: HTTPListener.readBytes))
    if isUnixSocket { return bootstrap }
    let userTimeout = NIOBSDSocket.Option(rawValue: TCP_USER_TIMEOUT)
    let milliseconds = limits.writeTimeout.components.seconds * 1_000
    return
      bootstrap
      .option(ChannelOptions.tcpOption(.tcp_nodelay), 1)
      // A peer that vanished without a word is noticed while bytes wait for it, and while none do.
      .option(ChannelOptions.socketOption(.so_keepalive), 1)
      .option(ChannelOptions.tcpOption(userTimeout), ChannelOptions.Types.SocketOption.Value(clamping: milliseconds))
  }
}
