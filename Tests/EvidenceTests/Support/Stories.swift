import Codes
import TransparencyLog

/// The stories that tests begin with. Item 30 of the batch is the hero; with 12 a box it is in box 2.
extension Story {
  static let gtin = "06901234567892"
  static let item = "06901234567892.0.30"
  static let hunan: JSONValue = ["430000"]

  static func items(_ first: Int64, _ last: Int64) -> JSONValue {
    ["epoch": 0, "first": .integer(first), "gtin": .string(gtin), "last": .integer(last)]
  }

  static func boxes(_ first: Int64, _ last: Int64) -> JSONValue {
    ["first": .integer(first), "last": .integer(last), "series": "1.6901234"]
  }

  static func sscc(_ serial: UInt64) -> String {
    let series = try? BoxSeries(key: "1.6901234")
    return (try? series?.sscc(serial))?.description ?? ""
  }

  /// The sealed URI of a box.
  func seal(
    _ serial: UInt64, dealer: String = "D001", territories: [String] = ["430000"], dispatch: String = "D1",
    at: Int64 = 1_788_253_200
  ) -> String {
    let sealed = (try? SSCC(Self.sscc(serial))).flatMap { box in
      try? keys.sealing.seal(.box(box), dealer: dealer, territories: territories, dispatch: dispatch, at: at)
    }
    return sealed.flatMap { sealed in (try? Resolver("https://id.example.cn")).map(sealed.uri) } ?? ""
  }

  /// The data of a scan of the hero in Guangzhou.
  static func scanData(region: String = "440106", dealer: String? = "D001") -> JSONValue {
    var data: JSONValue = [
      "code": ["epoch": 0, "gtin": .string(gtin), "index": 30],
      "place": ["certainty": "measured", "region": .string(region)],
      "authenticity": "genuine", "state": "dispatched", "territory": "outside", "priceCheck": "notChecked",
      "verdict": "attention", "reasons": ["outsideTerritory"], "firstScannedAt": "2026-09-10T08:00:00Z", "scanCount": 1,
    ]
    if let dealer {
      data["dealer"] = .string(dealer)
      data["dispatch"] = 1
      data["territories"] = hunan
    }
    return data
  }

  static let place: [String: JSONValue] = [
    "place": ["accuracyMeters": 30, "latitude": 23.1, "longitude": 113.3, "source": "gps"]
  ]

  /// One inspector's scan of a pre-packed item, outside the dealer's province.
  static func small() -> Story {
    var story = Story()
    story.add(
      "batch", "batch", at: "2026-08-20T08:00:00Z", role: "issuer",
      [
        "batch": 1, "boxes": boxes(0, 9), "items": items(0, 119), "perBox": 12, "profile": "compact",
      ])
    story.add(
      "dispatch", "dispatch", at: "2026-09-01T09:00:00Z",
      [
        "contents": [items(24, 35)], "dealer": "D001", "dispatch": 1, "items": 12, "number": "DN-1",
        "sealKey": .string(story.keys.sealing.keyID), "territories": hunan, "units": [boxes(2, 2)],
      ])
    story.add("scan", "scan", at: "2026-09-10T08:00:00Z", role: "inspector", personal: place, scanData())
    story.add(
      "alert", "alert", at: "2026-09-10T08:01:00Z", role: "admin",
      [
        "alert": 1, "kind": "diversion", "rule": "outside-territory/1", "severity": "serious",
        "subject": ["dealer": "D001", "region": "440100"],
        "numbers": ["sightings": 1, "inspectors": 1, "needed": 1], "scans": ["scan"],
      ])
    story.chain = [item: ["batch", "dispatch"]]
    story.seals = [sscc(2): story.seal(2)]
    return story
  }

  /// The same with a named product, a second code packed by scanning after it was taken out of its box, a receipt, and
  /// two more scans.
  static func diversion() -> Story {
    var story = small()
    let product = Entry(
      name: "product", kind: "product", at: "2026-08-19T08:00:00Z",
      data: ["gtin": .string(gtin), "name": ["en": "Old liquor", "zh": "老酒"], "series": "1.6901234"])
    let unpacking = Entry(
      name: "unpacking", kind: "unpacking", at: "2026-08-25T08:00:00Z",
      data: ["parent": boxes(5, 5), "children": [items(60, 60)]])
    let packing = Entry(
      name: "packing", kind: "packing", at: "2026-08-26T08:00:00Z",
      data: ["parent": boxes(9, 9), "children": [items(60, 60)]])
    story.entries.insert(contentsOf: [product], at: 0)
    story.entries.insert(contentsOf: [unpacking, packing], at: 2)
    story["dispatch"].data["units"] = [boxes(2, 2), boxes(9, 9)]
    story["dispatch"].data["contents"] = [items(24, 35), items(60, 60), items(108, 119)]
    story["dispatch"].data["items"] = 25
    let receipt = Entry(
      name: "receipt", kind: "receipt", at: "2026-09-03T09:00:00Z", role: "dealer",
      data: [
        "dealer": "D001", "units": [boxes(2, 2), boxes(9, 9)], "contents": story["dispatch"].data["contents"] ?? [],
      ])
    story.entries.insert(receipt, at: 5)
    var second = scanData(region: "440304")
    second["code"] = ["epoch": 0, "gtin": .string(gtin), "index": 60]
    let later = Entry(name: "scan2", kind: "scan", at: "2026-09-10T09:00:00.250Z", role: "consumer", data: second)
    let third = Entry(
      name: "scan3", kind: "scan", at: "2026-09-09T09:00:00Z", role: "terminal", data: scanData(region: "440106"))
    story.entries.insert(contentsOf: [later, third], at: story.entries.count - 1)
    story["alert"].at = "2026-09-10T10:00:00Z"
    story["alert"].data["scans"] = ["scan", "scan2", "scan3"]
    story["alert"].data["subject"] = ["dealer": "D001", "region": "440000", "gtin": .string(gtin), "dispatch": 1]
    story["alert"].data["numbers"] = [
      "sightings": 3, "inspectors": 1, "terminals": 1, "consumers": 1, "observers": 2, "codes": 2, "share": 0.75,
      "firstAt": "2026-09-09T09:00:00Z", "lastAt": "2026-09-10T09:00:00.250Z",
    ]
    story.chain = [
      item: ["batch", "dispatch", "receipt"],
      "06901234567892.0.60": ["batch", "unpacking", "packing", "dispatch", "receipt"],
    ]
    story.related = ["product"]
    story.seals[sscc(9)] = story.seal(9)
    return story
  }

