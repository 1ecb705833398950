/// The order of names in canonical JSON: by UTF-16 code units (RFC 8785 §3.2.3).
enum UTF16Order {
  /// Whether `left` comes before `right`.
  static func precedes(_ left: String, _ right: String) -> Bool {
    let direct = left.utf8.withContiguousStorageIfAvailable { left in
      right.utf8.withContiguousStorageIfAvailable { right in precedes(left, right) }
    }
    return (direct ?? nil) ?? left.utf16.lexicographicallyPrecedes(right.utf16)
  }

  /// Compares UTF-8 without decoding it: the two orders agree but for characters beyond U+FFFF (UTF-8 F0…F4), whose
  /// surrogates D800…DFFF sort before U+E000…U+FFFF (UTF-8 EE, EF). Where two texts first differ, those bytes are
  /// leads: continuation bytes are below C0.
  private static func precedes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    for place in 0..<min(left.count, right.count) where left[place] != right[place] {
      let (left, right) = (left[place], right[place])
      let isSwapped = left >= 0xEE && right >= 0xEE && (left >= 0xF0) != (right >= 0xF0)
      return (left < right) != isSwapped
    }
    return left.count < right.count
  }
}
