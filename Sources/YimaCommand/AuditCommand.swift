import ArgumentParser
import Ledger
import Storage

/// `yima audit`
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Recompute the ledger from stored events and compare it with every signed checkpoint.")

  @OptionGroup var options: DataOptions

  func run() async throws {
    let ledger = try options.installation().open(evenMoved: true)
    let total = try await ledger.read(LedgerError.self) { try $0.lastEventID() }
    let bar = ProgressBar(total: total, noun: "events")
    let report = try await Audit(ledger).run { bar.update($0) }
    bar.finish()
    Console.say("events \(report.events), checkpoints \(report.checkpoints), differences \(report.defects.count)")
    for defect in report.defects { Console.say(defect) }
    try ledger.store.close()
    if !report.isClean { throw ExitCode(1) }
  }
}
