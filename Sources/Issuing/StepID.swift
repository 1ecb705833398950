import Ledger
import Storage
import TransparencyLog

/// A name that a client gives to a step, so that the step is taken once however often it is sent: a scanner that was cut
/// off sends again what it had no answer to.
package struct StepID: Sendable, Equatable {
  /// The name, unique among the steps of one key.
  package let text: String
  /// What was asked: another request under the same name is a mistake of the client.
  package let request: Digest32

  /// Made from its parts.
  package init(_ text: String, request: Digest32) {
    self.text = text
    self.request = request
  }

  /// What the step answered before; nil when it is new. There is one writer at a time, so nobody comes between this and
  /// `keep`.
  func result(for actor: Actor, _ transaction: Transaction) throws -> Int64? {
    guard let reply = try transaction.stepReply(key: actor.key, client: text) else { return nil }
    guard reply.request == request.bytes else { throw IssuingError.idReused(text) }
    return reply.result
  }

  /// Keeps what the step answers, in the transaction of the step.
  func keep(_ result: Int64, event: Int64, for actor: Actor, _ transaction: Transaction) throws {
    try transaction.addStepReply(
      key: actor.key, client: text, request: request.bytes, event: event, result: result)
  }
}
