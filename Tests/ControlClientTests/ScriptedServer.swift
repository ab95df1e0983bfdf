import Foundation
import Synchronization

/// Listens on a Unix socket, takes one request, sends what it was told to in pieces, and then closes or stays silent.
final class ScriptedServer: Sendable {
  let path: String
  private let listener: Int32
  private let received = Mutex<[UInt8]>([])
  private let isOver = Atomic<Bool>(false)

  /// What was asked, once it is over.
  var request: String {
    while !isOver.load(ordering: .acquiring) { usleep(1_000) }
    return received.withLock { String(decoding: $0, as: UTF8.self) }
  }

  init(_ pieces: [String], closes: Bool = true) {
    path = "/tmp/tallygate-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let bound = withUnsafeBytes(of: address) {
      bind(listener, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
    precondition(bound == 0 && listen(listener, 1) == 0, "a fresh path can be bound")
    Thread.detachNewThread { self.serve(pieces, closes: closes) }
  }

  deinit {
    close(listener)
    unlink(path)
  }

  private func serve(_ pieces: [String], closes: Bool) {
    let connection = accept(listener, nil, nil)
    var block = [UInt8](repeating: 0, count: 4096)
    var all: [UInt8] = []
    while !String(decoding: all, as: UTF8.self).contains("\r\n\r\n") {
      let count = recv(connection, &block, block.count, 0)
      guard count > 0 else { break }
      all += block[..<count]
    }
    received.withLock { $0 = all }
    isOver.store(true, ordering: .releasing)
    for piece in pieces {
      _ = Array(piece.utf8).withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      usleep(5_000)
    }
    // A silent one is closed by its client's patience.
    if !closes { _ = recv(connection, &block, block.count, 0) }
    close(connection)
  }
}
