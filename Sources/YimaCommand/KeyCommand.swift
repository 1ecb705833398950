import ArgumentParser
import Codes
import Foundation
import Ledger
import Regions
import TransparencyLog

extension Role: ExpressibleByArgument {}

extension Timestamp: ExpressibleByArgument {
  package init?(argument: String) { self.init(rfc3339: argument) }
}

/// `yima key …`
struct KeyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "API keys and the issuer's keys; works while serving.",
    subcommands: [Create.self, Revoke.self, Rotate.self])

  /// `yima key create`
  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Make an API key; prints it once, as JSON.")

    @OptionGroup var options: DataOptions
    @Option(help: "admin, issuer, warehouse, terminal, inspector, compliance, dealer or auditor.")
    var role: Role
    @Option(help: "The dealer that the key acts for.")
    var dealer: String?
    @Option(help: "The region that the key is bound to.")
    var region: String?
    @Option(help: "A name to know it by.")
    var name = ""

    func validate() throws {
      guard role != .consumer else { throw ValidationError("No key carries the role consumer.") }
      if let region, (try? RegionCode(region)) == nil { throw ValidationError("\(region) is not a region code.") }
    }

    func run() async throws {
      let ledger = try options.installation().open()
      let key = try await Access(ledger).createKey(role: role, dealer: dealer, region: region, name: name)
      try ledger.store.close()
      let json: JSONValue = ["id": .integer(key.id), "key": .string(key.text)]
      Console.say(json.description)
    }
  }

  /// `yima key revoke`
  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Revoke an API key by its number, or a seal key by its name.",
      discussion: """
        Seals that a revoked key made at the moment or later are trusted no more, here and by everybody who reads
        /.well-known/jwks.json again; earlier ones stay good. When it was the key that seals, `yima key rotate --seal`
        makes the next one.
        """)

    @OptionGroup var options: DataOptions
    @Option(help: "The API key's number, as `create` printed it.")
    var id: Int64?
    @Option(help: "The seal key's name, the `kid` in /.well-known/jwks.json.")
    var seal: String?
    @Option(help: "The moment since when the seal key may have been in other hands (RFC 3339); now unless said.")
    var at: Timestamp?

    func validate() throws {
      guard (id == nil) != (seal == nil) else {
        throw ValidationError("Name an API key (--id) or a seal key (--seal).")
      }
      guard at == nil || seal != nil else { throw ValidationError("--at goes with --seal.") }
    }

    func run() async throws {
      if let id { try await revoke(id) }
      if let seal { try await revoke(seal: seal) }
    }

    private func revoke(_ id: Int64) async throws {
      let ledger = try options.installation().open()
      try await Access(ledger).revokeKey(id)
      try ledger.store.close()
    }

    private func revoke(seal name: String) async throws {
      let installation = try options.installation()
      guard at.map({ $0 <= installation.now() }) ?? true else { throw ValidationError("--at lies in the future.") }
      let ledger = try installation.open()
      let next = try await KeystoreDesk(ledger, installation).revokeSeal(name, at: at)
      try ledger.store.close()
      let json: JSONValue = ["revoked": .string(name), "sealKey": next.map { .string($0) } ?? nil]
      Console.say(json.description)
    }
  }

  /// `yima key rotate`
  struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Begin a new key epoch for item codes, or a new seal key; older codes and seals stay good.")

    @OptionGroup var options: DataOptions
    @Flag(help: "Rotate the seal key, not the root key of item codes.")
    var seal = false

    func run() async throws {
      let installation = try options.installation()
      let ledger = try installation.open()
      let desk = KeystoreDesk(ledger, installation)
      if seal { _ = try await desk.rotateSeals() } else { _ = try await desk.rotateCodes() }
      let view = desk.view()
      try ledger.store.close()
      let json: JSONValue = [
        "epoch": .integer(view.epochs.last?.number ?? 0),
        "sealKey": view.seals.first { $0.isInUse }.map { .string($0.name) } ?? nil,
      ]
      Console.say(json.description)
    }
  }
}
