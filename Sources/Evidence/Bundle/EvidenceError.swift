import TransparencyLog

/// Why a bundle cannot be made, or a verifier not be set up.
package enum EvidenceError: Error, Equatable, Sendable {
  /// The case has a name that is no file name.
  case badCaseID(String)
  /// The time is not as events write it.
  case badTime(String)
  /// A path that the format does not have.
  case badPath(String)
  /// Two files of one path.
  case duplicatePath(String)
  /// An event without proof, or a proof without event.
  case proofMismatch(UInt64)
  /// The signer is not the log whose name and key the parts state.
  case wrongSigner
  /// More than `EvidenceLimits` admits.
  case tooManyFiles, tooLarge
  /// The key did not sign.
  case signing(NoteError)
  /// The keys to be trusted cannot be read.
  case badTrustedKeys
  /// The events do not support a claim: the member that cannot be filled.
  case noClaim(String)
}

extension EvidenceError: CustomStringConvertible {
  /// A sentence for the log.
  package var description: String {
    switch self {
    case .badCaseID(let name): "\(name) cannot name a case"
    case .badTime(let time): "\(time) is not a time as events write it"
    case .badPath(let path): "a bundle has no place for \(path)"
    case .duplicatePath(let path): "\(path) would be in the bundle twice"
    case .proofMismatch(let index): "event \(index) and its proof do not come together"
    case .wrongSigner: "the signer is not the log that the bundle names"
    case .tooManyFiles: "more than \(EvidenceLimits.filesMax) files"
    case .tooLarge: "more than \(EvidenceLimits.bytesMax) bytes"
    case .signing(let error): "the manifest cannot be signed: \(error)"
    case .badTrustedKeys: "the trusted keys cannot be read"
    case .noClaim(let member): "the events do not give the claim's \(member)"
    }
  }
}
