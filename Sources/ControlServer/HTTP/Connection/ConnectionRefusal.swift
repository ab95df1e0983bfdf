internal import NIOCore

/// Answers 503 to a connection above the limit and closes it; nothing is read.
final class ConnectionRefusal: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  func channelActive(context: ChannelHandlerContext) {
    var serializer = ResponseSerializer()
    var buffer = context.channel.allocator.buffer(capacity: 512)
    let problem = Problem(status: .serviceUnavailable, detail: "Every connection of this listener is taken.")
    serializer.write(
      problem.response(headers: [("retry-after", "1")]), to: &buffer, isHead: false, isHTTP10: false, closes: true)
    context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    context.close(promise: nil)
  }
}
