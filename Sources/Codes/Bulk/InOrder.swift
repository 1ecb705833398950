import Dispatch
import Foundation
import Synchronization

/// Work on all cores whose results keep their order.
package enum InOrder {
  /// How many cores there are to work on.
  package static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// Makes the pieces `0 ..< count` on all cores and hands them to `take` one at a time, in order. A worker that is
  /// ahead waits for its turn with one piece in its hands: memory does not grow with the count. Blocks the calling
  /// thread.
  /// - Parameters:
  ///   - workers: how many pieces are made at a time.
  ///   - state: what a worker keeps from piece to piece.
  /// - Throws: what `make` or `take` threw for the lowest piece; no later piece is taken.
  package static func run<State, Piece>(
    _ count: Int, workers: Int = cores, state: @Sendable () throws -> State,
    make: @Sendable (inout State, Int) throws -> Piece, take: @Sendable (Piece) throws -> Void
  ) throws {
    let next = Atomic(0)
    let turns = Turns()
    DispatchQueue.concurrentPerform(iterations: max(1, min(workers, count))) { _ in
      var kept: State?
      while true {
        let number = next.add(1, ordering: .relaxed).oldValue
        guard number < count else { return }
        let piece = Result {
          var mine = try kept ?? state()
          // Moved out and in again, so that a worker's buffers are its own while they are written.
          kept = nil
          defer { kept = mine }
          return try make(&mine, number)
        }
        guard turns.pass(number, { try take(piece.get()) }) else { return }
      }
    }
    try turns.outcome()
  }
}

/// Lets numbers through one after the other, until one fails.
private final class Turns: Sendable {
  private struct State {
    var next = 0
    var failure: (any Error)?
  }

  private let state = Mutex(State())
  private let changed = NSCondition()

  /// Waits until all lower numbers are through and runs `body`; false when one of them, or this one, failed.
  func pass(_ number: Int, _ body: () throws -> Void) -> Bool {
    guard wait(for: number) else { return false }
    do {
      try body()
      end(nil)
      return true
    } catch {
      end(error)
      return false
    }
  }

  private func wait(for number: Int) -> Bool {
    changed.lock()
    defer { changed.unlock() }
    while true {
      let (isNext, hasFailed) = state.withLock { ($0.next == number, $0.failure != nil) }
      if hasFailed { return false }
      if isNext { return true }
      changed.wait()
    }
  }

  private func end(_ failure: (any Error)?) {
    changed.lock()
    defer { changed.unlock() }
    state.withLock { state in
      state.next += 1
      state.failure = failure
    }
    changed.broadcast()
  }

  /// Throws what failed.
  func outcome() throws {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}
