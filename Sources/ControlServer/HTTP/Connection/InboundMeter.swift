internal import NIOCore

/// Counts bytes in front of the parser, which itself keeps what it cannot finish.
///
/// The parser's own limits count header names and values. They miss what it skips: blank lines before a request,
/// spaces before a value, extensions of a chunk. So bytes that bring no part of a message are bounded here.
final class InboundMeter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let connection: HTTPConnectionHandler
  private let bound: Int
  private var requestLineEnded = false

  init(connection: HTTPConnectionHandler, limits: HTTPLimits) {
    self.connection = connection
    // The names and values at their limits, their punctuation, and one read that may begin within a message.
    bound = limits.headerBytes + limits.targetBytes + 4 * limits.headerFields + HTTPListener.readBytes
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // A connection that takes nothing more discards here, before the parser could keep anything.
    guard connection.takesInput else { return }
    let bytes = unwrapInboundIn(data)
    if !connection.isInBody { measureRequestLine(bytes) }
    let partsBefore = connection.partsReceived
    connection.readBegins()
    context.fireChannelRead(data)
    connection.readEnds(bytes)
    if connection.partsReceived != partsBefore {
      // Whatever of the next request came in the same read counts from its next byte on.
      connection.unparsedBytes = 0
      connection.requestLineBytes = 0
      requestLineEnded = false
    } else {
      connection.unparsedBytes += bytes.readableBytes
      if connection.unparsedBytes > bound { connection.tooManyUnparsedBytes() }
    }
  }

  private func measureRequestLine(_ bytes: ByteBuffer) {
    guard !requestLineEnded else { return }
    let view = bytes.readableBytesView
    let end = view.firstIndex(of: UInt8(ascii: "\n"))
    requestLineEnded = end != nil
    connection.requestLineBytes += (end ?? view.endIndex) - view.startIndex
  }
}
