import ArgumentParser
import Foundation
import Ledger

/// Where the installation lies and how its keystore is opened.
struct DataOptions: ParsableArguments {
  @Option(help: "The data folder of the installation.")
  var data: String

  @Option(help: "A file whose first line is the keystore's passphrase (or set YIMA_PASSPHRASE).")
  var passphraseFile: String?

  /// The installation, not opened yet.
  func installation(now: @escaping @Sendable () -> Timestamp = Clock.system) throws -> Installation {
    Installation(directory: data, passphrase: try passphrase(), now: now)
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
    case .keystore(let error): error.description
    case .regions(let error): "the regions that come with the program cannot be read: \(error)"
    case .resolver(let text): "\(text) is not an address for codes, such as https://id.example.cn"
    case .ledger(let error): error.description
    }
  }
}
