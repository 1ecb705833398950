import Codes
import TransparencyLog

/// Seals against the dispatches that they were made for.
struct SealCheck {
  private let ring: SealKeyRing?
  private let files: BundleFiles
  private var used: Set<String> = []

  init(_ files: BundleFiles, _ ring: SealKeyRing?) {
    self.files = files
    self.ring = ring
  }

  /// Checks that the unit bears a seal that says what the dispatch event says, by a key that was good then.
  mutating func check(_ unit: EvidenceCode, _ binding: Journey.Binding) throws(Break) {
    guard let dispatch = binding.dispatch else { return }
    let path = EvidencePath.seal(unit.key)
    guard let bytes = files[path] else { throw Break(.sealMissing, path) }
    used.insert(path)
    let statements = try statements(bytes, path, dispatch)
    guard let statement = statements.first(where: { $0.dispatch == dispatch.sealName }) else {
      throw Break(.sealMissing, path)
    }
    if let field = Self.difference(statement, unit, dispatch, binding.event) { throw Break(.sealDiffers(field), path) }
  }

  /// Checks the seal of a dispatch that the case does not rest on, where it is shown.
  mutating func checkIfShown(_ binding: Journey.Binding) throws(Break) -> Bool {
    guard files[EvidencePath.seal(binding.unit.key)] != nil else { return false }
    try check(binding.unit, binding)
    return true
  }

  /// Seal files that no dispatch of the case needed.
  func checkUnused() throws(Break) {
    for entry in files.entries {
      guard case .seal = EvidencePath.content(entry.path), !used.contains(entry.path) else { continue }
      throw Break(.sealUnused, entry.path)
    }
  }

  /// What the seals of a file state: a sealed URI a line, each of which must hold.
  private func statements(
    _ bytes: [UInt8], _ path: String, _ dispatch: DispatchFacts
  ) throws(Break) -> [SealStatement] {
    guard let text = String(validating: bytes, as: UTF8.self), text.last == "\n" else {
      throw Break(.sealUnreadable, path)
    }
    let lines = text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
    guard let ring, lines.count <= EvidenceLimits.sealsMax else { throw Break(.sealUnreadable, path) }
    return try lines.map { line throws(Break) in
      do throws(CodeError) {
        let scanned = try ScannedCode(String(line))
        let isWanted = try SealedCode(scanned).statement.dispatch == dispatch.sealName
        // A long list of territories is sealed by its digest; the dispatch event has the list.
        return try ring.verify(scanned, knownTerritories: isWanted ? dispatch.territories : nil).statement
      } catch {
        throw Break(.sealRefused(error), path)
      }
    }
  }

  /// The field in which the seal is not the dispatch's; nil when there is none.
  private static func difference(
    _ statement: SealStatement, _ unit: EvidenceCode, _ dispatch: DispatchFacts, _ event: LoggedEvent
  ) -> String? {
    switch (statement.subject, unit) {
    case (.box(let sealed), .box(let box)) where sealed == box: break
    // Which serial has which index only the brand's key can tell; the product is plain.
    case (.item(let sealed, _), .item(let gtin, _, _)) where sealed == gtin: break
    default: return "code"
    }
    if statement.dealer != dispatch.dealer { return "dealer" }
    if statement.territories != Set(dispatch.territories).sorted() { return "territories" }
    if statement.sealedAt != event.at.seconds { return "time" }
    return statement.keyID == dispatch.sealKey ? nil : "key"
  }
}
