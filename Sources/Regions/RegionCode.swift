/// The code of a region: GB/T 2260 within China ("430102"), ISO 3166 elsewhere ("DE", "DE-BY").
///
/// One region has one spelling, so that equal means the same: "CN-HN" is read as "430000", and "HK", "MO", "TW" as
/// "810000", "820000", "710000". Only the shape and the province are checked here; ``RegionAtlas/isKnown(_:)`` says
/// whether a division of that number exists or ever did.
///
/// Order is that of the text, so a region sorts just before what it contains.
package struct RegionCode: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The text in ASCII, first character highest, padded with zeros: compares like the text, hashes like a number.
  private let packed: UInt64
  /// The six digits as a number, 0 for a code of ISO 3166. Derived from `packed`; kept because every question asks it.
  private let digits: UInt32

  /// China as a whole; contains every six-digit code.
  package static let china = RegionCode(ascii: "CN")

  /// Reads "430102", "DE", "DE-BY" or "CN-HN", exactly as written: no spaces, no small letters, no full-width digits.
  /// - Throws: ``RegionError/malformedCode(_:)``, ``RegionError/unknownProvince(_:)``,
  ///   ``RegionError/unknownCountry(_:)``.
  package init(_ text: String) throws(RegionError) {
    let bytes = Array(text.utf8.prefix(8))
    if let first = bytes.first, isDigit(first) {
      try self.init(gb: bytes, text)
    } else {
      try self.init(iso: bytes, text)
    }
  }

  private init(gb bytes: [UInt8], _ text: String) throws(RegionError) {
    guard bytes.count == 6, bytes.allSatisfy(isDigit) else { throw .malformedCode(clipped(text)) }
    let number = bytes.reduce(0) { $0 * 10 + Int($1 - 48) }
    guard let code = RegionCode(number: number) else { throw .unknownProvince(text) }
    self = code
  }

  private init(iso bytes: [UInt8], _ text: String) throws(RegionError) {
    let hasPart = (4...6).contains(bytes.count) && bytes[2] == UInt8(ascii: "-")
    guard bytes.count == 2 || hasPart, bytes.prefix(2).allSatisfy(isCapital),
      bytes.dropFirst(3).allSatisfy({ isCapital($0) || isDigit($0) })
    else { throw .malformedCode(clipped(text)) }
    let country = String(text.prefix(2))
    guard CountryCodes.contains(country) else { throw .unknownCountry(text) }
    if country == "CN" && hasPart {
      guard let number = ProvinceCodes.number(String(text.dropFirst(3))) else { throw .unknownProvince(text) }
      self.init(digits: number * 10_000)
    } else if !hasPart, let number = ["HK": 810_000, "MO": 820_000, "TW": 710_000][country] {
      self.init(digits: number)
    } else {
      self.init(ascii: text)
    }
  }

  /// A six-digit number whose province exists, else nil.
  init?(number: Int) {
    guard (100_000...999_999).contains(number), ProvinceCodes.letters(number / 10_000) != nil else { return nil }
    self.init(digits: number)
  }

  private init(digits: Int) {
    packed = pack(String(digits).utf8)
    self.digits = UInt32(truncatingIfNeeded: digits)
  }

  private init(ascii: String) {
    packed = pack(ascii.utf8)
    digits = 0
  }

  /// The one spelling, also the form to store: at most six ASCII characters, stable for ever.
  package var description: String {
    String(unsafeUninitializedCapacity: 6) { bytes in
      var count = 0
      var rest = packed
      while rest != 0, count < 6 {
        bytes[count] = UInt8(truncatingIfNeeded: rest >> 56)
        rest <<= 8
        count += 1
      }
      return count
    }
  }

  /// The six digits as a number, nil outside China's numbering.
  var number: Int? { digits == 0 ? nil : Int(digits) }

  package static func < (left: RegionCode, right: RegionCode) -> Bool { left.packed < right.packed }
}

extension RegionCode {
  /// Country, province (and any ISO 3166-2 subdivision), prefecture or county; read from the digits.
  package var level: RegionLevel {
    guard let number else { return isSubdivision ? .province : .country }
    if number % 10_000 == 0 { return .province }
    return number % 100 == 0 ? .prefecture : .county
  }

  /// The region directly above; nil for a country.
  ///
  /// Counties of the four municipalities and those a province administers itself (429004: the middle digits are 90;
  /// Hainan's were 00 until 2003) belong to the province: 110100 and 429000 are columns of statistics, not divisions.
  package var parent: RegionCode? {
    guard let number else { return isSubdivision ? RegionCode(ascii: String(description.prefix(2))) : nil }
    if number % 10_000 == 0 { return .china }
    let province = number / 10_000
    let middle = number / 100 % 100
    let isDirect = number % 100 == 0 || middle == 90 || middle == 0 || ProvinceCodes.isMunicipality(province)
    return RegionCode(digits: isDirect ? province * 10_000 : number / 100 * 100)
  }

  /// The province this lies in (itself, if it is one); nil for a country.
  package var province: RegionCode? {
    guard let number else { return isSubdivision ? self : nil }
    return RegionCode(digits: number / 10_000 * 10_000)
  }

  /// Whether `other` is this region or lies within it: 430000 contains 430102, "DE" contains "DE-BY".
  package func contains(_ other: RegionCode) -> Bool {
    if self == other { return true }
    guard let number else {
      if self == .china { return other.number != nil }
      return !isSubdivision && other.number == nil && packed >> 48 == other.packed >> 48
    }
    guard let inner = other.number else { return false }
    if number % 10_000 == 0 { return number / 10_000 == inner / 10_000 }
    return number % 100 == 0 && number / 100 == inner / 100
  }

  /// "CN-HN" for 430000, the code itself outside China; nil below a province of China, which ISO 3166-2 does not list.
  package var iso3166: String? {
    guard let number else { return description }
    guard number % 10_000 == 0 else { return nil }
    return ProvinceCodes.letters(number / 10_000).map { "CN-" + $0 }
  }

  /// A part of a country, "DE-BY": its third character is the hyphen.
  private var isSubdivision: Bool { UInt8(truncatingIfNeeded: packed >> 40) == UInt8(ascii: "-") }
}

extension RegionCode: Codable {
  /// Reads the text form; a wrong one is a `DecodingError` at its place.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a region code: \(error)")
    }
  }

  /// Writes the text form.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

private func isCapital(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }

private func pack(_ text: String.UTF8View) -> UInt64 {
  var shift: UInt64 = 56
  return text.prefix(6).reduce(0) { sum, byte in
    defer { shift -= 8 }
    return sum | UInt64(byte) << shift
  }
}

/// Refused text goes into errors and logs: a megabyte of it does not.
private func clipped(_ text: String) -> String { String(text.prefix(24)) }
