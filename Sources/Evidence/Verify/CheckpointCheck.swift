import TransparencyLog

/// The signed head that all proofs lead to.
enum CheckpointCheck {
  /// A checkpoint that was signed, and the note as it stands in proofs.
  struct Opened {
    let checkpoint: Checkpoint
    let note: [UInt8]
  }

  static func open(_ files: BundleFiles, _ key: NoteKey?) throws(Break) -> (value: Opened, detail: Wording) {
    let path = EvidencePath.checkpoint
    let note = try files.require(path)
    guard let key else { throw Break(.notSignedByLog, path) }
    let verified: VerifiedCheckpoint
    do {
      verified = try LogPolicy(origin: key.name, logKeys: [key]).open(note)
    } catch { throw Break(.checkpointRefused("\(error)"), path) }
    let (size, origin) = (verified.checkpoint.size, verified.checkpoint.origin)
    return (
      Opened(checkpoint: verified.checkpoint, note: note),
      Wording(zh: "\(origin) 的账本，\(size) 个事件，已签名", en: "signed head of the log \(origin) with \(size) events")
    )
  }
}
