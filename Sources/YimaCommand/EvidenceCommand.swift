import ArgumentParser
import Evidence
import Foundation
import TimeStamps
import TransparencyLog

/// `yima evidence …`
struct EvidenceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence", abstract: "Evidence bundles, offline.", subcommands: [Verify.self])

  /// `yima evidence verify`
  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a bundle with no network, link by link; exit 0 only when everything holds.")

    @Argument(help: "The bundle (ZIP).")
    var file: String
    @Option(help: "The brand's public keys, got by another way than the bundle (/.well-known/jwks.json).")
    var jwks: String?
    @Option(
      name: .customLong("tsa-ca"),
      help: "Root certificates (PEM) that time stamps must lead to; without them stamps are reported as unchecked."
    )
    var tsaCA: String?
    @Option(help: "A witness's public key (vkey) that counts; may be given several times.")
    var witness: [String] = []
    @Option(help: "How many of the witnesses must have cosigned; all unless said.")
    var witnesses: Int?
    @Flag(help: "Print the findings as JSON.")
    var json = false

    func run() async throws {
      let bundle = try Self.read(file, limit: EvidenceLimits.bytesMax + 1)
      let verifier =
        try jwks.map { try EvidenceVerifier(jwks: try Self.read($0, limit: 1 << 20)) } ?? EvidenceVerifier()
      let report = verifier.demanding(anchors: try anchors(), witnesses: try policy()).verify(bundle)
      if json {
        Console.say(report.json.description)
      } else {
        for link in report.links {
          let finding = link.finding.wording
          Console.say("\(Self.mark(link.finding))  \(link.name.title.zh)  \(finding.zh)")
          Console.say("   \(link.name.title.en): \(finding.en)")
        }
        Console.say(report.isGood ? "证据完整有效 / Everything holds." : "证据不成立 / Something does not hold.")
      }
      if !report.isGood { throw ExitCode(1) }
    }

    private func anchors() throws -> TrustAnchors? {
      guard let tsaCA else { return nil }
      guard let anchors = try? TrustAnchors(pem: try Self.read(tsaCA, limit: 1 << 20)) else {
        throw ValidationError("\(tsaCA) has no root certificates in PEM.")
      }
      return anchors
    }

    private func policy() throws -> WitnessPolicy? {
      guard !witness.isEmpty || witnesses != nil else { return nil }
      let keys = try witness.map { text in
        guard let key = try? NoteKey(parsing: text), key.kind == .cosignatureV1 else {
          throw ValidationError("\(text) is not a witness's public key (vkey).")
        }
        return key
      }
      return WitnessPolicy(witnesses: keys, needed: witnesses ?? keys.count)
    }

    private static func mark(_ finding: EvidenceReport.Finding) -> String {
      switch finding {
      case .holds: "✔"
      case .broken: "✘"
      case .notApplicable: "–"
      case .notChecked: "?"
      }
    }

    private static func read(_ path: String, limit: Int) throws -> [UInt8] {
      guard let handle = FileHandle(forReadingAtPath: path) else {
        throw ValidationError("\(path) cannot be read.")
      }
      return Array(try handle.read(upToCount: limit) ?? Data())
    }
  }
}
