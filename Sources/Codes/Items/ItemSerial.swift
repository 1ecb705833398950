/// A serial in the shape of this issuer's: epoch, masked index and tag in base 32. That it parses says nothing about
/// who made it; `ProductCipher` finds that out.
package struct ItemSerial: Hashable, Sendable, CustomStringConvertible {
  /// Which length, and so which tag.
  package let profile: SerialProfile
  /// The leading 40 bits: 4 bits of epoch, 36 bits of masked index.
  let head: UInt64
  /// The tag, 40 or 60 bits.
  let tag: UInt64

  /// Reads 16 or 20 characters. Lower case, O for 0 and I or L for 1 are taken as Crockford says; `description` gives
  /// the one spelling under which a code is kept.
  /// - Throws: `wrongLength` or `badAlphabet` of field `serial`.
  package init(_ text: some StringProtocol) throws(CodeError) {
    let characters = Array(text.utf8.prefix(64))
    guard let profile = SerialProfile(length: characters.count) else {
      throw .wrongLength(field: "serial", expected: "16 or 20 characters", found: characters.count)
    }
    guard let head = CrockfordBase32.value(characters[..<8]), let tag = CrockfordBase32.value(characters[8...]) else {
      throw .badAlphabet(field: "serial")
    }
    self.init(profile: profile, head: head, tag: tag)
  }

  init(profile: SerialProfile, head: UInt64, tag: UInt64) {
    self.profile = profile
    self.head = head
    self.tag = tag
  }

  /// The key epoch that the serial names.
  package var epoch: KeyEpoch { KeyEpoch(leadingBitsOf: head) }

  /// The canonical spelling: upper case, 16 or 20 characters.
  package var description: String {
    CrockfordBase32.text(head, length: 8) + CrockfordBase32.text(tag, length: profile.length - 8)
  }
}
