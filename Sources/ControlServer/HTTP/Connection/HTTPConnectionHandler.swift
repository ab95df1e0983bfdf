internal import NIOCore
internal import NIOHTTP1

/// One connection: takes whole requests in, answers them in their order, and ends in time.
///
/// A request is answered only when the one before is and the peer takes what it was sent; until then the socket is
/// not read. So a connection holds at most one read's worth of requests and one response more than fits the
/// send buffer.
final class HTTPConnectionHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private enum State {
    /// Answers the next request at once.
    case ready
    /// A request runs off the loop.
    case running
    case streaming(HTTPStreamWriter)
    /// What was answered is being flushed; then the connection goes on on another loop.
    case moving
    /// The last response is being flushed.
    case finishing
    /// Our side is closed; input is discarded until the peer has read the answer.
    case lingering
    case closed
  }

  private enum Queued {
    case request(IncomingRequest)
    case refusal(RequestRefusal)
  }

  private let listener: HTTPListener
  private var limits: HTTPLimits { listener.limits }
  private var context: ChannelHandlerContext?
  private var state = State.ready
  private var assembler: RequestAssembler
  private var queue = CircularBuffer<Queued>(initialCapacity: 2)
  private var deadline: ConnectionDeadline?
  /// Counts the steps of the exchange: a deadline holds for one of them.
  private var epoch = 0
  private var served = 0
  private var inputRefused = false
  private var inputEnded = false
  private var owesContinue = false
  private var isDraining = false
  private var readIsPending = false
  private var needsFlush = false
  /// Ends the wait of the answer that is due.
  private var commitTimer: Scheduled<Void>?

  /// Whether it began on another loop.
  let isPassenger: Bool
  /// Whether it goes on on another loop.
  private(set) var hasMovedOn = false
  private var boundary = RequestBoundary()

  // Kept for the table of connections.
  var place: Int?
  /// Whether a whole request came since the table last looked.
  var sentRequest = false
  /// False while a request runs or a stream is followed.
  var mayGiveWay: Bool {
    switch state {
    case .ready, .finishing, .lingering, .closed: true
    case .running, .moving, .streaming: false
    }
  }

  // Kept for the meter, which stands in front of the parser.
  private(set) var partsReceived = 0
  var unparsedBytes = 0
  var requestLineBytes = 0

  init(listener: HTTPListener, _ passenger: RegularConnections.Passenger? = nil) {
    self.listener = listener
    isPassenger = passenger != nil
    assembler = RequestAssembler(limits: listener.limits)
    guard let passenger else { return }
    served = passenger.served
    assembler.remoteAddress = passenger.remoteAddress
    assembler.peer = passenger.peer
  }

  // MARK: Life

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    deadline = ConnectionDeadline(loop: context.eventLoop) { [unowned self] in expired($0) }
    listener.opened(self)
  }

  func channelActive(context: ChannelHandlerContext) {
    if !isPassenger { assembler.remoteAddress = HTTPListener.describe(context.channel.remoteAddress) }
    if !isPassenger, listener.isUnixSocket {
      HTTPListener.peerCredentials(of: context.channel).assumeIsolated().whenSuccess { self.assembler.peer = $0 }
    }
    updateDeadline()
    context.fireChannelActive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    if case .streaming(let writer) = state { writer.end() }
    state = .closed
    queue.removeAll()
    forgetBody()
    deadline?.cancel()
    self.context = nil
    listener.closed(self)
  }

  /// Ends the connection as soon as what runs on it is answered: at once when it is idle.
  func drain() {
    isDraining = true
    switch state {
    case .ready where queue.isEmpty && !assembler.isInBody && unparsedBytes == 0:
      finish(with: ByteBuffer(), lingers: false)
    case .streaming(let writer): writer.finish()
    default: break
    }
  }

  func cut() { context?.close(promise: nil) }

  // MARK: Input

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    partsReceived &+= 1
    guard takesInput else { return }
    let part = unwrapInboundIn(data)
    if case .body = part {} else { epoch &+= 1 }
    if case .head = part { boundary.sawHead() }
    let bodyBefore = assembler.bodyBytes
    let event = assembler.receive(part)
    guard listener.keepsBody(of: assembler.bodyBytes, before: bodyBefore) else {
      forgetBody()
      refuse(.tooManyBodies)
      return answerQueued()
    }
    switch event {
    case .incomplete: break
    case .continueExpected: owesContinue = true
    case .request(let request):
      owesContinue = false
      boundary.sawRequest(bodyBytes: request.request.body.count)
      enqueue(request)
    case .refused(let refusal): refuse(refusal)
    }
    answerQueued()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    listener.commits.connectionWasRead(on: context.eventLoop)
    settle()
    context.fireChannelReadComplete()
  }

  /// Lets the channel read only when there is room for what it brings.
  func read(context: ChannelHandlerContext) {
    if wantsToRead { context.read() } else { readIsPending = true }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      answerQueued()
      settle()
    }
    context.fireChannelWritabilityChanged()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event as? ChannelEvent == .inputClosed else { return context.fireUserInboundEventTriggered(event) }
    inputEnded = true
    switch state {
    case .ready where queue.isEmpty: finish(with: ByteBuffer(), lingers: false)
    case .streaming(let writer):
      writer.end()
      context.close(promise: nil)
    case .lingering: context.close(promise: nil)
    default: break
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError || error is ByteToMessageDecoderError else { return context.close(promise: nil) }
    refuse(RequestRefusal(parserError: error, requestLineBytes: requestLineBytes, limits: limits))
    answerQueued()
    settle()
  }

  func tooManyUnparsedBytes() {
    if assembler.isInBody {
      refuse(RequestRefusal(.badRequest, "The body has too much around its bytes."))
    } else {
      refuse(.headTooLarge(requestLineBytes: requestLineBytes, limits))
    }
    answerQueued()
  }

  /// True between the end of a header section and the end of its message.
  var isInBody: Bool { assembler.isInBody }

  /// False once nothing that still arrives can be a request to answer.
  var takesInput: Bool {
    guard !inputRefused else { return false }
    switch state {
    case .ready, .running, .moving: return true
    case .streaming, .finishing, .lingering, .closed: return false
    }
  }

  private var wantsToRead: Bool {
    switch state {
    case .ready: queue.isEmpty && context?.channel.isWritable ?? false
    // A stream's and a lingering connection's input is discarded, and read to learn of its end.
    case .streaming, .lingering: true
    case .running, .moving, .finishing, .closed: false
    }
  }

  /// What arrived of a body that nobody waits for any more.
  private func forgetBody() {
    let before = assembler.bodyBytes
    assembler.forget()
    _ = listener.keepsBody(of: 0, before: before)
  }

  private func enqueue(_ request: IncomingRequest) {
    sentRequest = true
    queue.append(.request(request))
    if queue.count > limits.pipelinedRequests { inputRefused = true }
  }

  private func refuse(_ refusal: RequestRefusal) {
    guard takesInput else { return }
    inputRefused = true
    forgetBody()
    queue.append(.refusal(refusal))
  }

  // MARK: Output

  private func answerQueued() {
    while case .ready = state, let context, context.channel.isWritable, let next = queue.popFirst() {
      switch next {
      case .request(let request): answer(request)
      case .refusal(let refusal): answer(refusal)
      }
    }
    guard owesContinue, case .ready = state, queue.isEmpty, let context else { return }
    owesContinue = false
    context.write(wrapOutboundOut(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    needsFlush = true
  }

  private func answer(_ refusal: RequestRefusal) {
    let buffer = listener.serialize(refusal.response, isHead: false, isHTTP10: false, closes: true)
    listener.noteRefusal(refusal, from: assembler.remoteAddress, bytes: buffer.readableBytes)
    finish(with: buffer, lingers: true)
  }

  private func answer(_ incoming: IncomingRequest) {
    switch listener.router.decide(incoming.request) {
    case .answer(let response, let route): send(response, to: incoming, route: route)
    case .run(let index, let parameters, let caller):
      let route = listener.router.routes[index]
      var incoming = incoming
      incoming.request = incoming.request.sent(by: caller)
      switch route.execution {
      case .onLoop:
        let response = route.handler(incoming.request, parameters)
        if let kept = commit(route, response, incoming, index) { send(kept, to: incoming, route: index) }
      case .offLoop:
        let request = incoming.request
        runOffLoop(route, index, incoming) { route.handler(request, parameters) }
      }
    case .verify(let index, let parameters, let verify):
      let (route, request) = (listener.router.routes[index], incoming.request)
      runOffLoop(route, index, incoming) { route.answer(request, parameters, after: verify) }
    }
  }

  /// The answer, when nothing has to be kept for it. Otherwise it goes out as soon as what the request did is kept, or
  /// when that takes too long: no disk holds up a decision, and no caller who asked for the disk is told of it before.
  private func commit(_ route: Route, _ response: HTTPResponse, _ incoming: IncomingRequest, _ index: Int)
    -> HTTPResponse?
  {
    guard route.commits, let loop = context?.eventLoop else { return response }
    let isStrict = response.status.isSuccess && Durability(incoming.request) == .strict
    var kept = response
    if isStrict { kept.headers.add(Durability.header, "strict") }
    let connection = NIOLoopBound((handler: self, kept: kept, late: response, incoming: incoming), eventLoop: loop)
    let turn = served
    state = .running
    let answer: @Sendable (_ isKept: Bool) -> Void = { isKept in
      let (handler, kept, late, incoming) = connection.value
      // The other one of those who may call was first.
      guard handler.served == turn else { return }
      handler.finished(isKept || !isStrict ? kept : Commitment.late(late), incoming, route: index)
    }
    guard isStrict else {
      listener.commits.add(on: loop) { answer(true) }
      return nil
    }
    if listener.router.commitment.isKept(.strict, { loop.execute { answer(true) } }) {
      loop.execute { answer(true) }
    } else {
      commitTimer = loop.scheduleTask(in: TimeAmount(limits.strictCommitWait)) { answer(false) }
    }
    return nil
  }

  private func runOffLoop(
    _ route: Route, _ index: Int, _ incoming: IncomingRequest, _ work: @escaping @Sendable () -> HTTPResponse
  ) {
    guard let loop = context?.eventLoop, let pool = listener.offLoop else { return }
    state = .running
    let connection = NIOLoopBound((handler: self, incoming: incoming), eventLoop: loop)
    let isQueued = pool.run(until: incoming.request.deadline, work) { response in
      loop.execute {
        let (handler, incoming) = connection.value
        guard let kept = handler.commit(route, response, incoming, index) else { return }
        handler.finished(kept, incoming, route: index)
      }
    }
    if !isQueued { send(OffLoopPool.busy(), to: incoming, route: index) }
  }

  private func finished(_ response: HTTPResponse, _ incoming: IncomingRequest, route: Int) {
    guard case .running = state else { return }
    commitTimer?.cancel()
    commitTimer = nil
    send(response, to: incoming, route: route)
    answerQueued()
    settle()
  }

  private func send(_ response: HTTPResponse, to incoming: IncomingRequest, route: Int?) {
    guard let context else { return }
    served += 1
    epoch &+= 1
    let isLastInput = (inputEnded || inputRefused) && queue.isEmpty
    var closes = !incoming.keepsAlive || isDraining || isLastInput || served >= limits.requestsPerConnection
    if case .stream = response.body { closes = true }
    var buffer = listener.serialize(response, isHead: incoming.isHead, isHTTP10: incoming.isHTTP10, closes: closes)
    var length = buffer.readableBytes
    if case .pieces(let pieces) = response.body, !incoming.isHead, response.status.allowsBody {
      length += pieces.count
      for piece in pieces.buffers {
        context.write(wrapOutboundOut(buffer), promise: nil)
        buffer = piece
      }
    }
    listener.counters.countResponse(
      route: route, status: response.status, duration: .now - incoming.arrived, bytes: length)
    if case .stream(let body) = response.body, !incoming.isHead {
      startStream(body, head: buffer, isChunked: !incoming.isHTTP10)
    } else if closes {
      finish(with: buffer, lingers: false)
    } else {
      state = .ready
      context.write(wrapOutboundOut(buffer), promise: nil)
      needsFlush = true
    }
  }

  private func startStream(_ body: (HTTPStreamWriter) -> Void, head: ByteBuffer, isChunked: Bool) {
    guard let context else { return }
    let writer = HTTPStreamWriter(
      channel: context.channel, isChunked: isChunked, bound: limits.streamBufferBytes, counters: listener.counters)
    state = .streaming(writer)
    queue.removeAll()
    context.writeAndFlush(wrapOutboundOut(head), promise: nil)
    needsFlush = false
    body(writer)
  }

  /// Writes the last bytes of the connection and ends it when the kernel has them.
  private func finish(with buffer: ByteBuffer, lingers: Bool) {
    guard let context else { return }
    state = .finishing
    queue.removeAll()
    needsFlush = false
    updateDeadline()
    context.writeAndFlush(wrapOutboundOut(buffer)).assumeIsolated().whenComplete { _ in
      guard case .finishing = self.state, let context = self.context else { return }
      guard lingers, !self.inputEnded else { return context.close(promise: nil) }
      // Closing with unread input makes the kernel reset the connection, and the answer may be lost with it.
      self.state = .lingering
      context.close(mode: .output, promise: nil)
      self.settle()
    }
  }

  // MARK: After every step

  /// Flushes what was written, sets the deadline for what comes next, and reads on if there is room.
  private func settle() {
    guard let context else { return }
    if needsFlush {
      needsFlush = false
      context.flush()
    }
    if mayMoveOn { return moveOn(context) }
    updateDeadline()
    if readIsPending, wantsToRead {
      readIsPending = false
      context.read()
    }
  }

  private func updateDeadline() {
    guard let deadline, let context else { return }
    switch state {
    case .ready where !context.channel.isWritable: deadline.start(.write(epoch: epoch), within: limits.writeTimeout)
    case .ready where assembler.isInBody: deadline.start(.body(epoch: epoch), within: limits.bodyTimeout)
    case .ready where unparsedBytes > 0: deadline.start(.header(epoch: epoch), within: limits.headerTimeout)
    case .ready: deadline.start(.idle, within: limits.idleTimeout)
    case .running: deadline.pause()
    case .streaming: deadline.start(.stream, within: limits.writeTimeout)
    case .moving, .finishing: deadline.start(.write(epoch: epoch), within: limits.writeTimeout)
    case .lingering: deadline.start(.linger, within: limits.lingerTimeout)
    case .closed: deadline.cancel()
    }
  }

  private func expired(_ wait: ConnectionDeadline.Wait) {
    switch wait {
    case .idle, .linger: cut()
    case .write:
      listener.counters.countTimeout()
      cut()
    case .header, .body:
      listener.counters.countTimeout()
      refuse(.tooSlow)
      answerQueued()
      settle()
    case .stream:
      if case .streaming(let writer) = state, writer.isStalled(for: limits.writeTimeout) { writer.cut() }
      settle()
    }
  }

  // MARK: Going on on another loop

  /// Called by the meter before and after the parser gets the bytes of a read.
  func readBegins() { boundary.readBegins() }

  func readEnds(_ bytes: ByteBuffer) { if listener.regulars != nil { boundary.readEnds(bytes) } }

  private var mayMoveOn: Bool {
    guard listener.regulars != nil, case .ready = state, served >= RegularConnections.servedBefore else { return false }
    return boundary.isReached && queue.isEmpty && !inputEnded && !inputRefused && !isDraining
  }

  private func moveOn(_ context: ChannelHandlerContext) {
    state = .moving
    boundary.leave()
    updateDeadline()
    // Done when everything before it has been handed to the kernel.
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenSuccess { self.leave() }
  }

  private func leave() {
    guard case .moving = state, let context, let regulars = listener.regulars else { return }
    state = .ready
    guard queue.isEmpty, !isDraining, !inputEnded,
      let descriptor = RegularConnections.Passenger.descriptor(of: context.channel)
    else {
      answerQueued()
      if isDraining || inputEnded, queue.isEmpty { return finish(with: ByteBuffer(), lingers: false) }
      return settle()
    }
    hasMovedOn = true
    let passenger = RegularConnections.Passenger(
      descriptor: descriptor, served: served, remoteAddress: assembler.remoteAddress, peer: assembler.peer)
    // Its own descriptor goes, the connection stays open by the other one.
    context.close(promise: nil)
    regulars.take(passenger)
  }
}
