import ArgumentParser
import Attestation
import Casework
import Ledger
import Storage

/// `yima audit`
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Recompute the ledger from stored events and compare it with every signed checkpoint.")

  @OptionGroup var options: DataOptions

  func run() async throws {
    let installation = try options.installation()
    let ledger = try installation.open(evenMoved: true)
    let total = try await ledger.read(LedgerError.self) { try $0.lastEventID() }
    let bar = ProgressBar(total: total, noun: "events")
    let report = try await Audit(ledger).run { bar.update($0) }
    bar.finish()
    let attachments = Casework(ledger, attachments: installation.directory + "/attachments")
    let defects =
      try await report.defects + AttestationAudit(ledger).run() + attachments.auditAttachments()
    Console.say("events \(report.events), checkpoints \(report.checkpoints), differences \(defects.count)")
    for defect in defects { Console.say(defect) }
    try ledger.store.close()
    if !defects.isEmpty { throw ExitCode(1) }
  }
}
