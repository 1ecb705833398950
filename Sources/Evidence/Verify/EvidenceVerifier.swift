import Codes
import TimeStamps
import TransparencyLog

/// Checks a bundle with nothing but keys: no network, no clock, no database.
///
/// It takes bytes from anyone. It never traps and never throws; its time and memory are linear in the size of the bundle,
/// which `EvidenceLimits` bounds.
package struct EvidenceVerifier: Sendable {
  private var trust: EvidenceTrust

  /// - Parameters:
  ///   - sealKeys: the brand's public keys as the reader got them from elsewhere; nil takes the bundle's on its word.
  ///   - logKey: the key of the log, likewise.
  package init(sealKeys: SealKeyRing? = nil, logKey: NoteKey? = nil) {
    trust = EvidenceTrust(sealKeys: sealKeys, logKey: logKey)
  }

  /// Trusts a key set as the brand publishes it at `/.well-known/jwks.json`. Its member `logKey`, where it has one, is
  /// the vkey of the log.
  /// - Throws: `badTrustedKeys`.
  package init(jwks: [UInt8]) throws(EvidenceError) {
    guard let ring = try? SealKeyRing(jwks: jwks), !ring.keys.isEmpty,
      let document = try? JSONValue(parsing: jwks)
    else { throw .badTrustedKeys }
    var logKey: NoteKey?
    if let value = document["logKey"] {
      guard let vkey = value.string, let key = try? NoteKey(parsing: vkey) else { throw .badTrustedKeys }
      logKey = key
    }
    self.init(sealKeys: ring, logKey: logKey)
  }

  /// The same verifier, which also checks time stamps up to these roots, and demands witnesses. Without roots stamps are
  /// reported as unchecked, and so are cosignatures without a policy.
  package func demanding(anchors: TrustAnchors?, witnesses: WitnessPolicy?) -> EvidenceVerifier {
    var copy = self
    copy.trust.anchors = anchors
    copy.trust.witnesses = witnesses
    return copy
  }

  /// What holds and what does not, link by link.
  package func verify(_ zip: [UInt8]) -> EvidenceReport {
    var examination = Examination(trust)
    examination.run(zip)
    return EvidenceReport(findings: examination.findings, caseID: examination.manifest?.caseID)
  }
}

/// The keys that a reader brings along.
struct EvidenceTrust: Sendable {
  let sealKeys: SealKeyRing?
  let logKey: NoteKey?
  var anchors: TrustAnchors?
  var witnesses: WitnessPolicy?
}

/// The files of a bundle by path.
struct BundleFiles {
  let entries: [StoredZIP.Entry]
  private let byPath: [String: [UInt8]]

  init(_ entries: [StoredZIP.Entry]) {
    self.entries = entries
    byPath = Dictionary(entries.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(path: String) -> [UInt8]? { byPath[path] }

  func require(_ path: String) throws(Break) -> [UInt8] {
    guard let bytes = byPath[path] else { throw Break(.fileMissing, path) }
    return bytes
  }
}
