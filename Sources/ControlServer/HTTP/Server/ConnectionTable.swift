/// The open connections of a listener, and which of them gives way when there is no room for one more.
///
/// Half-open connections cost nothing to make: without this, one peer that keeps opening them would keep everybody else
/// out. The order is that of the clock algorithm, an approximation of least recently used: a hand goes round and takes
/// the first connection that has sent no whole request since it last came by. Whose request runs, and who follows a
/// stream, is left alone. A new connection has a whole round to send its request in.
struct ConnectionTable {
  private(set) var connections: [HTTPConnectionHandler] = []
  private var hand = 0

  var count: Int { connections.count }

  mutating func insert(_ connection: HTTPConnectionHandler) {
    connection.place = connections.count
    connections.append(connection)
  }

  /// Does nothing when it is not, or no longer, in the table.
  mutating func remove(_ connection: HTTPConnectionHandler) {
    guard let place = connection.place else { return }
    connection.place = nil
    let last = connections.removeLast()
    guard last !== connection else { return }
    connections[place] = last
    last.place = place
  }

  /// Takes out the connection that gives way; `nil` when none may. O(1) amortised, O(connections) at worst.
  mutating func takeIdlest() -> HTTPConnectionHandler? {
    // The first round takes away what kept those from being chosen who are chosen in the second.
    for _ in 0..<(2 * connections.count) {
      if hand >= connections.count { hand = 0 }
      let connection = connections[hand]
      if connection.mayGiveWay, !connection.sentRequest {
        remove(connection)
        // Whoever was last stands here now, and the newcomer will be last: behind the hand, a round away.
        hand += 1
        return connection
      }
      connection.sentRequest = false
      hand += 1
    }
    return nil
  }
}
