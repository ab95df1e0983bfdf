internal import Glibc
package import Logging
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
internal import Threads

/// One listener: a bound address, an event loop thread of its own, and the router that answers. With further loops,
/// connections that are in use go on there.
package final class HTTPServer: Sendable {
  /// The address in use, with the port that was picked when 0 was asked for.
  package let boundAddress: HTTPListenAddress

  /// Loops that connections in use can keep busy on this machine: one for each processor that the process may use, and
  /// four at most beside the ledger's one lock, which is held for an eighth of the time of an answer.
  package static let loopsInUse = min(System.coreCount, 4)

  private let group: MultiThreadedEventLoopGroup
  private let loop: any EventLoop
  private let channel: any Channel
  private let listener: NIOLoopBound<HTTPListener>
  private let regulars: RegularConnections?
  private let counters: HTTPCounters
  private let offLoop: OffLoopPool?
  private let socketFile: UnixSocketFile?
  private let isShutDown = NIOLockedValueBox(false)

  /// Binds and serves at once. Blocks for the moment that takes; not to be called on an event loop.
  ///
  /// With `regularLoops`, connections that ask again and again go on on that many loops of their own, except over TLS,
  /// whose state cannot leave a loop. A Unix socket gets `unixMode`; a stale one is replaced, a live one is an error.
  package static func bind(
    to address: HTTPListenAddress, limits: HTTPLimits = HTTPLimits(), unixMode: UInt32 = 0o660,
    security: ListenerSecurity = .none, regularLoops: Int = 0, router: Router,
    logger: Logger = Logger(label: "tallygate.http")
  ) throws(HTTPServerError) -> HTTPServer {
    try address.check()
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let offLoop = router.hasOffLoopRoutes ? OffLoopPool(limits: limits) : nil
    do {
      return try HTTPServer(address, limits, unixMode, security, regularLoops, router, logger, group, offLoop)
    } catch {
      group.shutdownGracefully { _ in }
      offLoop?.threads.shutdownGracefully { _ in }
      throw error as? HTTPServerError ?? Self.explain(error, address)
    }
  }

  private init(
    _ address: HTTPListenAddress, _ limits: HTTPLimits, _ unixMode: UInt32, _ security: ListenerSecurity,
    _ regularLoops: Int, _ router: Router, _ logger: Logger,
    _ group: MultiThreadedEventLoopGroup, _ offLoop: OffLoopPool?
  ) throws {
    self.group = group
    self.offLoop = offLoop
    let loop = group.next()
    self.loop = loop
    let counters = HTTPCounters(routes: router.routes)
    self.counters = counters
    let isUnixSocket = if case .unix = address { true } else { false }
    let regulars =
      regularLoops > 0
      ? try RegularConnections(
        { limits in
          HTTPListener(
            router: router, limits: limits, counters: counters, offLoop: offLoop, isUnixSocket: isUnixSocket,
            security: security, certificates: nil, logger: logger)
        }, loops: regularLoops, limits: limits, isUnixSocket: isUnixSocket) : nil
    self.regulars = regulars
    let listener: NIOLoopBound<HTTPListener>
    do {
      listener = try loop.submit {
        if regulars != nil { Self.makeDoorkeeper() }
        return NIOLoopBound(
          HTTPListener(
            router: router, limits: limits, counters: counters, offLoop: offLoop, isUnixSocket: isUnixSocket,
            security: security, certificates: try TLSCertificates(security, logger: logger), logger: logger,
            regulars: regulars),
          eventLoop: loop)
      }.wait()
    } catch {
      regulars?.abandon()
      throw error
    }
    self.listener = listener
    let bootstrap = Self.bootstrap(group, isUnixSocket: isUnixSocket, limits) { channel in
      channel.eventLoop.makeCompletedFuture { try listener.value.accept(channel) }
    }
    switch address {
    case .unix(let path):
      try UnixSocketFile.removeStale(at: path)
      channel = try bootstrap.bind(unixDomainSocketPath: path).wait()
      socketFile = try UnixSocketFile(bound: path, mode: unixMode)
      boundAddress = address
    case .tcp(let host, let port):
      channel = try Self.bind(bootstrap, host: host, port: port)
      socketFile = nil
      boundAddress = .tcp(host: host, port: UInt16(clamping: channel.localAddress?.port ?? Int(port)))
    }
  }

  /// A copy of the counters.
  package func statistics() -> HTTPStatistics { counters.snapshot() }

  /// Stops accepting, closes idle connections at once, lets running requests finish, and closes the rest when the
  /// time is over. A second call returns at once.
  package func shutdown(within limit: Duration) async {
    let isFirst = isShutDown.withLockedValue { isShutDown in
      defer { isShutDown = true }
      return !isShutDown
    }
    guard isFirst else { return }
    let end = NIODeadline.now() + TimeAmount(limit)
    try? await channel.close()
    socketFile?.remove()
    await withTaskGroup { group in
      group.addTask { [listener, loop] in await Self.drain(listener, on: loop, before: end) }
      // What is on its way to them when they begin is closed when it arrives.
      for regular in regulars?.loops ?? [] {
        group.addTask { await Self.drain(regular.listener, on: regular.loop, before: end) }
      }
    }
    guard await offLoopEnded(before: end) else { return }
    try? await group.shutdownGracefully()
    await regulars?.shutdown()
  }

  private static func drain(
    _ listener: NIOLoopBound<HTTPListener>, on loop: any EventLoop, before end: NIODeadline
  ) async {
    let cut = loop.scheduleTask(deadline: end) { listener.value.cutAll() }
    try? await loop.flatSubmit { listener.value.drain(on: loop) }.get()
    cut.cancel()
  }

  /// Waits for the off-loop threads; false when a handler still runs at `end`. Its thread and the loop it reports
  /// to then live on until the process ends.
  private func offLoopEnded(before end: NIODeadline) async -> Bool {
    guard let threads = offLoop?.threads else { return true }
    let ended = NIOLockedValueBox<EventLoopPromise<Bool>?>(loop.makePromise(of: Bool.self))
    let future = ended.withLockedValue { $0?.futureResult }
    let settle: @Sendable (Bool) -> Void = { answer in
      let promise = ended.withLockedValue { promise in
        defer { promise = nil }
        return promise
      }
      promise?.succeed(answer)
    }
    let timer = loop.scheduleTask(deadline: end) { settle(false) }
    threads.shutdownGracefully { _ in settle(true) }
    let answer = try? await future?.get()
    timer.cancel()
    return answer ?? false
  }

  /// For the thread of the calling loop: those that have shown to be in use go first.
  private static func makeDoorkeeper() {
    ThreadUrgency.name("control-door")
    ThreadUrgency.yielding.apply()
  }

  private static func bootstrap(
    _ group: MultiThreadedEventLoopGroup, isUnixSocket: Bool, _ limits: HTTPLimits,
    accept: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) -> ServerBootstrap {
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      // A connection takes a tenth of a millisecond to set up: a flood of them must not hold up those that ask.
      .serverChannelOption(.maxMessagesPerRead, value: 4)
      .childChannelInitializer(accept)
    if !isUnixSocket { _ = bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1) }
    return configured(bootstrap, limits, isUnixSocket: isUnixSocket)
  }

  private static func bind(_ bootstrap: ServerBootstrap, host: String, port: UInt16) throws -> any Channel {
    guard host.isEmpty else {
      return try bootstrap.bind(to: SocketAddress(ipAddress: host, port: Int(port))).wait()
    }
    do {
      return try bootstrap.bind(to: SocketAddress(ipAddress: "::", port: Int(port))).wait()
    } catch let error as IOError where error.errnoCode == EAFNOSUPPORT || error.errnoCode == EADDRNOTAVAIL {
      // A host without IPv6.
      return try bootstrap.bind(to: SocketAddress(ipAddress: "0.0.0.0", port: Int(port))).wait()
    }
  }

  private static func explain(_ error: any Error, _ address: HTTPListenAddress) -> HTTPServerError {
    guard let error = error as? IOError else { return .cannotBind("\(address)", reason: "\(error)") }
    if error.errnoCode == EADDRINUSE { return .addressInUse("\(address)") }
    return .cannotBind("\(address)", reason: String(cString: strerror(error.errnoCode)))
  }
}
