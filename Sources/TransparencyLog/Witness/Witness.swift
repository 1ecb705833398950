/// What a witness remembers of a log: the largest checkpoint that it cosigned, with its own signature on it.
package struct WitnessedCheckpoint: Hashable, Sendable {
  /// The size of the tree.
  package let size: UInt64
  /// The root of the tree.
  package let root: Digest32
  /// The note with the log's signatures that were checked and the witness's own; what monitors get.
  package let note: [UInt8]

  /// A memory from its parts, as stored.
  package init(size: UInt64, root: Digest32, note: [UInt8]) {
    self.size = size
    self.root = root
    self.note = note
  }
}

/// A witness of logs (C2SP tlog-witness): cosigns a checkpoint when the log has signed it and it extends what the witness
/// cosigned before. So a log that shows two histories needs the witness's help, and does not get it.
///
/// It decides and keeps nothing. Whoever runs it must take one request of a log at a time, and store what
/// ``Answer/cosigned(_:lines:)`` says durably before the lines leave: a witness that forgets cosigns a fork.
package struct Witness: Sendable {
  /// A log that the witness knows.
  package struct Log: Hashable, Sendable {
    /// The log's identity.
    package let origin: String
    /// The keys of which one must have signed, and none wrongly.
    package let keys: [NoteKey]

    /// A log from its parts.
    package init(origin: String, keys: [NoteKey]) {
      self.origin = origin
      self.keys = keys
    }
  }

  /// Why a request is not processable although it is well-formed (status 422).
  package enum Fault: Error, Equatable, Sendable {
    /// The tree of no entries has another root than it has.
    case emptyTreeRoot
    /// A proof from the empty tree must be empty.
    case proofFromNothing
    /// The proof does not hold, or sizes are equal and roots are not: the log may have forked.
    case inconsistent(ProofError)
  }

  /// What to answer, by status.
  package enum Answer: Equatable, Sendable {
    /// 200, after `next` has been stored: the lines are the body.
    case cosigned(_ next: WitnessedCheckpoint, lines: [UInt8])
    /// 400: not a request, or the old size exceeds the checkpoint's.
    case badRequest
    /// 403: no key of the log has signed, or one has signed wrongly.
    case forbidden
    /// 404: not a log that the witness knows.
    case unknownLog
    /// 409 with the size as body: the request starts from another size than the witness has.
    case conflict(size: UInt64)
    /// 422.
    case unprocessable(Fault)
    /// 500: the witness's own key failed.
    case cannotSign

    /// The status of HTTP.
    package var status: Int {
      switch self {
      case .cosigned: 200
      case .badRequest: 400
      case .forbidden: 403
      case .unknownLog: 404
      case .conflict: 409
      case .unprocessable: 422
      case .cannotSign: 500
      }
    }

    /// The body, with its media type.
    package var body: (bytes: [UInt8], type: String) {
      switch self {
      case .cosigned(_, let lines): (lines, "text/plain; charset=utf-8")
      case .conflict(let size): (Array("\(size)\n".utf8), "text/x.tlog.size")
      case .badRequest: (Array("not an add-checkpoint request\n".utf8), "text/plain; charset=utf-8")
      case .forbidden: (Array("not signed by the log\n".utf8), "text/plain; charset=utf-8")
      case .unknownLog: (Array("unknown log\n".utf8), "text/plain; charset=utf-8")
      case .unprocessable: (Array("not consistent\n".utf8), "text/plain; charset=utf-8")
      case .cannotSign: (Array("cannot sign\n".utf8), "text/plain; charset=utf-8")
      }
    }
  }

  /// The witness's key.
  package let key: NoteKey
  private let signer: NoteSigner
  private let logs: [String: Log]

  /// A witness of some logs; of two with one origin the first counts.
  /// - Throws: `unknownType` when the signer's key is not for cosignatures.
  package init(signer: NoteSigner, logs: [Log]) throws(NoteKeyError) {
    guard signer.key.kind == .cosignatureV1 else { throw .unknownType(signer.key.kind.rawValue) }
    self.signer = signer
    key = signer.key
    self.logs = Dictionary(logs.map { ($0.origin, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Judges a request.
  /// - Parameters:
  ///   - body: what was posted.
  ///   - known: what the witness has of a log, by its origin; asked at most once.
  ///   - time: now, Unix seconds, not 0; the cosignature states it.
  package func answer(
    to body: [UInt8], known: (_ origin: String) -> WitnessedCheckpoint?, time: UInt64
  ) -> Answer {
    let request: AddCheckpoint
    do { request = try AddCheckpoint(parsing: body) } catch { return .badRequest }
    let head = request.checkpoint
    guard let log = logs[head.origin], log.origin.utf8.elementsEqual(head.origin.utf8) else { return .unknownLog }
    guard let verified = try? request.note.verify(keys: log.keys) else { return .forbidden }
    guard request.oldSize <= head.size else { return .badRequest }
    let known = known(log.origin)
    guard request.oldSize == known?.size ?? 0 else { return .conflict(size: known?.size ?? 0) }
    if let fault = Self.fault(of: request, known: known) { return .unprocessable(fault) }
    guard time > 0, let cosignature = try? signer.cosign(head, time: time) else { return .cannotSign }
    // Only what was checked goes into memory: the log's own signatures and this one.
    let unknown = Set(verified.unknown)
    var note = request.note.filtered { !unknown.contains($0) }
    note.add(cosignature)
    return .cosigned(
      WitnessedCheckpoint(size: head.size, root: head.root, note: note.bytes), lines: Array(cosignature.line.utf8))
  }

  private static func fault(of request: AddCheckpoint, known: WitnessedCheckpoint?) -> Fault? {
    let head = request.checkpoint
    if head.size == 0, head.root != MerkleHash.empty { return .emptyTreeRoot }
    if request.oldSize == 0, !request.proof.isEmpty { return .proofFromNothing }
    do {
      try MerkleProof.verifyConsistency(
        from: request.oldSize, oldRoot: known?.root ?? MerkleHash.empty, to: head.size, newRoot: head.root,
        proof: request.proof)
      return nil
    } catch { return .inconsistent(error) }
  }

  /// The path of a log's checkpoint below the monitoring prefix: `<SHA-256 of the origin>/checkpoint`.
  package static func monitoringPath(origin: String) -> String {
    "\(Digest32.sha256(Array(origin.utf8)).hex)/checkpoint"
  }
}

extension SignedNote {
  /// The note with some of its signatures.
  package func filtered(_ isKept: (NoteSignature) -> Bool) -> SignedNote {
    var copy = self
    copy.keep(isKept)
    return copy
  }
}
