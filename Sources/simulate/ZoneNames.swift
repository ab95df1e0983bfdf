import Glibc

/// The names of the time zones that the system knows.
enum ZoneNames {
  /// Zones and links of `tzdata.zi`; none where it is not installed.
  static func all() -> [String] {
    guard let file = fopen("/usr/share/zoneinfo/tzdata.zi", "r") else { return [] }
    defer { fclose(file) }
    var names: [String] = []
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    while getline(&line, &capacity, file) > 0, let text = line {
      // `Z NAME …` starts a zone, `L TARGET NAME` a link.
      let words = String(cString: text).split(whereSeparator: { $0 == " " || $0 == "\n" })
      if words.count > 1, words[0] == "Z" { names.append(String(words[1])) }
      if words.count > 2, words[0] == "L" { names.append(String(words[2])) }
    }
    free(line)
    return names
  }
}
