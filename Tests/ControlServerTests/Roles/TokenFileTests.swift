import ControlServer
import Glibc
import Testing

@Suite("Token file")
struct TokenFileTests {
  private let old = "old-0123456789abcdef"
  private let new = "new-0123456789abcdef"

  @Test("a token admits, anything else does not")
  func admits() {
    let file = TemporaryFile(old + "\n")
    let tokens = TokenFile(path: file.path)
    #expect(tokens.count == 1)
    #expect(tokens.admits(old.utf8))
    for other in [new, "", String(old.dropLast()), old + "x", " " + old, old + "\n", old.uppercased(), old + old] {
      #expect(!tokens.admits(other.utf8), "\(other)")
    }
  }

  @Test("rotation: while both stand in the file both admit, then only the new one, without a restart")
  func rotation() {
    let file = TemporaryFile(old + "\n")
    let tokens = TokenFile(path: file.path)
    #expect(tokens.admits(old.utf8) && !tokens.admits(new.utf8))
    file.replace(old + "\n" + new + "\n")
    #expect(tokens.admits(old.utf8) && tokens.admits(new.utf8))
    file.replace(new + "\n")
    #expect(!tokens.admits(old.utf8) && tokens.admits(new.utf8))
  }

  @Test("a file of the same length whose time of modification was kept is read again")
  func sameTimeAndSize() {
    let file = TemporaryFile(old + "\n")
    let tokens = TokenFile(path: file.path)
    #expect(tokens.admits(old.utf8))
    usleep(20_000)
    file.keepingModificationTime { file.write(new + "\n") }
    #expect(!tokens.admits(old.utf8) && tokens.admits(new.utf8))
  }

  @Test("a file that cannot be read admits nobody, until it can")
  func unreadable() {
    let file = TemporaryFile(old)
    let tokens = TokenFile(path: file.path)
    #expect(tokens.admits(old.utf8))
    file.remove()
    #expect(!tokens.admits(old.utf8))
    #expect(tokens.count == nil)
    file.write(old)
    #expect(tokens.admits(old.utf8))
    #expect(TokenFile(path: "/tmp").count == 0)
    #expect(!TokenFile(path: "/tmp").admits(old.utf8))
  }

  @Test(
    "comments, blank lines and line endings of other systems do not matter",
    arguments: [
      "\n\n%\n", "# a comment that is long enough\n%", "%\r\n", "\r\n%\r\n\r\n", "  %  \n", "\t%\t\r\n",
      "short\n%\n", "%\n%\n",
    ])
  func layouts(layout: String) {
    let file = TemporaryFile(
      layout.split(separator: "%" as Character, omittingEmptySubsequences: false).joined(separator: old))
    let tokens = TokenFile(path: file.path)
    #expect(tokens.admits(old.utf8))
    #expect(!tokens.admits(new.utf8))
  }

  @Test(
    "what could be guessed is no token",
    arguments: ["", "\n", "short", "fifteen-bytes-x", "# a comment that is long enough", "   # a comment that is long"])
  func noTokens(content: String) {
    let file = TemporaryFile(content)
    let tokens = TokenFile(path: file.path)
    #expect(tokens.count == 0)
    for line in content.split(separator: "\n") {
      #expect(!tokens.admits(line.utf8))
      #expect(!tokens.admits(line.drop { $0 == " " }.utf8))
    }
  }

  @Test("the beginning of a token that a too long file cuts off is no token")
  func tooLong() {
    let padding = "#" + String(repeating: "x", count: 65_536 - 20 - 2) + "\n"
    let long = "a-token-of-more-than-twenty-bytes"
    let file = TemporaryFile(old + "\n" + padding.dropFirst(old.utf8.count + 1) + long)
    let tokens = TokenFile(path: file.path)
    for length in TokenFile.shortestToken..<long.utf8.count { #expect(!tokens.admits(long.prefix(length).utf8)) }
    #expect(tokens.admits(old.utf8))
  }
}
