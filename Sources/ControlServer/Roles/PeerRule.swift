internal import Glibc

/// Which processes at the other end of a Unix socket need no token, by the user that the kernel says they run as.
package enum PeerRule: Hashable, Sendable {
  case any
  case none
  case users(Set<UInt32>)

  /// The sidecar's own user and root.
  package static var sameUser: PeerRule { .users([geteuid(), 0]) }

  /// Reads `any`, `none`, `same-user`, or user ids with commas: `0,1000`.
  package init?(_ text: String) {
    switch text {
    case "any": self = .any
    case "none": self = .none
    case "same-user": self = .sameUser
    default:
      var users: Set<UInt32> = []
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard part.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let user = UInt32(part) else { return nil }
        users.insert(user)
      }
      self = .users(users)
    }
  }

  /// False for a peer that is not known: on TCP, or before the kernel has said who it is.
  func admits(_ peer: PeerCredentials?) -> Bool {
    guard let peer else { return false }
    return switch self {
    case .any: true
    case .none: false
    case .users(let users): users.contains(peer.userID)
    }
  }
}
