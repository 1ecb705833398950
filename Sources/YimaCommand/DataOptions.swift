import ArgumentParser
import Foundation
import Ledger

/// Where the installation lies and how its keystore is opened.
struct DataOptions: ParsableArguments {
  @Option(help: "The data folder of the installation.")
  var data: String

  @Option(help: "A file whose first line is the keystore's passphrase (or set YIMA_PASSPHRASE).")
  var passphraseFile: String?

  @Option(
    help: ArgumentHelp(
      "A PostgreSQL database, postgres://user@host/name, instead of SQLite in the data folder (or set YIMA_DATABASE).",
      discussion: "Passwords belong in PGPASSFILE or YIMA_DATABASE: others can see a command's arguments."))
  var database: String?

  /// The installation, not opened yet.
  func installation(now: @escaping @Sendable () -> Timestamp = Clock.system) throws -> Installation {
    Installation(directory: data, database: try databaseURL(), passphrase: try passphrase(), now: now)
  }

  private func databaseURL() throws -> String? { try Self.databaseURL(database) }

  /// The database's address from the command's argument, else from YIMA_DATABASE; nil when neither names one.
  static func databaseURL(_ argument: String?) throws -> String? {
    let text = argument ?? ProcessInfo.processInfo.environment["YIMA_DATABASE"].flatMap { $0.isEmpty ? nil : $0 }
    guard let text else { return nil }
    guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") else {
      throw ValidationError("--database must begin with postgres://")
    }
    return text
  }

  private func passphrase() throws -> String? {
    guard let passphraseFile else {
      return ProcessInfo.processInfo.environment["YIMA_PASSPHRASE"].flatMap { $0.isEmpty ? nil : $0 }
    }
    guard let text = try? String(contentsOfFile: passphraseFile, encoding: .utf8),
      let line = text.split(whereSeparator: \.isNewline).first
    else { throw ValidationError("The passphrase file \(passphraseFile) cannot be read.") }
    return String(line)
  }
}

extension InstallationError: CustomStringConvertible {
  /// What the user is told.
  package var description: String {
    switch self {
    case .exists(let folder): "\(folder) holds an installation already; nothing was changed"
    case .missing(let folder): "\(folder) holds no installation; make one with: yima init --data \(folder)"
    case .folder(let folder): "\(folder) cannot be made or written"
    case .moved(let folder):
      "the installation of \(folder) was moved to PostgreSQL; name the database with --database or YIMA_DATABASE"
    case .foreignKeys(let folder): "the keys in \(folder) are not those of this database"
    case .keystore(let error): error.description
    case .regions(let error): "the regions that come with the program cannot be read: \(error)"
    case .resolver(let text): "\(text) is not an address for codes, such as https://id.example.cn"
    case .ledger(let error): error.description
    }
  }
}
