import Codes
import Testing

@Suite("Code errors")
struct CodeErrorTests {
  /// Every fault with the name that clients, vectors and stored scans know it by. A change here breaks them.
  static let slugs: [(CodeError, String)] = [
    (.wrongCheckDigit(field: "x"), "wrong-check-digit"),
    (.wrongLength(field: "x", expected: "y", found: 1), "wrong-length"),
    (.badAlphabet(field: "x"), "bad-alphabet"), (.badDate(field: "x"), "bad-date"), (.unknownAI("89"), "unknown-ai"),
    (.duplicateAI("10"), "duplicate-ai"), (.misplacedAI("21"), "misplaced-ai"), (.unknownEpoch(3), "unknown-epoch"),
    (.failedTag, "failed-tag"), (.indexOutOfRange, "index-out-of-range"), (.anotherBrand(gtin: "x"), "another-brand"),
    (.malformedURI(.badHost), "malformed-uri"), (.malformedScannerData(.empty), "malformed-scanner-data"),
    (.missingIdentifier, "missing-identifier"), (.malformedSeal(.absent), "malformed-seal"),
    (.tamperedSeal, "tampered-seal"), (.unknownSealKey("K"), "unknown-seal-key"),
    (.revokedSealKey("K"), "revoked-seal-key"),
    (.prematureSealKey("K"), "premature-seal-key"), (.territoriesNotSealed, "territories-not-sealed"),
    (.cipherUnavailable, "cipher-unavailable"),
  ]

  @Test("the name of a fault never changes, and no two have the same")
  func names() {
    for (error, slug) in Self.slugs { #expect(error.slug == slug) }
    #expect(Set(Self.slugs.map(\.1)).count == Self.slugs.count)
  }

  @Test("every fault has a sentence of its own, without a full stop")
  func sentences() {
    let sentences = Self.slugs.map { "\($0.0)" }
    #expect(Set(sentences).count == sentences.count)
    #expect(sentences.allSatisfy { !$0.isEmpty && !$0.hasSuffix(".") })
  }
}
