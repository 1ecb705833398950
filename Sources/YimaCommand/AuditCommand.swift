import ArgumentParser
import Attestation
import Casework
import Foundation
import Ledger
import Storage
import TransparencyLog

/// `yima audit`
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Recompute the ledger from stored events and compare it with every signed checkpoint.")

  @OptionGroup var options: DataOptions
  @Option(help: "A witness's address: its checkpoint is compared too; may be given several times.")
  var witness: [String] = []
  @Option(help: "A checkpoint that somebody kept (a signed note): it is compared too; may be given several times.")
  var checkpoint: [String] = []

  func run() async throws {
    let installation = try options.installation()
    let ledger = try installation.open(evenMoved: true)
    let total = try await ledger.read(LedgerError.self) { try $0.lastEventID() }
    let bar = ProgressBar(total: total, noun: "events")
    let report = try await Audit(ledger).run { bar.update($0) }
    bar.finish()
    let attachments = Casework(ledger, attachments: installation.directory + "/attachments")
    let defects =
      try await report.defects + AttestationAudit(ledger).run() + attachments.auditAttachments() + outside(ledger)
    Console.say("events \(report.events), checkpoints \(report.checkpoints), differences \(defects.count)")
    for defect in defects { Console.say(defect) }
    try ledger.store.close()
    if !defects.isEmpty { throw ExitCode(1) }
  }

  /// What the checkpoints of others say: an older copy of the database is found by them alone.
  private func outside(_ ledger: Ledger) async throws -> [String] {
    var found: [String] = []
    for url in witness {
      let address = url.hasSuffix("/") ? String(url.dropLast()) : url
      let reply: Post.Reply
      do {
        reply = try await Post.network.get(address + "/" + Witness.monitoringPath(origin: ledger.origin))
      } catch { throw ValidationError("The witness \(url) does not answer.") }
      guard reply.status == 200 else { throw ValidationError("The witness \(url) answers \(reply.status).") }
      let finding = try await OutsideCheckpoint(ledger).compare(reply.body)
      found += [OutsideCheckpoint.defect(finding, from: "the witness \(url)")].compactMap { $0 }
    }
    for path in checkpoint {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw ValidationError("\(path) cannot be read.")
      }
      let finding = try await OutsideCheckpoint(ledger).compare([UInt8](data))
      found += [OutsideCheckpoint.defect(finding, from: path)].compactMap { $0 }
    }
    return found
  }
}
