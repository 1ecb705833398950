import Dispatch
import Foundation
import Glibc
import Synchronization

/// A thread on which actors work that nobody waits for, such as detectors and label presses: when the cores are busy,
/// answers to scans go first. It gets its share all the same, so that nothing falls behind for ever.
///
/// Work on it may block. It lives as long as the process.
package final class BackgroundThread: SerialExecutor {
  private let jobs = Mutex<[UnownedJob]>([])
  private let waiting = DispatchSemaphore(value: 0)

  /// A third of the weight of an ordinary thread (`sched(7)`, "The nice value").
  private static let niceness: Int32 = 5

  /// Starts a thread of this name (15 characters at most, `pthread_setname_np(3)`).
  package init(_ name: String) {
    let thread = Thread { [self] in
      Thread.current.name = name
      // On Linux this is the calling thread's alone. Where it is refused, the thread works as any other.
      _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
      while true { next()?.runSynchronously(on: asUnownedSerialExecutor()) }
    }
    thread.stackSize = 1 << 23
    thread.start()
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    waiting.signal()
  }

  private func next() -> UnownedJob? {
    waiting.wait()
    return jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
  }
}
