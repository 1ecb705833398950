import Codes
import Ledger
import Regions

/// What was read, as far as it can be understood without the database: parsed, authenticated, located.
struct Reading: Sendable {
  enum Subject: Sendable {
    /// An item code that authenticates.
    case item(GenuineItem)
    /// An item code that does not, with the reason.
    case unproven(GTIN, ScanReason)
    /// A box code and what its seal says; nil: it has none.
    case box(SSCC, seal: ScanReason?)
    /// Not a code at all.
    case nothing
  }

  let subject: Subject
  /// What was read, for the record when it is no code of ours; cut to a bounded length.
  let raw: String
  /// Longest text of a foreign or forged code that is kept, in characters.
  static let rawMax = 200

  init(
    _ text: String, _ recogniser: Recogniser, _ resolver: Resolver, _ ring: @autoclosure () -> SealKeyRing
  ) {
    raw = text.utf8.count <= Self.rawMax ? text : String(text.prefix(Self.rawMax))
    guard let scanned = ScannedCode(printed: text, by: resolver) ?? (try? ScannedCode(text)) else {
      subject = .nothing
      return
    }
    switch scanned.subject {
    case .box(let sscc):
      subject = .box(sscc, seal: Self.seal(scanned, ring()))
    case .item(let gtin, let serial):
      do {
        subject = .item(try recogniser.recognise(gtin: gtin, serial: serial))
      } catch .failedTag {
        subject = .unproven(gtin, .failedTag)
      } catch .unknownEpoch {
        subject = .unproven(gtin, .unknownEpoch)
      } catch {
        subject = .unproven(gtin, .malformedCode)
      }
    }
  }

  private static func seal(_ scanned: ScannedCode, _ ring: SealKeyRing) -> ScanReason? {
    guard scanned.attributes["8030"] != nil || scanned.attributes["91"] != nil else { return nil }
    do {
      _ = try ring.verify(scanned, knownTerritories: nil)
      return .sealValid
    } catch {
      switch error {
      case .tamperedSeal: return .sealTampered
      case .revokedSealKey: return .sealKeyRevoked
      case .unknownSealKey: return .sealKeyUnknown
      default: return .sealMalformed
      }
    }
  }
}
