import Codes
import TransparencyLog

/// The keys in the bundle, and those that the reader trusts.
struct KeyCheck {
  /// Checks the log's signatures: the trusted key, else the bundle's.
  let logKey: NoteKey?
  /// Checks seals; nil when there is none to be had.
  let sealKeys: SealKeyRing?
  let finding: Result<Wording, Break>

  init(_ files: BundleFiles, _ trust: EvidenceTrust, origin: String?) {
    let own = Result { () throws(Break) in try Self.logKey(files) }
    let ring = Result { () throws(Break) in try Self.sealKeys(files) }
    logKey = trust.logKey ?? (try? own.get())
    let bundled = try? ring.get()
    sealKeys = trust.sealKeys.map { Self.strict($0, bundled) } ?? bundled
    finding = Result { () throws(Break) in
      let (key, ring) = (try own.get(), try ring.get())
      guard trust.logKey == nil || trust.logKey == key else { throw Break(.logKeyNotTrusted, EvidencePath.logKey) }
      guard origin == nil || origin == key.name else { throw Break(.logKeyOfAnotherLog, EvidencePath.logKey) }
      if let trusted = trust.sealKeys, let stranger = ring.keys.first(where: { !Self.isKnown($0, trusted) }) {
        throw Break(.sealKeyNotTrusted(stranger.keyID), EvidencePath.sealKeys)
      }
      return Self.wording(trust, seals: ring.keys.count)
    }
  }

  private static func logKey(_ files: BundleFiles) throws(Break) -> NoteKey {
    let bytes = try files.require(EvidencePath.logKey)
    guard let text = String(validating: bytes, as: UTF8.self), text.last == "\n",
      let key = try? NoteKey(parsing: String(text.dropLast())), key.kind == .ed25519, key.vkey + "\n" == text
    else { throw Break(.keysMalformed, EvidencePath.logKey) }
    return key
  }

  private static func sealKeys(_ files: BundleFiles) throws(Break) -> SealKeyRing {
    let bytes = try files.require(EvidencePath.sealKeys)
    guard let ring = try? SealKeyRing(jwks: bytes) else { throw Break(.keysMalformed, EvidencePath.sealKeys) }
    return ring
  }

  /// A key is known by its bytes and its first day; it may have been revoked since either set was written.
  private static func isKnown(_ key: SealPublicKey, _ trusted: SealKeyRing) -> Bool {
    trusted.keys.contains { $0.publicKey == key.publicKey && $0.notBefore == key.notBefore }
  }

  /// The trusted keys with the earlier of the two revocations: whoever learnt of a theft first is right.
  private static func strict(_ trusted: SealKeyRing, _ bundled: SealKeyRing?) -> SealKeyRing {
    SealKeyRing(
      trusted.keys.compactMap { key in
        let other = bundled?.keys.first { $0.publicKey == key.publicKey }?.revokedAt
        let revokedAt = [key.revokedAt, other].compactMap(\.self).min()
        return SealPublicKey(publicKey: key.publicKey, notBefore: key.notBefore, revokedAt: revokedAt)
      })
  }

  private static func wording(_ trust: EvidenceTrust, seals count: Int) -> Wording {
    switch (trust.logKey != nil, trust.sealKeys != nil) {
    case (true, true): Wording(zh: "账本公钥与 \(count) 个封签公钥均为所信任", en: "log key and \(count) seal keys are those trusted")
    case (true, false): Wording(zh: "账本公钥为所信任；封签公钥未固定（unpinned）", en: "log key as trusted; seal keys unpinned")
    case (false, true): Wording(zh: "封签公钥为所信任；账本公钥未固定（unpinned）", en: "seal keys as trusted; log key unpinned")
    case (false, false):
      Wording(zh: "未固定（unpinned）：公钥以证据包自身为准", en: "unpinned: the bundle's own keys are taken on its word")
    }
  }
}
