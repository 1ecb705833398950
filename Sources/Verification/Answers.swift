import Synchronization

/// Gathers the answers of several scans, which come in any order, and hands them over when all are there.
final class Answers: Sendable {
  typealias Answer = Result<ScanAnswer, VerificationError>

  private let answers: Mutex<(values: [Answer], missing: Int)>
  private let done: @Sendable ([Answer]) -> Void

  init(count: Int, done: @escaping @Sendable ([Answer]) -> Void) {
    answers = Mutex((Array(repeating: .failure(.overloaded), count: count), count))
    self.done = done
  }

  /// Puts an answer to its place; each place is answered once.
  func put(_ answer: Answer, at place: Int) {
    let all: [Answer]? = answers.withLock { answers in
      answers.values[place] = answer
      answers.missing -= 1
      return answers.missing == 0 ? answers.values : nil
    }
    if let all { done(all) }
  }
}
