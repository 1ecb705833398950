import ArgumentParser
import Ledger
import TransparencyLog

/// `yima init`
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a new, empty installation; prints its first key and user as JSON.")

  @OptionGroup var options: DataOptions

  @Option(help: "The public address that printed codes begin with.")
  var resolver = Installation.defaultResolver

  func run() async throws {
    let ledger = try await options.installation().create(resolver: resolver)
    let made = try await FirstAccess.make(ledger)
    try ledger.store.close()
    let json: JSONValue = [
      "adminKey": .string(made.key), "adminUser": .string(made.user), "adminPassword": .string(made.password),
    ]
    Console.say(json.description)
  }
}

/// The first key and user of an installation.
enum FirstAccess {
  /// Makes the administrator's key, and the user `admin` with a random password.
  static func make(_ ledger: Ledger) async throws -> (key: String, user: String, password: String) {
    let access = Access(ledger)
    let key = try await access.createKey(role: .admin, name: "admin")
    let password = Base64.url.encode(ledger.salt().bytes.prefix(12))
    try await access.createUser(name: "admin", password: password, key: key.id)
    return (key.text, "admin", password)
  }
}
