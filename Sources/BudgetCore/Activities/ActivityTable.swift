/// All activities, found by their tag and its value.
struct ActivityTable: ~Copyable {
  private(set) var keys = KeyTable()
  private var activities = Slab<Activity>()
  /// The tags that are watched.
  let tags: [String]
  /// What a new activity of each tag may do before it is news; `max` for a cause that no rule limits.
  let quietUpTo: [InlineArray<4, Int64>]
  /// Tokens of the sessions that have ended.
  var sessions = SessionHistogram()
  /// Times that an activity found no place of its own.
  var overflow: Int64 = 0
  /// For each tag how often each cause was told.
  var runaways: [InlineArray<4, Int64>]
  private(set) var overflowCount = 0
  /// Where the next look for idle activities starts, and when places were last given up.
  var expiryCursor = 0
  var lastSweep = Instant.distantPast

  init(settings: ActivitySettings) {
    let watched = settings.tags
    tags = watched
    runaways = watched.map { _ in InlineArray(repeating: 0) }
    quietUpTo = watched.map { tag in
      var quiet = Activity.alwaysQuiet
      for cause in RunawayCause.allCases {
        quiet[cause.rawValue] = settings.quietUpTo(per: tag, cause, after: 0)
      }
      return quiet
    }
  }

  /// Activities but for those of `__other__`, which stand beside the bound.
  var count: Int { keys.count - overflowCount }
  var limit: Int { keys.limit }

  subscript(index: Int) -> Activity {
    _read { yield activities[index] }
    _modify { yield &activities[index] }
  }

  func copy() -> [Activity] { activities.copy() }

  func isOccupied(_ index: Int) -> Bool { keys.isOccupied(index) }

  static func key(tag: Int, value: String) -> [UInt8] { [UInt8(truncatingIfNeeded: tag)] + Array(value.utf8) }

  func name(_ index: Int) -> Tag {
    let key = keys.key(index)
    return Tag(key: tags[Int(key[0])], value: String(decoding: key.dropFirst(), as: UTF8.self))
  }

  func find(key: [UInt8], hash: UInt64) -> Int {
    key.withUnsafeBytes { keys.find($0.baseAddress!, count: $0.count, hash: hash) }
  }

  mutating func insert(key: [UInt8], hash: UInt64, _ activity: Activity) -> Int {
    let index = key.withUnsafeBytes { keys.insert($0.baseAddress!, count: $0.count, hash: hash) }
    if index == activities.count { activities.append(activity) } else { activities[index] = activity }
    if activity.isOverflow { overflowCount += 1 }
    return index
  }

  /// Of an activity that is not everybody's.
  mutating func remove(_ index: Int) { keys.remove(index) }
}
