import ArgumentParser
import Ledger

/// `yima move`
struct MoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "move",
    abstract: "Move an installation from SQLite in its folder to an empty PostgreSQL database; audited on both sides.",
    discussion: "Stop the server first. The keys stay in the folder; the SQLite file stays too, closed for writing.")

  @Option(help: "The data folder of the installation.")
  var from: String
  @Option(help: "The PostgreSQL database, postgres://user@host/name.")
  var to: String
  @Option(help: "A file whose first line is the keystore's passphrase (or set YIMA_PASSPHRASE).")
  var passphraseFile: String?

  func run() async throws {
    var arguments = ["--data", from, "--database", to]
    if let passphraseFile { arguments += ["--passphrase-file", passphraseFile] }
    let target = try DataOptions.parse(arguments).installation()
    let source = Installation(directory: from, passphrase: target.passphrase)
    let before = try await audit(try source.open(), "SQLite")
    try target.move(to: to) { table, rows in
      if Console.isTerminal { Console.overwrite("\(table): \(rows) \u{1b}[K") }
    }
    if Console.isTerminal { Console.note("") }
    let after = try await audit(try target.open(), "PostgreSQL")
    guard before == after else {
      Console.note("The two databases do not hold the same.")
      throw ExitCode(1)
    }
    Console.say("Moved. Serve it with: yima serve --data \(from) --database …")
  }

  /// Audits a database; a difference ends the command.
  private func audit(_ ledger: Ledger, _ name: String) async throws -> [Int64] {
    if name == "SQLite" { try await Sequencer(ledger).catchUp() }
    let report = try await Audit(ledger).run { _ in }
    Console.say(
      "\(name): events \(report.events), checkpoints \(report.checkpoints), differences \(report.defects.count)")
    for defect in report.defects { Console.say(defect) }
    try ledger.store.close()
    guard report.isClean else { throw ExitCode(1) }
    return [Int64(report.events), Int64(report.checkpoints)]
  }
}
