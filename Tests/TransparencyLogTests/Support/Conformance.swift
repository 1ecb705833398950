import Foundation
import Testing
import TransparencyLog

/// Test data made by others, in `../shared/conformance` beside the repository; its tests are skipped where it is not.
enum Conformance {
  static let absent: Comment = "shared/conformance is not beside the repository"

  private static let folder: URL = {
    // The folder may be reached through a symbolic link: its real place is what counts.
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent().resolvingSymlinksInPath()
    let repository = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return repository.deletingLastPathComponent().appendingPathComponent("shared/conformance/tlog")
  }()

  static var isPresent: Bool { FileManager.default.fileExists(atPath: folder.path) }

  /// The whole document.
  static func document(_ file: String) throws -> JSONValue {
    try JSONValue(parsing: [UInt8](Data(contentsOf: folder.appendingPathComponent(file))))
  }

  /// The cases of a document; at least one.
  static func cases(_ file: String) throws -> [JSONValue] {
    let cases = try #require(try document(file)["cases"]?.array)
    try #require(!cases.isEmpty)
    return cases
  }
}

extension JSONValue {
  /// A text that a case must have.
  func text(_ name: String, location: SourceLocation = #_sourceLocation) throws -> String {
    try #require(self[name]?.string, sourceLocation: location)
  }

  /// A whole number that a case must have; those beyond Int64 are read as the nearest.
  func number(_ name: String, location: SourceLocation = #_sourceLocation) throws -> UInt64 {
    let value = try #require(self[name]?.double, sourceLocation: location)
    if let number = self[name]?.int { return UInt64(bitPattern: number) }
    return UInt64(exactly: value) ?? .max
  }

  /// A truth value that a case must have.
  func flag(_ name: String, location: SourceLocation = #_sourceLocation) throws -> Bool {
    let value = try #require(self[name], sourceLocation: location)
    return value == .bool(true)
  }

  /// A hash in base64 that a case must have. Where it is no hash (upstream tests with arbitrary bytes) it is mapped to
  /// one, which keeps equal equal and different different.
  func hash(_ name: String, location: SourceLocation = #_sourceLocation) throws -> Digest32 {
    try Self.hash(base64: text(name, location: location))
  }

  /// A list of hashes; `null` is the empty one.
  func hashes(_ name: String) throws -> [Digest32] {
    try (self[name]?.array ?? []).map { try Self.hash(base64: #require($0.string)) }
  }

  private static func hash(base64 text: String) throws -> Digest32 {
    let bytes = try #require(Base64.standard.decode(text.utf8))
    return Digest32(bytes: bytes) ?? .sha256(bytes)
  }
}
