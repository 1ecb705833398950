import Codes

/// Why a link does not hold. One case a rule, so that a test, a log and a reader can tell which rule fired.
package enum Flaw: Error, Equatable, Sendable {
  // Container
  /// Larger than `EvidenceLimits.bytesMax`; more files than `EvidenceLimits.filesMax`.
  case bundleTooLarge, tooManyFiles
  /// No file's header or directory where one must begin, in bytes from the start.
  case archiveBroken(offset: Int)
  /// The first byte that is not as the format writes it.
  case archiveDiffers(offset: Int)
  /// A path that the format does not have, one before its turn, and a file that is not stored as it is.
  case pathNotAdmitted, pathsOutOfOrder, compressed

  // Any JSON document
  /// The file is not there.
  case fileMissing
  /// Not JSON, and why; JSON in another spelling than RFC 8785.
  case notJSON(String), notCanonical
  /// A member that is missing, or not what the format says.
  case badMember(String)
  /// Members that the format does not have.
  case unknownMembers

  // Manifest and signature
  /// A file that the manifest does not list; one of another size; one of another hash.
  case notListed, wrongSize, wrongHash
  /// The note that signs the manifest is no note; it signs another text; the log's key did not sign it.
  case noteMalformed, noteOfAnotherManifest, notSignedByLog

  // Keys
  /// The file cannot be read.
  case keysMalformed
  /// The log's key is not the one that the reader trusts; nor the seal key of this id.
  case logKeyNotTrusted, sealKeyNotTrusted(String)
  /// The log's key bears another name than the manifest's origin.
  case logKeyOfAnotherLog

  // Checkpoint and events
  /// The checkpoint is no note, or another log's, or not signed; the reason.
  case checkpointRefused(String)
  /// An event without proof, and a proof or a disclosure without event.
  case proofMissing, eventMissing
  /// The proof is no proof, or for another leaf, or under another checkpoint.
  case proofMalformed, proofOfAnotherLeaf, proofUnderAnotherCheckpoint
  /// An attachment that is not named by the hash of its bytes, or whose hash no event has.
  case attachmentUnnamed
  /// The event is not in the log at that place.
  case notInLog
  /// A field is shown that the event does not commit to, or with another value or salt.
  case notCommitted(String), commitmentDiffers(String)

  // Time stamps and witnesses
  /// A stamp is not over this checkpoint, or not to be believed; the reason.
  case timeStampRefused(String)
  /// A witness's cosignature does not hold; the reason. Fewer witnesses than the reader demands.
  case cosignatureRefused(String), tooFewWitnesses(needed: Int, found: Int)

  // The chain; codes by `EvidenceCode.key`, events by leaf index
  /// No batch event holds the code.
  case neverIssued(code: String)
  /// The chain names an event that does not concern the code.
  case eventOfOthers(code: String)
  /// A second batch; packed while in a box; taken out of a box it was not in.
  case issuedTwice(code: String), packedTwice(code: String), notInThatBox(code: String)
  /// The dispatch names the code's contents, and none of the boxes it was in.
  case boxNotDispatched(code: String)
  /// The box was dispatched, and the code is not among what was in it.
  case notInContents(code: String)
  /// An event of a code before the one before it.
  case timesOutOfOrder(code: String)
  /// Dispatched while with a dealer; handled while with none; handled after it was void.
  case dispatchedTwice(code: String), notWithDealer(code: String), alreadyVoid(code: String)
  /// Handled by another dealer than the one who held it.
  case notTheHolder(code: String, dealer: String)
  /// The dispatch does not hold as many items as it says.
  case itemsMiscounted(stated: Int64)
  /// No dispatch was in force when it was scanned; the dispatch was recorded after the scan that names it.
  case unboundAtScan(code: String), boundAfterScan(code: String)
  /// The scan names another dispatch, dealer or territories than the chain gives.
  case dispatchDiffers(code: String), dealerDiffers(code: String), territoriesDiffer(code: String)

  // Seals
  /// No seal for the dispatch; a seal that belongs to none of the units; no code on a line.
  case sealMissing, sealUnused, sealUnreadable
  /// The seal does not hold, and why.
  case sealRefused(CodeError)
  /// The seal says something else than the dispatch of the ledger: which field.
  case sealDiffers(String)

  // Scans and alert
  /// An event of another kind than the claim says.
  case notAScan, codeUnrecognised
  /// The scan was recorded after the alert.
  case scanAfterAlert
  /// The place lies within the territories, or is too uncertain, for the answer `outside`.
  case placeContradicts
  /// No alert event of that number, or two.
  case alertMissing
  /// The alert rests on other scans than the claim lists.
  case scansDiffer
  /// A number that the scans do not give.
  case numberDiffers(String, stated: String, counted: String)
  /// A scan that does not show what the alert's kind rests on.
  case scanDoesNotSupport
  /// Too few scans, or several codes, for the kind; no dealer for a diversion; no void or policy in the chain.
  case kindUnsupported
  /// The subject names something that the scans do not show.
  case subjectDiffers(String)
  /// The price policy was not in force for the scan, or the price is not below its floor.
  case policyNotInForce

  // Claim
  /// A member of the claim that is not what the events give.
  case claimDiffers(String)
  /// An event that the claim does not name.
  case eventNotClaimed
}
