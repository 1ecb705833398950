import ArgumentParser
import Ledger
import Regions
import TransparencyLog

/// `yima user …`
struct UserCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "user", abstract: "People who sign in; works while serving.",
    subcommands: [Create.self, Password.self])

  /// A random password, told once.
  static func password(_ ledger: Ledger) -> String { Base64.url.encode(ledger.salt().bytes.prefix(12)) }

  /// `yima user create`
  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Add a user; prints the password once, as JSON.")

    @OptionGroup var options: DataOptions
    @Option(help: "What the user signs in with.")
    var name: String
    @Option(help: "admin, issuer, warehouse, inspector, compliance, dealer or auditor.")
    var role: Role
    @Option(help: "The dealer that the user acts for.")
    var dealer: String?
    @Option(help: "The region that the user sees.")
    var region: String?
    @Option(help: "What the identity provider calls the user, who may then sign in there too.")
    var subject: String?

    func validate() throws {
      if let region, (try? RegionCode(region)) == nil { throw ValidationError("\(region) is not a region code.") }
    }

    func run() async throws {
      let ledger = try options.installation().open()
      let password = UserCommand.password(ledger)
      try await Access(ledger).addUser(
        name: name, password: password, role: role, dealer: dealer, region: region, subject: subject)
      try ledger.store.close()
      let json: JSONValue = ["user": .string(name), "password": .string(password)]
      Console.say(json.description)
    }
  }

  /// `yima user password`
  struct Password: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a user a new password, and ask for no one-time code until it is set up again.")

    @OptionGroup var options: DataOptions
    @Option(help: "The user.")
    var name: String

    func run() async throws {
      let ledger = try options.installation().open()
      let access = Access(ledger)
      let password = UserCommand.password(ledger)
      try await access.setPassword(of: name, to: password)
      try await access.endCodes(of: name)
      try ledger.store.close()
      let json: JSONValue = ["user": .string(name), "password": .string(password)]
      Console.say(json.description)
    }
  }
}
