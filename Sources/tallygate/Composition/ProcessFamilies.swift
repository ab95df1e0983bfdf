import BudgetCore
import Exposition
import Glibc

/// The `process_*` metrics that every exporter has, read from /proc.
struct ProcessFamilies: Sendable {
  private let startTime: Instant

  init(startTime: Instant) { self.startTime = startTime }

  func families() -> [MetricFamily] {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    var files = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &files)
    let (virtual, resident) = Self.memory()
    return [
      .counter(
        "process_cpu_seconds", "User and system CPU time spent, in seconds.",
        [MetricFamily.Sample(.double(Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)))]),
      .gauge("process_resident_memory_bytes", "Resident memory.", resident),
      .gauge("process_virtual_memory_bytes", "Virtual memory.", virtual),
      .gauge("process_open_fds", "Open file descriptors.", Self.openFiles()),
      .gauge("process_max_fds", "Most file descriptors that may be open.", Int64(clamping: files.rlim_cur)),
      .gauge(
        "process_start_time_seconds", "When the process started, since the Unix epoch.",
        [MetricFamily.Sample(.instant(startTime))]),
    ]
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

  private static func memory() -> (virtual: Int64, resident: Int64) {
    var buffer = [UInt8](repeating: 0, count: 256)
    let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return (0, 0) }
    defer { close(descriptor) }
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 0 else { return (0, 0) }
    let pages = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ").compactMap { Int64($0) }
    guard pages.count >= 2 else { return (0, 0) }
    let size = Int64(sysconf(Int32(_SC_PAGESIZE)))
    return (pages[0] * size, pages[1] * size)
  }

  private static func openFiles() -> Int64 {
    guard let directory = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(directory) }
    var count: Int64 = 0
    while let entry = readdir(directory) {
      if entry.pointee.d_name.0 != CChar(bitPattern: UInt8(ascii: ".")) { count += 1 }
    }
    // The descriptor that reads the directory is one of them.
    return max(0, count - 1)
  }
}
