import CLinux
import Glibc
import Logging
import UsageProtocol

/// The receiving thread's own state: sleep, take what has gathered, hand it over, sleep again.
struct DatagramLoop {
  /// The statistics of an idle socket are refreshed this often, in nanoseconds.
  private static let refresh = 1_000_000_000
  /// How long what is queued is still taken after a stop was requested.
  private static let lastDrain: Int64 = 50_000_000

  private struct Lane {
    let socket: DatagramSocket
    var drops = DropCounter()
    var queue = clinux_receive_queue()
    var isOpen = true
    var received = 0
  }

  private var lanes: [Lane]
  private let batch: DatagramBatch
  private let sink: any UsageSink
  private let stopSignal: StopSignal
  private let logger: Logger
  private var schedule = NapSchedule()
  private var throttle = LogThrottle<Int32>()
  private var hasFailed = false

  init(
    sockets: [DatagramSocket], batch: DatagramBatch, sink: any UsageSink, stopSignal: StopSignal, logger: Logger
  ) {
    lanes = sockets.map { Lane(socket: $0) }
    self.batch = batch
    self.sink = sink
    self.stopSignal = stopSignal
    self.logger = logger
  }

  mutating func run() {
    var pause = NapSchedule.Pause.untilReadable
    while true {
      sleep(pause)
      if stopSignal.isRequested { break }
      observeQueues()
      drain { $0.stopSignal.isRequested }
      pause = nextPause()
    }
    let deadline = SteadyClock.nanoseconds() + Self.lastDrain
    drain { _ in SteadyClock.nanoseconds() > deadline }
    observeQueues()
  }

  private mutating func sleep(_ pause: NapSchedule.Pause) {
    let timeout: Int
    let wakesForUDP: Bool
    switch pause {
    case .untilReadable: (timeout, wakesForUDP) = (Self.refresh, true)
    case .nap(let nanoseconds): (timeout, wakesForUDP) = (nanoseconds, false)
    }
    // A Unix socket queues a handful of datagrams (net.unix.max_dgram_qlen, often 10) and then makes its
    // senders wait, so it ends a nap. After a failed receive nothing but the stop does, or a socket that
    // fails over and over would keep the thread spinning.
    var descriptors = [stopSignal.descriptor]
    for lane in lanes where lane.isOpen && !hasFailed && (wakesForUDP || lane.socket.source != .udp) {
      descriptors.append(lane.socket.descriptor)
    }
    let ready = clinux_wait_readable(descriptors, Int32(descriptors.count), hasFailed ? 1_000_000 : timeout)
    if ready < 0 { usleep(1000) }
    hasFailed = false
  }

  /// Takes everything that is queued, in turns, until the sockets are empty or `isOver` says so.
  private mutating func drain(until isOver: (borrowing Self) -> Bool) {
    for index in lanes.indices { lanes[index].received = 0 }
    var hasMore = true
    var turns = 0
    while hasMore {
      hasMore = false
      for index in lanes.indices where lanes[index].isOpen {
        // A batch that is not full has emptied the queue: asking again would cost a system call.
        if receiveBatch(index) == DatagramBatch.capacity { hasMore = true }
      }
      turns += 1
      // A flood may keep the thread here for long, and is what makes the kernel drop.
      if turns % 64 == 0 { observeQueues() }
      if hasMore && isOver(self) { break }
    }
    for lane in lanes where lane.received > 0 { lane.socket.statistics.wakeups.count() }
  }

  private mutating func receiveBatch(_ index: Int) -> Int {
    switch batch.receive(from: lanes[index].socket, into: sink) {
    case .received(let count):
      lanes[index].received += count
      return count
    case .failed(let code):
      receiveFailed(index, code)
      return 0
    }
  }

  private mutating func receiveFailed(_ index: Int, _ code: Int32) {
    let socket = lanes[index].socket
    hasFailed = true
    socket.statistics.errors.count()
    let isLost = [EBADF, ENOTSOCK, EINVAL, EFAULT].contains(code)
    if isLost { lanes[index].isOpen = false }
    if let withheld = throttle.admit(code, now: SteadyClock.nanoseconds()) {
      logger.error(
        isLost ? "A socket is lost and no longer received from" : "Receiving failed and is tried again",
        metadata: [
          "source": "\(socket.source.name)", "address": "\(socket.address)",
          "error": "\(String(cString: strerror(code)))", "withheld": "\(withheld)",
        ])
    }
  }

  /// Reads how full the UDP socket's buffer is and what the kernel dropped, which is known only here:
  /// ancillary data would tell it with the next datagram, if one ever came.
  private mutating func observeQueues() {
    for index in lanes.indices where lanes[index].isOpen && lanes[index].socket.source == .udp {
      guard clinux_receive_queue_state(lanes[index].socket.descriptor, &lanes[index].queue) == 0 else { continue }
      let dropped = lanes[index].drops.observe(lanes[index].queue.drops)
      lanes[index].socket.statistics.kernelDrops.count(dropped)
    }
  }

  private mutating func nextPause() -> NapSchedule.Pause {
    guard let lane = lanes.first(where: { $0.socket.source == .udp }) else { return .untilReadable }
    return schedule.pause(
      datagrams: lane.received, queued: Int(lane.queue.queued), capacity: Int(lane.queue.capacity))
  }
}
