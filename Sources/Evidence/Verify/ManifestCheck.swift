import TransparencyLog

/// The manifest against the files, and the signature against the manifest.
enum ManifestCheck {
  static func manifest(_ files: BundleFiles) throws(Break) -> (value: Manifest, detail: Wording) {
    let manifest = try Manifest(parsing: try files.require(EvidencePath.manifest))
    let listed = Dictionary(manifest.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    for entry in files.entries where !isUnlisted(entry.path) {
      guard let line = listed[entry.path] else { throw Break(.notListed, entry.path) }
      let found = Manifest.Listed(entry)
      guard line.bytes == found.bytes else { throw Break(.wrongSize, entry.path) }
      guard line.sha256 == found.sha256 else { throw Break(.wrongHash, entry.path) }
    }
    for line in manifest.files where files[line.path] == nil || isUnlisted(line.path) {
      throw Break(.fileMissing, line.path)
    }
    let paths = manifest.files.map(\.path)
    guard zip(paths, paths.dropFirst()).allSatisfy({ $0.utf8.lexicographicallyPrecedes($1.utf8) }) else {
      throw Break(.badMember("files"), EvidencePath.manifest)
    }
    return (
      manifest,
      Wording(
        zh: "清单所列 \(paths.count) 个文件的大小和 SHA-256 全部相符",
        en: "the \(paths.count) files listed have their sizes and SHA-256")
    )
  }

  static func signature(_ files: BundleFiles, _ key: NoteKey?) throws(Break) -> Wording {
    let path = EvidencePath.manifestSignature
    let bytes = try files.require(path)
    let listing = try files.require(EvidencePath.manifest)
    guard let note = try? SignedNote(parsing: bytes), note.signatures.count == 1, note.bytes == bytes else {
      throw Break(.noteMalformed, path)
    }
    guard note.text == Array(Manifest.noteText(over: listing).utf8) else { throw Break(.noteOfAnotherManifest, path) }
    guard let key, (try? note.verify(keys: [key])) != nil else { throw Break(.notSignedByLog, path) }
    return Wording(zh: "由 \(key.name) 签名", en: "signed by \(key.name)")
  }

  /// The manifest cannot hold its own hash, nor that of what signs it.
  private static func isUnlisted(_ path: String) -> Bool {
    path == EvidencePath.manifest || path == EvidencePath.manifestSignature
  }
}
