import ArgumentParser
import NIOConcurrencyHelpers

/// Where the process begins.
///
/// An asynchronous `main` would end its thread when it has nothing to run on it. Ending a thread unwinds its stack, and
/// for that a static program sorts the unwind tables of all its code first: tens of milliseconds at each start, and
/// megabytes of pages that nothing else would touch. So the first thread waits.
@main
enum EntryPoint {
  static func main() {
    let isOver = ConditionLock(value: false)
    Task.detached {
      await Tallygate.main()
      isOver.lock()
      isOver.unlock(withValue: true)
    }
    isOver.lock(whenValue: true)
    isOver.unlock()
  }
}
