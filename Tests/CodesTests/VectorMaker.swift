import Codes
import Foundation

/// Makes `codes/vectors.json`. Inputs and the errors of bad ones are written here by hand; what good ones give is
/// filled in by the code under test and confirmed by `tools/codes_reference.py`, which was written from the
/// specification alone.
enum VectorMaker {
  private static let item = "https://id.example.cn/01/06901234567892/21/"
  private static let box = "https://id.example.cn/00/106901234500000010"
  private static let china = (11...65).map { "\($0)0000" }

  /// The file as it should be.
  static func make() throws -> VectorFile {
    let good = try (identifiers + serials + syntax + seals + verified()).map { try $0.run() }
    let keys = try JSONDecoder().decode(VectorFile.KeySet.self, from: Data(try Fixture.ring().jwks()))
    let roots = Dictionary(
      uniqueKeysWithValues: Vector.epochs.map { epoch in
        ("\(epoch)", hex((0..<32).map { epoch &* 0x20 &+ $0 }))
      })
    return VectorFile(
      format: "yima-codes/v1", resolver: try Fixture.resolver().description, roots: roots, jwks: keys, good: good,
      bad: badIdentifiers + badSerials + badSyntax + (try badSeals()))
  }

  // MARK: Good

  /// Cases of one kind from texts alone, numbered.
  private static func good(_ kind: Vector.Kind, _ texts: [String]) -> [Vector] {
    texts.enumerated().map { Vector(id: "\(kind.rawValue)-\($0.offset)", kind: kind, text: $0.element) }
  }

  private static let identifiers: [Vector] = {
    let boxes: [(String, UInt64)] = [
      ("1.6901234", 0), ("1.6901234", 999_999_999), ("0.69212345", 7), ("9.690123456789", 999),
    ]
    return good(.gtin, ["96385074", "614141123452", "6901234567892", "06901234567892", "16901234567899"])
      + good(.sscc, ["106901234500000010", "000000000000000000", "399999999999999993"])
      + good(
        .resolver,
        [
          "https://id.example.cn/", "HTTPS://ID.Example.CN:8443/Stem/a", "http://127.0.0.1:8080",
          "https://[2001:DB8::1]",
        ])
      + boxes.map { Vector(id: "box-\($0.0)-\($0.1)", kind: .box, text: $0.0, index: $0.1) }
  }()

  private static let serials: [Vector] = {
    var vectors: [Vector] = []
    for (gtin, epoch) in [("06901234567892", 0), ("06901234567892", 1), ("00000096385074", 15)] as [(String, UInt8)] {
      vectors.append(Vector(id: "derive-\(gtin)-\(epoch)", kind: .derive, gtin: gtin, epoch: epoch))
      for profile in SerialProfile.allCases {
        for index in [0, 1, 123_456_789, ItemIndex.end - 1] {
          vectors.append(
            Vector(
              id: "serial-\(gtin)-\(epoch)-\(profile.rawValue)-\(index)", kind: .serial, gtin: gtin, epoch: epoch,
              index: index, profile: profile.rawValue))
        }
      }
    }
    for vector in vectors where vector.kind == .serial && vector.index != 1 {
      guard let serial = try? vector.run().value else { continue }
      vectors.append(
        Vector(
          id: vector.id.replacing("serial", with: "recognise"), kind: .recognise, gtin: vector.gtin, serial: serial))
    }
    if let serial = vectors.last?.serial {
      let typed = serial.lowercased().replacing("0", with: "o").replacing("1", with: "l")
      vectors.append(Vector(id: "recognise-typed", kind: .recognise, gtin: "00000096385074", serial: typed))
    }
    return vectors
  }()