  /// The small story with the goods passed on to a dealer of one city, and diverted by that one.
  static func transferred() -> Story {
    var story = small()
    let transfer = Entry(
      name: "transfer", kind: "transfer", at: "2026-09-05T09:00:00Z", role: "dealer",
      data: [
        "from": "D001", "to": "D011", "territories": ["430100"], "units": [boxes(2, 2)], "contents": [items(24, 35)],
      ])
    story.entries.insert(transfer, at: 2)
    story["scan"].data["dealer"] = "D011"
    story["scan"].data["territories"] = ["430100"]
    story["alert"].data["subject"] = ["dealer": "D011"]
    story.chain = [item: ["batch", "dispatch", "transfer"]]
    return story
  }

  /// One code at two ends of the country within an hour; nothing is said of dealers.
  static func clone() -> Story {
    var story = Story()
    story.entries = [small()["batch"]]
    var (here, there) = (scanData(dealer: nil), scanData(region: "650102", dealer: nil))
    for key in ["territory"] {
      here[key] = "notBound"
      there[key] = "notBound"
    }
    there["authenticity"] = "suspectedCopy"
    story.add("scan", "scan", at: "2026-09-10T08:00:00Z", role: "consumer", personal: place, here)
    story.add("scan2", "scan", at: "2026-09-10T09:00:00Z", role: "consumer", there)
    story.add(
      "alert", "alert", at: "2026-09-10T09:00:01Z", role: "admin",
      [
        "alert": 2, "kind": "clone", "rule": "copied-code/1", "severity": "serious",
        "subject": ["code": ["epoch": 0, "gtin": .string(gtin), "index": 30]],
        "numbers": ["scans": 2, "kilometers": 3300, "hours": 1], "scans": ["scan", "scan2"],
      ])
    story.chain = [item: ["batch"]]
    return story
  }

  /// Three made-up serials of one product from one source.
  static func forgery() -> Story {
    var story = Story()
    for number in 1...3 {
      var data = scanData(dealer: nil)
      data["code"] = ["raw": .string("https://id.example.cn/01/\(gtin)/21/75D2SZ6Z8P62FDE\(number)")]
      data["authenticity"] = "forged"
      data["territory"] = "notBound"
      data["verdict"] = "reject"
      story.add("scan\(number)", "scan", at: "2026-09-10T08:00:0\(number)Z", role: "consumer", data)
    }
    story.add(
      "alert", "alert", at: "2026-09-10T09:00:01Z", role: "admin",
      [
        "alert": 3, "kind": "forgery", "rule": "forged-burst/1", "severity": "warning",
        "subject": ["gtin": .string(gtin)], "numbers": ["scans": 3, "codes": 3, "forged": 3],
        "scans": ["scan1", "scan2", "scan3"],
      ])
    return story
  }

  /// The small story as a price alert.
  static func price() -> Story {
    var story = small()
    let policy = Entry(
      name: "policy", kind: "pricePolicy", at: "2026-08-21T08:00:00Z", role: "compliance",
      data: [
        "id": "P1", "version": 2, "gtin": .string(gtin), "regions": hunan,
        "floor": ["amount": "129.00", "currency": "CNY"],
        "mode": "advise", "legalBasis": "…", "from": "2026-08-22T00:00:00Z", "to": nil,
      ])
    story.entries.insert(policy, at: 1)
    story["scan"].data["territory"] = "inside"
    story["scan"].data["place"] = ["certainty": "registered", "region": "430102"]
    story["scan"].data["price"] = ["amount": "99.5", "currency": "CNY"]
    story["scan"].data["priceCheck"] = "belowFloor"
    story["scan"].data["policy"] = ["id": "P1", "version": 2]
    story["alert"].data["kind"] = "price"
    story["alert"].data["rule"] = "price-floor/1"
    story["alert"].data["subject"] = ["dealer": "D001", "region": "430000", "gtin": .string(gtin)]
    story["alert"].data["numbers"] = ["scans": 1, "belowFloor": 1, "lowest": "99.5"]
    story.policy = "policy"
    return story
  }

  /// An item made void before it left, on sale all the same.
  static func unsold() -> Story {
    var story = clone()
    story.remove("scan2")
    let void = Entry(
      name: "void", kind: "void", at: "2026-08-30T08:00:00Z",
      data: ["reason": "print file leaked", "units": [items(0, 119)], "contents": []])
    story.entries.insert(void, at: 1)
    story["scan"].data["state"] = "voided"
    story["alert"].data["kind"] = "unsold"
    story["alert"].data["rule"] = "void-on-sale/1"
    story["alert"].data["numbers"] = ["scans": 1]
    story["alert"].data["scans"] = ["scan"]
    story.chain = [item: ["batch", "void"]]
    return story
  }

  static let all: [(name: String, make: @Sendable () -> Story)] = [
    ("small", small), ("diversion", diversion), ("transferred", transferred), ("clone", clone), ("forgery", forgery),
    ("price", price), ("unsold", unsold),
  ]
}
