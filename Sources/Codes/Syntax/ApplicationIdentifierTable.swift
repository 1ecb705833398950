/// The application identifiers of GS1 with their formats, as the GS1 Barcode Syntax Dictionary states them.
///
/// Generated from `gs1-syntax-dictionary.txt` (gs1/gs1-syntax-dictionary, Apache-2.0, copyright 2020-2021 the BWIPP and
/// Zint projects, 2021-2025 GS1 AISBL), shortened: identifiers of the same format share a line; titles, association
/// rules and the checks that need code lists of other standards (countries, currencies, IBAN, coupons …) are left out.
/// Do not edit a line by hand: take a newer dictionary instead.
enum ApplicationIdentifierTable {
  /// `identifiers flags components [dlpkey[=qualifiers]]`; `*`: ends without FNC1, `?`: may be a Digital Link data
  /// attribute, `-`: neither. Components: N digits, X CSET 82, Y CSET 39, Z base64url; a number alone is exact, after
  /// `..` it is the most; square brackets make it optional; checks follow after commas.
  private static let rows = """
    00 *? N18,csum dlpkey
    01 *? N14,csum dlpkey=22,10,21|235
    02 *? N14,csum
    03 * N14,csum
    10,243,420,4318,7020,7021,7022,710,711,712,713,714,715,716,717,7240,8002,8012 ? X..20
    11,12,13,15,16,17 *? N6,yymmd0
    20 *? N2
    21,22,254 - X..20
    235 - X..28
    240,241,250,251,400,403,4308,4319,7002,7023,90 ? X..30
    242 ? N..6
    253 ? N13,csum [X..17] dlpkey
    255 ? N13,csum [N..12] dlpkey
    30,37 ? N..8
    3100-3105,3110-3115,3120-3125,3130-3135,3140-3145,3150-3155,3160-3165,3200-3205,3210-3215 *? N6
    3220-3225,3230-3235,3240-3245,3250-3255,3260-3265,3270-3275,3280-3285,3290-3295,3300-3305 *? N6
    3310-3315,3320-3325,3330-3335,3340-3345,3350-3355,3360-3365,3370-3375,3400-3405,3410-3415 *? N6
    3420-3425,3430-3435,3440-3445,3450-3455,3460-3465,3470-3475,3480-3485,3490-3495,3500-3505 *? N6
    3510-3515,3520-3525,3530-3535,3540-3545,3550-3555,3560-3565,3570-3575,3600-3605,3610-3615 *? N6
    3620-3625,3630-3635,3640-3645,3650-3655,3660-3665,3670-3675,3680-3685,3690-3695 *? N6
    3900-3909,3920-3929 ? N..15
    3910-3919,3930-3939 ? N3 N..15
    3940-3943,8111 ? N4
    3950-3955,8005 ? N6
    401 ? X..30 dlpkey
    402 ? N17,csum dlpkey
    410,411,412,413,416 *? N13,csum
    414 *? N13,csum dlpkey=254|7040
    415 *? N13,csum dlpkey=8020
    417 *? N13,csum dlpkey=7040
    421 ? N3 X..9
    422,424,426 ? N3
    423,425 ? N3 [N3] [N3] [N3] [N3]
    427,7008 ? X..3
    4300,4301,4310,4311,4320 ? X..35
    4302,4303,4304,4305,4306,4312,4313,4314,4315,4316,7257,8110,8112 ? X..70
    4307,4317 ? X2
    4309 ? N10 N10
    4321,4322,4323,7252 ? N1
    4324,4325 ? N6,yymmd0 N4
    4326,7006 ? N6,yymmdd
    4330,4331,4332,4333 ? N6 [X1]
    7001 ? N13
    7003 ? N6,yymmdd N4
    7004 ? N..4
    7005 ? X..12
    7007 ? N6,yymmdd [N6],yymmdd
    7009,7255 ? X..10
    7010 ? X..2
    7011 ? N6,yymmdd [N4]
    7030,7031,7032,7033,7034,7035,7036,7037,7038,7039 ? N3 X..27
    7040 - N1 X1 X1 X1
    7041 - X..4
    7230,7231,7232,7233,7234,7235,7236,7237,7238,7239 ? X2 X..28
    7241 ? N2
    7242 ? X..25
    7250 ? N8,yyyymmdd
    7251 ? N8,yyyymmdd N4
    7253,7254,7259 ? X..40
    7256,91-99 ? X..90
    7258 ? X3
    8001 ? N4 N5 N3 N1 N1
    8003 ? N1 N13,csum [X..16] dlpkey
    8004 ? X..30 dlpkey=7040
    8006 ? N14,csum N4 dlpkey=22,10,21
    8007 ? X..34
    8008 ? N6,yymmdd N2 [N2] [N2]
    8009 ? X..50
    8010 ? Y..30 dlpkey=8011
    8011 - N..12
    8013 ? X..25 dlpkey
    8014,8020 - X..25
    8017,8018 ? N18,csum dlpkey=8019
    8019 - N..10
    8026 ? N14,csum N4
    8030 ? Z..90
    8040,8041 - N15
    8042 - N32
    8043 - N18 [N..2]
    8200 - X..70
    """

  /// Every identifier under its `slot`.
  private static let identifiers: [Int: ApplicationIdentifier] = {
    var table: [Int: ApplicationIdentifier] = [:]
    for row in rows.split(separator: "\n") {
      let columns = row.split(separator: " ")
      guard columns.count > 2 else { continue }
      for digits in columns[0].split(separator: ",").flatMap(expanded) {
        table[slot(digits.utf8)] = ApplicationIdentifier(digits: digits, flags: columns[1], columns: columns[2...])
      }
    }
    return table
  }()

  /// The identifier written `digits`, nil when GS1 has none such.
  static func find(_ digits: some Collection<UInt8>) -> ApplicationIdentifier? {
    (2...4).contains(digits.count) ? identifiers[slot(digits)] : nil
  }

  /// The identifier with which `data` begins; none is the beginning of another, so there is at most one.
  static func find(atStartOf data: ArraySlice<UInt8>) -> ApplicationIdentifier? {
    for length in 2...4 where data.count >= length {
      if let found = find(data.prefix(length)) { return found }
    }
    return nil
  }

  /// One number for up to four bytes, none the same for two texts.
  private static func slot(_ digits: some Collection<UInt8>) -> Int {
    digits.reduce(0) { $0 << 8 | Int($1) }
  }

  /// `91-99` as its nine identifiers, anything else as itself.
  private static func expanded(_ range: Substring) -> [String] {
    let ends = range.split(separator: "-").compactMap { UInt64($0) }
    guard ends.count == 2, ends[0] <= ends[1] else { return [String(range)] }
    return (ends[0]...ends[1]).map { Digits.text($0, width: range.utf8.count / 2) }
  }
}