  private static let syntax: [Vector] =
    good(
      .elements,
      [
        "(01)06901234567892(21)ABC", "(01)06901234567892(21)ABC(10)L1", "(10)L1(01)06901234567892(21)ABC(91)X",
        #"(01)06901234567892(21)A\(10)B"#, "(11)260228(17)270200(01)06901234567892",
        "(00)106901234500000010(403)R(91)X",
        "(01) 06901234567892 (21) ABC",
      ])
    + good(
      .link,
      [
        "(01)06901234567892(21)75D2SZ6Z8P62FDE8", "(91)X(21)A/B(01)06901234567892(10)L+(22)V",
        "(00)106901234500000010(91)K.D(8030)QUJD",
        #"(01)06901234567892(21)!"%&'\()*+,-./:;<=>?_(17)271231(11)260101"#, "(414)6901234567892(254)7",
      ])
    + good(
      .scan,
      [
        item + "75D2SZ6Z8P62FDE8",
        "HTTPS://OTHER.EXAMPLE:8443/a/b/01/06901234567892/21/75D2SZ6Z8P62FDE8?linkType=all#top",
        item + "%22%25%3C%3E_z", item + "A%2", "http://x/01/06901234567892/22/V/10/L%2F1/21/A?91=B%2BC&17=271231&utm=z",
        "(01)06901234567892(21)75D2SZ6Z8P62FDE8", "01069012345678922175D2SZ6Z8P62FDE8\u{1D}10L1\u{1D}",
        "]C1\u{1D}01069012345678922175D2SZ6Z8P62FDE8", "]d201069012345678922175D2SZ6Z8P62FDE8",
        "]Q3011690123456789921A",
        "]e0010690123456789221A", "]Q1" + item + "A", box, "106901234500000010", "00106901234500000010",
        "]C100106901234500000010", " \t106901234500000010\r\n", "(01)06901234567892(21)A(00)106901234500000010",
        box + "?91=X&flag",
        "https://x/00/106901234500000010?17=260200",
      ])

  private static let seals: [Vector] = [
    seal("box", box), seal("item", item + "75D2SZ6Z8P62FDE8"), seal("item-odd-serial", item + "a%28%25%29"),
    seal("many-territories", box, territories: ["440100", "430000", "JP-13", "430102", "CN"]),
    seal("digest", box, territories: china),
    seal(
      "longest", box, dealer: String(repeating: "d", count: 32), territories: china, dispatch: "A123456789-ZZZZZ",
      at: 78_364_164_095),
    seal("first-second", box, at: 0), seal("revoked-key-in-time", box, seed: 0xC1, at: 1_749_999_999),
  ]

  private static func seal(
    _ name: String, _ code: String, seed: UInt8 = 0xC0, dealer: String = "D001", territories: [String] = ["430000"],
    dispatch: String = "DN-1", at time: Int64 = 1_790_000_000
  ) -> Vector {
    Vector(
      id: "seal-" + name, kind: .seal, text: code, seed: String(repeating: hex([seed]), count: 32), dealer: dealer,
      dispatch: dispatch, territories: territories, sealedAt: time)
  }

  private static func verified() throws -> [Vector] {
    try seals.filter { $0.sealedAt != 0 }.flatMap { seal in
      let uri = try seal.run().value ?? ""
      let plain = Vector(id: seal.id.replacing("seal", with: "verify"), kind: .verify, text: uri)
      guard seal.territories == china else { return [plain] }
      return [plain, Vector(id: plain.id + "-with-list", kind: .verify, text: uri, knownTerritories: china)]
    }
  }

  // MARK: Bad

  /// Cases of one kind from texts and errors.
  private static func bad(_ kind: Vector.Kind, _ cases: [(String, String)]) -> [Vector] {
    cases.enumerated().map { position, one in
      Vector(id: "bad-\(kind.rawValue)-\(position)", kind: kind, text: one.0, error: one.1)
    }
  }

