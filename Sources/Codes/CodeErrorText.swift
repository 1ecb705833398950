/// The names of faults outside the program.
extension CodeError: CustomStringConvertible {
  /// The stable name of the fault, in kebab case: `type` of a problem document, and `error` in `codes/vectors.json`.
  package var slug: String {
    switch self {
    case .wrongCheckDigit: "wrong-check-digit"
    case .wrongLength: "wrong-length"
    case .badAlphabet: "bad-alphabet"
    case .badDate: "bad-date"
    case .unknownAI: "unknown-ai"
    case .duplicateAI: "duplicate-ai"
    case .misplacedAI: "misplaced-ai"
    case .unknownEpoch: "unknown-epoch"
    case .failedTag: "failed-tag"
    case .indexOutOfRange: "index-out-of-range"
    case .anotherBrand: "another-brand"
    case .malformedURI: "malformed-uri"
    case .malformedScannerData: "malformed-scanner-data"
    case .missingIdentifier: "missing-identifier"
    case .malformedSeal: "malformed-seal"
    case .tamperedSeal: "tampered-seal"
    case .unknownSealKey: "unknown-seal-key"
    case .revokedSealKey: "revoked-seal-key"
    case .prematureSealKey: "premature-seal-key"
    case .territoriesNotSealed: "territories-not-sealed"
    case .cipherUnavailable: "cipher-unavailable"
    }
  }

  /// One English sentence without its full stop, for logs and for the `detail` of a problem document.
  package var description: String {
    switch self {
    case .wrongCheckDigit(let field): "the check digit of \(field) is wrong"
    case .wrongLength(let field, let expected, let found): "\(field) must be \(expected) long, found \(found)"
    case .badAlphabet(let field): "\(field) contains a character that it may not contain"
    case .badDate(let field): "\(field) is not a date of the calendar"
    case .unknownAI(let identifier): "(\(identifier)) is not a GS1 application identifier"
    case .duplicateAI(let identifier): "(\(identifier)) stands twice"
    case .misplacedAI(let identifier): "(\(identifier)) may not stand where it stands"
    case .unknownEpoch(let epoch): "key epoch \(epoch) is not in the keystore"
    case .failedTag: "the authentication tag does not match: the serial was not issued with these keys"
    case .indexOutOfRange: "the number is beyond what the code format can carry"
    case .anotherBrand(let gtin): "product \(gtin) is not one of this brand"
    case .malformedURI(let fault): "not a GS1 Digital Link URI: \(fault.rawValue)"
    case .malformedScannerData(let fault): "not a code that can be read: \(fault.rawValue)"
    case .missingIdentifier: "the code names neither an item nor a box"
    case .malformedSeal(let fault): "the seal cannot be used: \(fault.rawValue)"
    case .tamperedSeal: "the signature does not match what the seal is on"
    case .unknownSealKey(let key): "the seal is by the unknown key \(key)"
    case .revokedSealKey(let key): "the seal was made after its key \(key) was revoked"
    case .prematureSealKey(let key): "the seal is dated before its key \(key) existed"
    case .territoriesNotSealed: "the territories offered are not the ones that were sealed"
    case .cipherUnavailable: "the cipher of the codes is not available"
    }
  }
}
