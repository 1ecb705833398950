import Codes
import TransparencyLog

/// One bundle under examination. Each link is looked at as far as what it needs could be read, even when an earlier one
/// is broken: a reader learns everything that is wrong, not only the first thing.
struct Examination {
  private let trust: EvidenceTrust
  private(set) var findings: [LinkName: EvidenceReport.Finding] = [:]
  private(set) var manifest: Manifest?

  init(_ trust: EvidenceTrust) { self.trust = trust }

  mutating func run(_ zip: [UInt8]) {
    let reading = StoredZIP.read(zip)
    guard let entries = reading.entries else {
      findings[.container] = reading.fault?.finding
      return
    }
    let files = BundleFiles(entries)
    settle(.container) { () throws(Break) in
      if let fault = reading.fault { throw fault }
      return Wording(
        zh: "\(entries.count) 个文件，\(zip.count) 字节，逐字节符合格式",
        en: "\(entries.count) files in \(zip.count) bytes, every byte as the format has it")
    }
    manifest = settle(.manifest) { () throws(Break) in try ManifestCheck.manifest(files) }
    let keys = KeyCheck(files, trust, origin: manifest?.origin)
    settle(.manifestSignature) { () throws(Break) in try ManifestCheck.signature(files, keys.logKey) }
    settle(.keys) { () throws(Break) in try keys.finding.get() }
    let checkpoint = settle(.checkpoint) { () throws(Break) in try CheckpointCheck.open(files, keys.logKey) }
    if let checkpoint { attest(files, checkpoint, keys.logKey) }
    var log = LogCheck(files, checkpoint)
    settle(.events) { () throws(Break) in try log.events() }
    settle(.disclosures) { () throws(Break) in try log.disclosures() }
    chain(files, log.read, keys)
  }

  /// Who else says that the checkpoint existed. A bundle needs neither stamps nor witnesses, unless the reader does.
  private mutating func attest(_ files: BundleFiles, _ checkpoint: CheckpointCheck.Opened, _ key: NoteKey?) {
    let check = AttestationCheck(files: files, note: checkpoint.note, logKey: key)
    let (anchors, policy) = (trust.anchors, trust.witnesses)
    if check.stamps.isEmpty {
      findings[.timeStamps] = .notApplicable
    } else {
      settle(.timeStamps) { () throws(Break) in try check.timeStamps(anchors) }
    }
    if policy == nil, check.cosignatures == 0 {
      findings[.witnesses] = .notApplicable
    } else {
      settle(.witnesses) { () throws(Break) in try check.witnesses(policy) }
    }
  }

  /// The links about goods, scans and claim; they need a claim and its alert.
  private mutating func chain(_ files: BundleFiles, _ events: [UInt64: LoggedEvent], _ keys: KeyCheck) {
    let check: ClaimCheck
    do {
      check = try ClaimCheck(files, events, manifest: manifest)
    } catch {
      findings[.claim] = error.finding
      return
    }
    let goods = GoodsCheck(check, SealCheck(files, keys.sealKeys))
    findings.merge(goods.findings) { $1 }
    settle(.scanned) { () throws(Break) in try ScanCheck(check).finding() }
    settle(.judged) { () throws(Break) in try JudgementCheck(check).finding() }
    settle(.claim) { () throws(Break) in try check.finding() }
  }

  /// Keeps what a check found.
  private mutating func settle(_ link: LinkName, _ check: () throws(Break) -> Wording) {
    do {
      findings[link] = .holds(try check())
    } catch {
      findings[link] = error.finding
    }
  }

  /// Keeps what a check found, and hands on what it read.
  private mutating func settle<Value>(
    _ link: LinkName, _ check: () throws(Break) -> (value: Value, detail: Wording)
  ) -> Value? {
    do {
      let (value, detail) = try check()
      findings[link] = .holds(detail)
      return value
    } catch {
      findings[link] = error.finding
      return nil
    }
  }
}