  private static let badIdentifiers: [Vector] =
    bad(
      .gtin,
      [
        ("6901234567893", "wrong-check-digit"), ("06901234567891", "wrong-check-digit"), ("", "wrong-length"),
        ("690123456789", "wrong-check-digit"),
        ("69012345678", "wrong-length"), ("069012345678921", "wrong-length"), ("069O1234567892", "bad-alphabet"),
        ("６９０１", "bad-alphabet"),
      ])
    + bad(
      .sscc,
      [
        ("106901234500000011", "wrong-check-digit"), ("10690123450000001", "wrong-length"),
        ("10690123450000001O", "bad-alphabet"),
        ("1069012345000000100", "wrong-length"),
      ])
    + bad(
      .resolver,
      [
        ("id.example.cn", "malformed-uri"), ("ftp://id.example.cn", "malformed-uri"), ("https://", "malformed-uri"),
        ("https://a:0", "malformed-uri"), ("https://a//b", "malformed-uri"), ("https://a/?b", "malformed-uri"),
      ])
    + [
      Vector(id: "bad-box-0", kind: .box, text: "1.6901234", index: 1_000_000_000, error: "index-out-of-range"),
      Vector(id: "bad-box-1", kind: .box, text: "1.690123", index: 0, error: "wrong-length"),
      Vector(id: "bad-box-2", kind: .box, text: "x.6901234", index: 0, error: "bad-alphabet"),
    ]

  private static let badSerials: [Vector] = {
    let good = serials.filter { $0.kind == .recognise }
    let cases: [(String?, String?, String)] = [
      (good[0].gtin, "75D2SZ6Z8P62FDE8", "unknown-epoch"), (good[0].gtin, "0000000000000000", "failed-tag"),
      (good[0].gtin, "00000000000000000000", "failed-tag"), ("16901234567899", good[0].serial, "failed-tag"),
      (good[0].gtin, good[0].serial.map { String($0.dropLast()) }, "wrong-length"),
      (good[0].gtin, good[0].serial.map { $0.dropLast() + "U" }, "bad-alphabet"),
      (good[0].gtin, good[0].serial.map { $0.dropLast() + "-" }, "bad-alphabet"),
      (good[0].gtin, good[0].serial.map { $0.dropLast() + ($0.hasSuffix("Z") ? "Y" : "Z") }, "failed-tag"),
      (good[3].gtin, good[3].serial.map { String($0.prefix(16)) }, "failed-tag"),
      (good[0].gtin, good[0].serial.map { "0000" + $0 }, "failed-tag"), (good[0].gtin, "", "wrong-length"),
    ]
    return cases.enumerated().map { position, one in
      Vector(id: "bad-recognise-\(position)", kind: .recognise, gtin: one.0, serial: one.1, error: one.2)
    } + [
      Vector(
        id: "bad-serial-0", kind: .serial, gtin: "06901234567892", epoch: 0, index: ItemIndex.end, profile: "compact",
        error: "index-out-of-range"),
      Vector(
        id: "bad-serial-1", kind: .serial, gtin: "06901234567892", epoch: 2, index: 0, profile: "compact",
        error: "unknown-epoch"),
    ]
  }()

  private static let badSyntax: [Vector] =
    bad(
      .scan,
      [
        ("", "malformed-scanner-data"), (" \r\n", "malformed-scanner-data"), ("hello", "malformed-uri"),
        ("WIFI:T:WPA;;", "malformed-scanner-data"),
        ("０１０６９０１２", "malformed-scanner-data"), ("]X901", "malformed-scanner-data"),
        ("]E06901234567892", "missing-identifier"),
        ("6901234567892", "missing-identifier"), ("0106901234567892", "missing-identifier"),
        ("https://x/01/06901234567892", "missing-identifier"),
        ("https://x/414/6901234567892", "missing-identifier"), ("106901234500000011", "wrong-check-digit"),
        ("HtTpS://x/00/106901234500000010", "malformed-uri"), ("https://x", "malformed-uri"),
        ("https:///00/106901234500000010", "malformed-uri"),
        ("https://x:70000/00/106901234500000010", "malformed-uri"),
        ("https://x/gtin/06901234567892/ser/A", "malformed-uri"),
        ("https://x/01/06901234567892/21/A B", "malformed-uri"), ("https://x/01/06901234567892/21/码", "malformed-uri"),
        ("https://x/01/06901234567892/21/", "malformed-uri"), ("https://x/01/06901234567892/21/A/89/B", "unknown-ai"),
        ("https://x/01/06901234567892/21/A?89=B", "unknown-ai"), ("https://x/01/06901234567892?21=A", "misplaced-ai"),
        ("https://x/01/06901234567892/21/A/10/B", "misplaced-ai"),
        ("https://x/01/06901234567892/21/A?91=B&91=B", "duplicate-ai"),
        ("https://x/01/06901234567893/21/A", "wrong-check-digit"), ("https://x/01/6901234567892/21/A", "wrong-length"),
        (item + String(repeating: "A", count: 21), "wrong-length"), (item + "A%20B", "bad-alphabet"),
        (item + "A%00", "bad-alphabet"),
        (item + "A?91=B+C", "bad-alphabet"), (item + "A?17=260230", "bad-date"), (item + "A?8030=A.B", "bad-alphabet"),
        ("(01)06901234567892(21)A(21)B", "duplicate-ai"), ("(01)06901234567892(89)A", "unknown-ai"),
        ("(01)06901234567892(21A", "malformed-scanner-data"),
        ("(01)06901234567892(21)", "wrong-length"), ("010690123456789221A\u{1D}\u{1D}10B", "malformed-scanner-data"),
        ("0106901234567892XX", "unknown-ai"), ("]d2010690123456789321A", "wrong-check-digit"),
        (String(repeating: "1", count: 2_049), "wrong-length"),
      ])
    + bad(
      .link,
      [
        ("(10)L", "missing-identifier"), ("(00)106901234500000010(21)A", "misplaced-ai"),
        ("(01)06901234567892(235)A(10)B", "misplaced-ai"),
      ])

