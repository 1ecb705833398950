import Dispatch

/// Long work outside of Swift's own pool of threads, which is for short steps only.
enum OwnThread {
  /// Runs `body`, which may block, on a thread of its own.
  static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { done in
      DispatchQueue.global().async { done.resume(with: Result(catching: body)) }
    }
  }
}
