/// The 34 provinces: GB/T 2260 number and the letters of ISO 3166-2:CN.
///
/// Written out, not read from the resource, so that a code can be judged by its shape without an atlas.
enum ProvinceCodes {
  private static let table: [(number: Int, letters: String)] = [
    (11, "BJ"), (12, "TJ"), (13, "HE"), (14, "SX"), (15, "NM"), (21, "LN"), (22, "JL"), (23, "HL"), (31, "SH"),
    (32, "JS"), (33, "ZJ"), (34, "AH"), (35, "FJ"), (36, "JX"), (37, "SD"), (41, "HA"), (42, "HB"), (43, "HN"),
    (44, "GD"), (45, "GX"), (46, "HI"), (50, "CQ"), (51, "SC"), (52, "GZ"), (53, "YN"), (54, "XZ"), (61, "SN"),
    (62, "GS"), (63, "QH"), (64, "NX"), (65, "XJ"), (71, "TW"), (81, "HK"), (82, "MO"),
  ]
  private static let lettersByNumber = Dictionary(uniqueKeysWithValues: table.map { ($0.number, $0.letters) })
  private static let numberByLetters = Dictionary(uniqueKeysWithValues: table.map { ($0.letters, $0.number) })

  /// The first two digits of every province, ascending.
  static let numbers = table.map(\.number)

  /// 43 → "HN"; nil when no province has this number.
  static func letters(_ number: Int) -> String? { lettersByNumber[number] }

  /// "HN" → 43; nil when ISO 3166-2:CN has no such part.
  static func number(_ letters: String) -> Int? { numberByLetters[letters] }

  /// County numbers sit directly under the municipalities Beijing, Tianjin, Shanghai and Chongqing.
  static func isMunicipality(_ number: Int) -> Bool {
    number == 11 || number == 12 || number == 31 || number == 50
  }
}
