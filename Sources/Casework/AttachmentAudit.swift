import Ledger
import Storage
import TransparencyLog

extension Casework {
  /// What is wrong with the folder of attachments: a file that is to be kept and that is missing or was changed. A file
  /// that no event names is harmless: it was sent and never taken.
  package func auditAttachments() async throws(CaseError) -> [String] {
    let kept = try await ledger.read(CaseError.self) { try $0.keptFiles() }
    return kept.sorted { $0.lexicographicallyPrecedes($1) }.compactMap { bytes in
      guard let hash = Digest32(bytes: bytes) else { return "an attachment's hash is not readable" }
      return store?.get(hash) == nil ? "attachment \(hash.hex) is missing or was changed" : nil
    }
  }
}