  private static func badSeals() throws -> [Vector] {
    let uri = try seals[0].run().value ?? ""
    let digest = try seals[4].run().value ?? ""
    let unknown = try seal("x", box, seed: 0xC2).run().value ?? ""
    let revoked = try seal("x", box, seed: 0xC1, at: 1_750_000_000).run().value ?? ""
    let early = try seal("x", box, at: 1_699_999_999).run().value ?? ""
    let key = try Fixture.sealingKey().keyID
    let signature = String(repeating: "A", count: 86)
    var vectors = bad(
      .verify,
      [
        (box, "malformed-seal"), (box + "?91=X", "malformed-seal"), (box + "?8030=\(signature)", "malformed-seal"),
        (box + "?8030=\(signature)&91=\(key).1.D.0.43", "tampered-seal"),
        (box + "?8030=\(signature)&91=\(key).1.D.00.43", "malformed-seal"),
        (box + "?8030=\(signature)&91=\(key).1.D.0.4300", "malformed-seal"),
        (box + "?8030=\(signature)&91=\(key).1.D.0.44_43", "malformed-seal"),
        (box + "?8030=\(signature)&91=\(key).1.D.0.", "malformed-seal"),
        (box + "?8030=\(signature)&91=\(key).d.D.0.43", "malformed-seal"),
        (box + "?8030=AAAA&91=\(key).1.D.0.43", "malformed-seal"),
        (uri.replacing("106901234500000010", with: "106901234500000027"), "tampered-seal"),
        (uri.replacing(".D001.", with: ".D002."), "tampered-seal"),
        (uri.replacing(".43", with: ".44"), "tampered-seal"),
        (unknown, "unknown-seal-key"), (revoked, "revoked-seal-key"), (early, "premature-seal-key"),
        (revoked.replacing(".D001.", with: ".D002."), "tampered-seal"),
      ])
    vectors.append(
      Vector(
        id: "bad-verify-list", kind: .verify, text: digest, knownTerritories: ["430000"],
        error: "territories-not-sealed"))
    for (name, change) in [
      ("dealer", { $0.dealer = "D.1" }), ("territory", { $0.territories = ["43"] }),
      ("no-territory", { $0.territories = [] }),
      ("dispatch", { $0.dispatch = "dn-1" }), ("time", { $0.sealedAt = -1 }),
    ] as [(String, (inout Vector) -> Void)] {
      var vector = seals[0]
      change(&vector)
      vectors.append(
        Vector(
          id: "bad-seal-" + name, kind: .seal, text: vector.text, seed: vector.seed, dealer: vector.dealer,
          dispatch: vector.dispatch, territories: vector.territories, sealedAt: vector.sealedAt, error: "malformed-seal"
        ))
    }
    return vectors
  }
}
