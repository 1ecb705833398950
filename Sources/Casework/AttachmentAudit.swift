import Ledger
import Storage
import TransparencyLog

extension Casework {
  /// What is wrong with the folder of attachments: a file that events name and that is missing or was changed. A file that
  /// no event names is harmless: it was sent and never taken.
  package func auditAttachments() async throws(CaseError) -> [String] {
    let hashes = try await ledger.read(CaseError.self) { try $0.attachmentHashes() }
    return hashes.compactMap { bytes in
      guard let hash = Digest32(bytes: bytes) else { return "an attachment's hash is not readable" }
      return store?.get(hash) == nil ? "attachment \(hash.hex) is missing or was changed" : nil
    }
  }
}
