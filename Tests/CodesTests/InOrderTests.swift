import Codes
import Glibc
import Synchronization
import Testing

@Suite("Work on all cores, in order")
struct InOrderTests {
  private struct Failed: Error, Equatable { let piece: Int }

  @Test("pieces are taken in order, each once, whatever the number of workers", arguments: [1, 2, 3, 8])
  func order(workers: Int) throws {
    let taken = Mutex<[Int]>([])
    try InOrder.run(500, workers: workers) {
      0
    } make: { state, piece in
      state += 1
      return piece
    } take: { piece in
      taken.withLock { $0.append(piece) }
    }
    #expect(taken.withLock { $0 } == Array(0..<500))
  }

  @Test("what fails first in order is thrown, and nothing after it is taken", arguments: [1, 4])
  func failure(workers: Int) {
    let taken = Mutex<[Int]>([])
    #expect(throws: Failed(piece: 37)) {
      try InOrder.run(500, workers: workers) {
      } make: { _, piece in
        if piece >= 37 { throw Failed(piece: piece) }
        return piece
      } take: { piece in
        taken.withLock { $0.append(piece) }
      }
    }
    #expect(taken.withLock { $0 } == Array(0..<37))
  }

  @Test(
    "workers go on while an earlier piece takes long, but only so far that memory stays bounded",
    .enabled(if: InOrder.cores > 1))
  func ahead() throws {
    let made = Mutex(0), most = Mutex(0)
    let taken = Mutex<[Int]>([])
    let workers = 4
    try InOrder.run(200, workers: workers) {
    } make: { _, piece in
      if piece == 0 {
        // Ends once the others are as far ahead as they may go: a window, and a piece in one's hands.
        while made.withLock({ $0 }) < 4 * workers { sched_yield() }
      }
      let ahead = made.withLock { made in
        made += 1
        return made - taken.withLock { $0.count }
      }
      most.withLock { $0 = max($0, ahead) }
      return piece
    } take: { piece in
      taken.withLock { $0.append(piece) }
    }
    #expect(taken.withLock { $0 } == Array(0..<200))
    #expect(most.withLock { $0 } <= 5 * workers)
  }

  @Test("nothing to do is done at once")
  func nothing() throws {
    try InOrder.run(0) {
    } make: { _, piece in
      piece
    } take: { _ in
      Issue.record("a piece")
    }
  }
}
