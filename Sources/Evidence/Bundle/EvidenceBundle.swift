import TransparencyLog

/// A case in one file that proves itself.
package struct EvidenceBundle: Sendable {
  /// The ZIP. The same parts and key give the same bytes.
  package let bytes: [UInt8]

  /// Lays out the parts and signs them. What they say is not judged here: ask an `EvidenceVerifier`.
  /// - Parameter signer: the log's key.
  /// - Throws: `EvidenceError`: a name or path that cannot be, a missing proof, another signer, too much of anything.
  package init(_ parts: EvidenceParts, signer: NoteSigner) throws(EvidenceError) {
    try Self.check(parts, signer)
    var entries = try Self.entries(parts)
    let manifest = Manifest(
      caseID: parts.caseID, madeAt: parts.madeAt, origin: parts.origin, files: entries.map(Manifest.Listed.init))
    let listing = manifest.bytes
    let note: SignedNote
    do {
      note = try SignedNote(text: Manifest.noteText(over: listing), signer: signer)
    } catch { throw .signing(error) }
    entries += [
      StoredZIP.Entry(path: EvidencePath.manifest, bytes: listing),
      StoredZIP.Entry(path: EvidencePath.manifestSignature, bytes: note.bytes),
    ]
    entries.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    guard entries.count <= EvidenceLimits.filesMax else { throw .tooManyFiles }
    guard StoredZIP.size(of: entries) <= EvidenceLimits.bytesMax else { throw .tooLarge }
    bytes = StoredZIP.write(entries)
  }

  private static func check(_ parts: EvidenceParts, _ signer: NoteSigner) throws(EvidenceError) {
    guard Manifest.isCaseID(parts.caseID) else { throw .badCaseID(parts.caseID) }
    guard Instant(parts.madeAt) != nil else { throw .badTime(parts.madeAt) }
    guard signer.key.vkey == parts.logKey, signer.key.name == parts.origin else { throw .wrongSigner }
    let unpaired = Set(parts.events.map(\.index)).symmetricDifference(parts.proofs.keys)
    if let index = unpaired.min() { throw .proofMismatch(index) }
  }

  /// The files in the order of their paths, each path once.
  private static func entries(_ parts: EvidenceParts) throws(EvidenceError) -> [StoredZIP.Entry] {
    var files: [String: [UInt8]] = [:]
    for file in parts.files {
      let content = EvidencePath.content(file.name)
      guard let content, content != .manifest, content != .manifestSignature else { throw .badPath(file.name) }
      guard files.updateValue(file.bytes, forKey: file.name) == nil else { throw .duplicatePath(file.name) }
    }
    return files.map(StoredZIP.Entry.init).sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }
}
