import TransparencyLog

/// Events against the log: each is canonical, and in the tree where its number says.
struct LogCheck {
  private let files: BundleFiles
  private let checkpoint: CheckpointCheck.Opened?
  /// The events that could be read, whether or not they are in the log.
  private(set) var read: [UInt64: LoggedEvent] = [:]
  private var indexes: [UInt64] = []
  private var firstFault: Break?

  init(_ files: BundleFiles, _ checkpoint: CheckpointCheck.Opened?) {
    self.files = files
    self.checkpoint = checkpoint
    for entry in files.entries {
      guard case .event(let index) = EvidencePath.content(entry.path) else { continue }
      indexes.append(index)
      do {
        read[index] = try Self.event(entry, index)
      } catch {
        firstFault = firstFault ?? error
      }
    }
    indexes.sort()
  }

  private static func event(_ entry: StoredZIP.Entry, _ index: UInt64) throws(Break) -> LoggedEvent {
    let document = try Document(entry.bytes, entry.path)
    do {
      return try LoggedEvent(document.value, index: index)
    } catch { throw Break(.badMember(error.member), entry.path) }
  }

  /// Checks every event's place in the log.
  mutating func events() throws(Break) -> Wording {
    if let firstFault { throw firstFault }
    for index in indexes { try prove(index) }
    for entry in files.entries {
      guard case .proof(let index) = EvidencePath.content(entry.path) else { continue }
      guard files[EvidencePath.event(index)] != nil else { throw Break(.eventMissing, entry.path) }
    }
    let attached = try checkAttachments()
    return Wording(
      zh: "\(indexes.count) 个事件都在账本中，内容未变" + (attached == 0 ? "" : "；\(attached) 个附件与事件所载哈希相符"),
      en: "all \(indexes.count) events are in the log, unchanged"
        + (attached == 0 ? "" : "; \(attached) attachments have the hashes that events name"))
  }

  /// Every attachment is named by its hash, and an event names that hash. Returns how many there are.
  private func checkAttachments() throws(Break) -> Int {
    var named: Set<String> = []
    for event in read.values { if case .file(let hash) = event.facts { named.insert(hash) } }
    var count = 0
    for entry in files.entries where entry.path.hasPrefix(EvidencePath.attachment("")) {
      let hash = Digest32.sha256(entry.bytes).hex
      let name = entry.path.dropFirst(EvidencePath.attachment("").count)
      guard named.contains(hash), ["png", "jpg", "pdf"].contains(where: { "\(hash).\($0)" == name }) else {
        throw Break(.attachmentUnnamed, entry.path)
      }
      count += 1
    }
    return count
  }

  private func prove(_ index: UInt64) throws(Break) {
    let path = EvidencePath.proof(index)
    guard let bytes = files[path] else { throw Break(.proofMissing, path) }
    guard let proof = try? LogProof(parsing: bytes), proof.extra == nil, proof.bytes == bytes else {
      throw Break(.proofMalformed, path)
    }
    guard proof.index == index else { throw Break(.proofOfAnotherLeaf, path) }
    guard let checkpoint, proof.checkpoint == checkpoint.note else { throw Break(.proofUnderAnotherCheckpoint, path) }
    let body = try files.require(EvidencePath.event(index))
    do {
      // The checkpoint's signature was checked once for all.
      try MerkleProof.verifyInclusion(
        leaf: leafHash(forEvent: body), index: index, size: checkpoint.checkpoint.size, proof: proof.hashes,
        root: checkpoint.checkpoint.root)
    } catch { throw Break(.notInLog, EvidencePath.event(index)) }
  }

  /// Checks every field shown against the event's commitment to it.
  func disclosures() throws(Break) -> Wording {
    var count = 0
    for entry in files.entries {
      guard case .disclosed(let index) = EvidencePath.content(entry.path) else { continue }
      guard files[EvidencePath.event(index)] != nil else { throw Break(.eventMissing, entry.path) }
      count += try open(entry, read[index]?.personal ?? [:])
    }
    return Wording(
      zh: count == 0 ? "未披露个人字段" : "\(count) 个披露字段与承诺相符",
      en: count == 0 ? "no personal field is shown" : "\(count) fields shown are those committed to")
  }

  private func open(_ entry: StoredZIP.Entry, _ personal: [String: Commitment]) throws(Break) -> Int {
    let document = try Document(entry.bytes, entry.path)
    guard let fields = document.value.object, !fields.isEmpty else { throw Break(.notJSON("object"), entry.path) }
    for (name, field) in fields.sorted(by: { $0.key < $1.key }) {
      guard let commitment = personal[name] else { throw Break(.notCommitted(name), entry.path) }
      guard let members = field.object, members.count == 2, let value = members["value"],
        let salt = members["salt"]?.string.flatMap(Commitment.Salt.init(base64url:))
      else { throw Break(.badMember(name), entry.path) }
      guard commitment.verify(name: name, value: value, salt: salt) else {
        throw Break(.commitmentDiffers(name), entry.path)
      }
    }
    return fields.count
  }
}
