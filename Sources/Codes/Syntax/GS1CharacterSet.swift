/// The character sets of GS1 element strings (GS1 General Specifications, section 7.11).
enum GS1CharacterSet: Sendable {
  /// 0–9.
  case digits
  /// CSET 82: letters, digits and ``!"%&'()*+,-./:;<=>?_``.
  case cset82
  /// CSET 39: digits, capitals and `#-/`.
  case cset39
  /// The alphabet of base64url; `=` may fill up at the end.
  case base64url

  /// The set of the letter in the table.
  init?(_ letter: Character) {
    switch letter {
    case "N": self = .digits
    case "X": self = .cset82
    case "Y": self = .cset39
    case "Z": self = .base64url
    default: return nil
    }
  }

  /// Whether all of `text` is in the set.
  func allows(_ text: ArraySlice<UInt8>) -> Bool {
    switch self {
    case .digits: text.allSatisfy(Digits.isDigit)
    case .cset82: text.allSatisfy(Self.isCSET82)
    case .cset39: text.allSatisfy(Self.isCSET39)
    case .base64url: Self.isBase64URL(text)
    }
  }

  private static func isCSET82(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "!"), UInt8(ascii: "\""), UInt8(ascii: "%")...UInt8(ascii: "?"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "a")...UInt8(ascii: "z"):
      true
    default: false
    }
  }

  private static func isCSET39(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "#"), UInt8(ascii: "-"), UInt8(ascii: "/")...UInt8(ascii: "9"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"):
      true
    default: false
    }
  }

  /// The filling follows the GS1 syntax tests: at most two `=`, and then the whole length is a multiple of three.
  private static func isBase64URL(_ text: ArraySlice<UInt8>) -> Bool {
    let filling = text.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard filling == 0 || (filling <= 2 && filling < text.count && text.count % 3 == 0) else { return false }
    return text.dropLast(filling).allSatisfy {
      PercentCoding.isUnreserved($0) && $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "~")
    }
  }
}
