/// Where things lie in a bundle. One spelling a path: ASCII without spaces, so that no file system changes it.
enum EvidencePath {
  static let manifest = "manifest.json"
  static let manifestSignature = "manifest.sig"
  static let claim = "case.json"
  static let checkpoint = "checkpoint"
  static let sealKeys = "keys/jwks.json"
  static let logKey = "keys/log.vkey"
  static let report = "report.pdf"
  static let timeStamps = "timestamps/"

  static func event(_ index: UInt64) -> String { "events/\(index).json" }
  static func disclosed(_ index: UInt64) -> String { "events/\(index).disclosed.json" }
  static func proof(_ index: UInt64) -> String { "proofs/\(index).tlog-proof" }
  static func seal(_ unit: String) -> String { "seals/\(unit).txt" }
  static func attachment(_ name: String) -> String { "attachments/\(name)" }

  /// The longest path, in bytes.
  static let longest = 200

  /// What a path of the format holds.
  enum Content: Equatable {
    case manifest, manifestSignature, claim, checkpoint, sealKeys, logKey
    case event(UInt64)
    case disclosed(UInt64)
    case proof(UInt64)
    case seal(String)
    /// Admitted by the format, and not read by the verifier beyond its hash.
    case enclosure
  }

  /// What stands at `path`; nil for a path that the format does not have.
  static func content(_ path: String) -> Content? {
    switch path {
    case manifest: return .manifest
    case manifestSignature: return .manifestSignature
    case claim: return .claim
    case checkpoint: return .checkpoint
    case sealKeys: return .sealKeys
    case logKey: return .logKey
    case report: return .enclosure
    default: break
    }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let name = parts.last, isName(name) else { return nil }
    switch parts[0] {
    case "events":
      return number(name, ".disclosed.json").map(Content.disclosed) ?? number(name, ".json").map(Content.event)
    case "proofs": return number(name, ".tlog-proof").map(Content.proof)
    case "seals": return name.hasSuffix(".txt") ? .seal(String(name.dropLast(4))) : nil
    case "attachments", "timestamps": return .enclosure
    default: return nil
    }
  }

  /// Letters, digits, `-`, `_` and `.`, the first no point.
  private static func isName(_ name: Substring) -> Bool {
    guard let first = name.utf8.first, first != UInt8(ascii: "."), name.utf8.count <= longest else { return false }
    return name.utf8.allSatisfy(isNameByte)
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  private static func number(_ name: Substring, _ suffix: String) -> UInt64? {
    guard name.hasSuffix(suffix) else { return nil }
    let digits = name.dropLast(suffix.count)
    guard let number = UInt64(digits), String(number) == digits else { return nil }
    return number
  }
}
