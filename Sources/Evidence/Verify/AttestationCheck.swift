import TimeStamps
import TransparencyLog

/// Time stamps and cosignatures over the checkpoint.
///
/// A stamp is over the note as the log signed it: cosignatures are gathered at the same time, in whatever order, so what
/// is stamped has none of them. A stamp over the whole file `checkpoint` is accepted too.
struct AttestationCheck {
  let files: BundleFiles
  let note: [UInt8]
  let logKey: NoteKey?

  /// The files with time stamps.
  var stamps: [StoredZIP.Entry] {
    files.entries.filter { $0.path.hasPrefix(EvidencePath.timeStamps) && $0.path.hasSuffix(".tsr") }
  }

  /// Signatures of others than the log.
  var cosignatures: Int {
    guard let parsed = try? SignedNote(parsing: note) else { return 0 }
    return parsed.signatures.filter { $0.name != logKey?.name }.count
  }

  /// The bytes that a stamp may be over: the log's own note first.
  private var stamped: [[UInt8]] {
    guard let parsed = try? SignedNote(parsing: note), let logKey else { return [note] }
    return [parsed.filtered { $0.name == logKey.name }.bytes, note]
  }

  func timeStamps(_ anchors: TrustAnchors?) throws(Break) -> Wording {
    let stamps = stamps
    guard let anchors else {
      return Wording(
        zh: "\(stamps.count) 个时间戳，未核验：没有给出信任的根证书", en: "\(stamps.count) time stamps, unchecked: no trusted roots given")
    }
    var times: [Int64] = []
    for stamp in stamps {
      do {
        let answer = try TimeStampAnswer(der: stamp.bytes)
        times.append(try Self.verify(answer, over: stamped, anchors).time)
      } catch { throw Break(.timeStampRefused("\(error)"), stamp.path) }
    }
    let first = Instant.text(seconds: times.min() ?? 0)
    return Wording(
      zh: "\(stamps.count) 个时间戳成立，检查点不晚于 \(first)",
      en: "\(stamps.count) time stamps hold; the checkpoint existed at \(first)")
  }

  private static func verify(
    _ answer: TimeStampAnswer, over notes: [[UInt8]], _ anchors: TrustAnchors
  ) throws(TimeStampError) -> VerifiedTimeStamp {
    var failure = TimeStampError.malformed
    for note in notes {
      do { return try answer.verify(note: note, .init(anchors: anchors)) } catch { failure = error }
      guard failure == .wrongImprint else { break }
    }
    throw failure
  }

  func witnesses(_ policy: WitnessPolicy?) throws(Break) -> Wording {
    guard let policy else {
      return Wording(
        zh: "\(cosignatures) 个见证签名，未核验：没有给出见证人公钥",
        en: "\(cosignatures) cosignatures, unchecked: no witnesses' keys given")
    }
    let finding: WitnessPolicy.Finding
    do { finding = try policy.count(in: note) } catch {
      throw Break(.cosignatureRefused("\(error)"), EvidencePath.checkpoint)
    }
    guard finding.isEnough else {
      throw Break(.tooFewWitnesses(needed: policy.needed, found: finding.cosigned.count), EvidencePath.checkpoint)
    }
    let names = finding.cosigned.map(\.witness).joined(separator: ", ")
    return Wording(
      zh: "要求 \(policy.needed) 个见证人，\(finding.cosigned.count) 个已签：\(names)",
      en: "\(policy.needed) witnesses demanded, \(finding.cosigned.count) cosigned: \(names)")
  }
}
