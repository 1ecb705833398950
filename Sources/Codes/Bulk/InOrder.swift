import Dispatch
import Foundation
import Synchronization

/// Work on all cores whose results keep their order.
package enum InOrder {
  /// How many cores there are to work on.
  package static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  /// Makes the pieces `0 ..< count` on all cores and hands them to `take` one at a time, in order. Pieces that are
  /// ready before their turn are kept, a few for each worker: none waits for another's longer piece, and memory does
  /// not grow with the count. Blocks the calling thread.
  /// - Parameters:
  ///   - workers: how many pieces are made at a time.
  ///   - state: what a worker keeps from piece to piece.
  /// - Throws: what `make` or `take` threw for the lowest piece; no later piece is taken.
  package static func run<State, Piece: Sendable>(
    _ count: Int, workers: Int = cores, state: @Sendable () throws -> State,
    make: @Sendable (inout State, Int) throws -> Piece, take: @Sendable (Piece) throws -> Void
  ) throws {
    let next = Atomic(0)
    let turns = Turns<Piece>(window: 4 * workers)
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
        guard turns.pass(number, piece, take) else { return }
      }
    }
    try turns.outcome()
  }
}

/// Lets pieces through one after the other, until one fails.
private final class Turns<Piece: Sendable>: Sendable {
  private struct State {
    var next = 0
    var ready: [Int: Result<Piece, any Error>] = [:]
    var isTaking = false
    var failure: (any Error)?
  }

  private let state = Mutex(State())
  private let changed = NSCondition()
  private let window: Int

  /// Keeps as many pieces as `window` before their turn.
  init(window: Int) { self.window = window }

  /// Takes the piece when it has its turn, and with it those behind it that are ready; keeps it when it has not. Waits
  /// while it is too far ahead. False when one failed.
  func pass(_ number: Int, _ piece: Result<Piece, any Error>, _ take: (Piece) throws -> Void) -> Bool {
    guard keep(number, piece) else { return false }
    while let piece = turn() {
      let outcome = Result { try take(piece.get()) }
      end(outcome)
      if case .failure = outcome { return false }
    }
    return true
  }

  private func keep(_ number: Int, _ piece: Result<Piece, any Error>) -> Bool {
    changed.lock()
    defer { changed.unlock() }
    while true {
      let (mayKeep, hasFailed) = state.withLock { state in
        let mayKeep = number < state.next + window
        if mayKeep { state.ready[number] = piece }
        return (mayKeep, state.failure != nil)
      }
      if hasFailed { return false }
      if mayKeep { return true }
      changed.wait()
    }
  }

  /// The piece whose turn it is, for one worker at a time.
  private func turn() -> Result<Piece, any Error>? {
    state.withLock { state in
      guard !state.isTaking, state.failure == nil, let piece = state.ready.removeValue(forKey: state.next) else {
        return nil
      }
      state.isTaking = true
      return piece
    }
  }

  private func end(_ outcome: Result<Void, any Error>) {
    changed.lock()
    defer { changed.unlock() }
    state.withLock { state in
      state.isTaking = false
      state.next += 1
      if case .failure(let error) = outcome { state.failure = error }
    }
    changed.broadcast()
  }

  /// Throws what failed.
  func outcome() throws {
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }
}
