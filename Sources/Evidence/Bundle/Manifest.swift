import TransparencyLog

/// `manifest.json`: which case, and every file with its size and hash.
struct Manifest: Equatable {
  /// One file.
  struct Listed: Equatable {
    let path: String
    let bytes: Int64
    let sha256: Digest32

    init(path: String, bytes: Int64, sha256: Digest32) {
      self.path = path
      self.bytes = bytes
      self.sha256 = sha256
    }

    init(_ entry: StoredZIP.Entry) {
      self.init(path: entry.path, bytes: Int64(entry.bytes.count), sha256: .sha256(entry.bytes))
    }
  }

  static let format = "yima-evidence/1"

  let caseID: String
  let madeAt: String
  let origin: String
  let files: [Listed]

  /// Lists files that are in the order of their paths.
  init(caseID: String, madeAt: String, origin: String, files: [Listed]) {
    self.caseID = caseID
    self.madeAt = madeAt
    self.origin = origin
    self.files = files
  }

  /// Reads a manifest; it must be the canonical JSON of these members and no others.
  init(parsing bytes: [UInt8]) throws(Break) {
    let document = try Document(bytes, EvidencePath.manifest)
    do throws(Misread) {
      let members = try Members(document.value)
      let format = try members.text("format")
      guard format == Self.format else { throw Misread("format") }
      files = try members.list("files").map { value throws(Misread) in
        let file = try Members(value)
        guard let hash = Digest32(hex: try file.text("sha256")) else { throw Misread("sha256") }
        return Listed(path: try file.text("path"), bytes: try file.whole("bytes"), sha256: hash)
      }
      caseID = try members.text("case")
      madeAt = try members.text("madeAt")
      origin = try members.text("origin")
    } catch { throw Break(.badMember(error.member), EvidencePath.manifest) }
    guard self.bytes == bytes else { throw Break(.unknownMembers, EvidencePath.manifest) }
    guard Self.isCaseID(caseID) else { throw Break(.badMember("case"), EvidencePath.manifest) }
    guard Instant(madeAt) != nil else { throw Break(.badMember("madeAt"), EvidencePath.manifest) }
  }

  /// RFC 8785.
  var bytes: [UInt8] {
    let value: JSONValue = [
      "format": .string(Self.format), "case": .string(caseID), "madeAt": .string(madeAt), "origin": .string(origin),
      "files": .array(
        files.map {
          ["path": .string($0.path), "bytes": .integer($0.bytes), "sha256": .string($0.sha256.hex)]
        }),
    ]
    return value.canonicalBytes
  }

  /// The text of the note that signs a manifest. A checkpoint has three lines at least, so the log's key can never be
  /// made to sign one as the other.
  static func noteText(over manifest: [UInt8]) -> String {
    "\(format) manifest\nsha256 \(Digest32.sha256(manifest).hex)\n"
  }

  static func isCaseID(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(EvidencePath.isNameByte)
  }
}
