/// Why a text is not a checkpoint.
package enum CheckpointError: Error, Equatable, Sendable {
  /// Not valid UTF-8.
  case notUTF8
  /// Fewer than three lines, or no newline at the end.
  case tooFewLines
  /// The origin is empty or has a line break.
  case badOrigin
  /// The size is not a decimal number without sign or leading zeroes, or exceeds ``LogFrontier/maxSize``.
  case badSize
  /// The root is not the base64 of 32 bytes.
  case badRoot
  /// An extension line (numbered from 1) is empty or has a line break.
  case badExtension(Int)
}

/// The head of a log (C2SP tlog-checkpoint 1.0.0): which log, how many entries, which root.
package struct Checkpoint: Hashable, Sendable {
  /// The log's identity, by custom an address without a scheme; also the name of its key.
  package let origin: String
  /// How many entries the log has.
  package let size: UInt64
  /// The root of the tree over them.
  package let root: Digest32
  /// Further lines, which nobody can audit; the specification advises against them.
  package let extensions: [String]

  /// A checkpoint from its parts.
  package init(
    origin: String, size: UInt64, root: Digest32, extensions: [String] = []
  ) throws(CheckpointError) {
    guard Self.isLine(origin) else { throw .badOrigin }
    guard size <= LogFrontier.maxSize else { throw .badSize }
    if let place = extensions.firstIndex(where: { !Self.isLine($0) }) { throw .badExtension(place + 1) }
    self.origin = origin
    self.size = size
    self.root = root
    self.extensions = extensions
  }

  /// Reads the text of a note.
  package init(parsing text: [UInt8]) throws(CheckpointError) {
    guard String(validating: text, as: UTF8.self) != nil else { throw .notUTF8 }
    var lines = Lines(text[...])
    guard let origin = lines.next(), let size = lines.next(), let root = lines.next() else { throw .tooFewLines }
    guard let size = Decimal.parse(size) else { throw .badSize }
    guard let root = Base64.standard.decode(root).flatMap({ Digest32(bytes: $0) }) else { throw .badRoot }
    var extensions: [String] = []
    while !lines.rest.isEmpty {
      guard let line = lines.next() else { throw .tooFewLines }
      extensions.append(String(decoding: line, as: UTF8.self))
    }
    try self.init(
      origin: String(decoding: origin, as: UTF8.self), size: size, root: root, extensions: extensions)
  }

  /// The text to sign. Reading it again gives an equal checkpoint.
  package var text: String {
    ([origin, String(size), root.base64] + extensions).map { $0 + "\n" }.joined()
  }

  /// Signs the checkpoint; the log's signer has the origin for its name.
  package func signed(by signer: NoteSigner) throws(NoteError) -> SignedNote {
    try SignedNote(text: text, signer: signer)
  }

  private static func isLine(_ text: String) -> Bool {
    !text.isEmpty && !text.utf8.contains(UInt8(ascii: "\n"))
  }
}
