/// Why a code, or a part of one, was refused. One case per fault, so that a test, a log and a client can tell which
/// rule fired. The list is closed; `slug` is the name of the fault outside this program and never changes.
package enum CodeError: Error, Equatable, Sendable {
  /// The modulo-10 check digit of a GTIN, SSCC or other GS1 key is wrong (GS1 General Specifications, section 7.9).
  case wrongCheckDigit(field: String)
  /// A value has a length that its format does not allow; lengths are in characters, in bytes for a whole code.
  case wrongLength(field: String, expected: String, found: Int)
  /// A character outside the alphabet of the field.
  case badAlphabet(field: String)
  /// A date that is not in the calendar (YYMMDD with day 00 where the standard allows it).
  case badDate(field: String)
  /// An application identifier that the GS1 syntax dictionary does not list; the argument is shortened to 8 characters.
  case unknownAI(String)
  /// The same application identifier twice, with another value or in a place where it may stand only once.
  case duplicateAI(String)
  /// A known application identifier where it may not stand: a qualifier in the query, qualifiers in a wrong order.
  case misplacedAI(String)
  /// The serial names a key epoch (0–15) that the keystore does not hold.
  case unknownEpoch(Int)
  /// The serial's tag is not the tag of its index: nobody with the keys issued it.
  case failedTag
  /// An item index that does not fit into 36 bits, or a box serial beyond the capacity of its series.
  case indexOutOfRange
  /// A well-formed code whose GTIN is not one of this brand's.
  case anotherBrand(gtin: String)
  /// The text starts like a URI but is not a GS1 Digital Link URI.
  case malformedURI(URIFault)
  /// The text is neither a URI nor an element string, or its element string is broken.
  case malformedScannerData(ScannerFault)
  /// A well-formed code that names neither an item (GTIN with serial) nor a box (SSCC).
  case missingIdentifier
  /// The code carries no seal, half of one, or one whose fields cannot be read; or a statement that cannot be sealed.
  case malformedSeal(SealFault)
  /// The signature of the seal does not match what it is on.
  case tamperedSeal
  /// The seal is by a key that this ring does not know.
  case unknownSealKey(String)
  /// The seal was made at or after the moment its key was revoked.
  case revokedSealKey(String)
  /// The seal claims a time before its key existed.
  case prematureSealKey(String)
  /// The seal carries only the digest of its territories, and the list offered is not the one that was sealed.
  case territoriesNotSealed
  /// libcrypto refused to give an AES context: out of memory, or a build without AES.
  case cipherUnavailable
}

/// What is wrong with a text that starts like a URI.
package enum URIFault: String, CaseIterable, Sendable {
  case badScheme, badHost, badPort, badCharacter, noKeyInPath, aliasInPath, emptyValue, badResolver
}

/// What is wrong with scanner data or an element string.
package enum ScannerFault: String, CaseIterable, Sendable {
  case empty, unknownSymbology, unrecognised, missingFNC1, brokenBrackets, emptyElement
}

/// What is wrong with a seal, or with a statement that is to be sealed.
package enum SealFault: String, CaseIterable, Sendable {
  case absent, incomplete, notCanonical, badSignatureText, badKeyID, badDispatch, badDealer, badTime, badTerritories
  case tooLong, anotherKey
}
