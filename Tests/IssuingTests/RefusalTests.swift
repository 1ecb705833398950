import Codes
import Issuing
import Ledger
import Regions
import Storage
import TestWorld
import Testing

/// An impossible step: what happened before, what is tried, and the refusals it must meet.
struct Impossible: Sendable, CustomTestStringConvertible {
  typealias Action = @Sendable (Shop) async throws -> Void
  typealias Expected = @Sendable (Shop) throws -> [Refusal]

  let what: String
  let before: Action
  let attempt: Action
  let refusals: Expected

  var testDescription: String { what }

  /// Tried on a fresh shop.
  init(what: String, _ attempt: @escaping Action, refusals: @escaping Expected) {
    self.init(what: what, { _ in }, attempt: attempt, refusals: refusals)
  }

  /// Tried after something happened.
  init(what: String, _ before: @escaping Action, attempt: @escaping Action, refusals: @escaping Expected) {
    self.what = what
    self.before = before
    self.attempt = attempt
    self.refusals = refusals
  }
}

@Suite("An impossible step is refused with its reason and changes nothing")
struct RefusalTests {
  @Test("refused", arguments: Impossible.packing + Impossible.dispatching + Impossible.steps + Impossible.dates)
  func refused(_ impossible: Impossible) async throws {
    let shop = try await Shop.make()
    try await impossible.before(shop)
    try await shop.refused(.refused(try impossible.refusals(shop))) { try await impossible.attempt(shop) }
    try await shop.checkWhole()
  }

  @Test("every reason there is was reached above")
  func complete() async throws {
    let shop = try await Shop.make()
    let all = Impossible.packing + Impossible.dispatching + Impossible.steps + Impossible.dates
    let reached = Set(try all.flatMap { try $0.refusals(shop).map(\.reason.slug) })
    #expect(
      reached.sorted() == [
        "alreadyDispatched", "alreadyPacked", "beforePrevious", "empty", "heldByAnother", "namedTwice", "nesting",
        "notAuthorised", "notBelow", "notDispatched", "notInBox", "notInTransit", "notIssued", "notOurs", "numberTaken",
        "packedInside", "voided", "wrongLevel",
      ])
  }
}

extension Impossible {
  /// A code of the right product that these keys never made, and one of a batch that was never issued.
  static func forged(_ shop: Shop) -> String {
    String(shop.item(0).dropLast()) + (shop.item(0).hasSuffix("0") ? "1" : "0")
  }
  static func future(_ shop: Shop) throws -> String {
    let cipher = try shop.world.keystore.cipher(gtin: try Shop.gtin(), epoch: .first)
    return shop.world.ledger.resolver.uri(of: cipher.gtin, serial: try cipher.serial(index: 5000, profile: .compact))
  }
  static func futureBox(_ shop: Shop) throws -> String {
    shop.world.ledger.resolver.uri(of: try BoxSeries(key: "1.6901234").sscc(5000))
  }

  static let packing: [Impossible] = [
    Impossible(what: "packing nothing") {
      try await $0.pack([], into: $0.crate(0))
    } refusals: { _ in
      [Refusal(.empty)]
    },
    Impossible(what: "packing into an item") {
      try await $0.pack([$0.loose(0)], into: $0.loose(1))
    } refusals: {
      [Refusal(code: $0.loose(1), .wrongLevel)]
    },
    Impossible(what: "packing into a box that was never issued") {
      try await $0.pack([$0.loose(0)], into: futureBox($0))
    } refusals: {
      [Refusal(code: try futureBox($0), .notIssued)]
    },
    Impossible(what: "packing what is forged, unknown, twice and good: all but the last are told") {
      try await $0.pack([forged($0), future($0), $0.loose(0), $0.loose(0), "?hello"], into: $0.crate(0))
    } refusals: {
      [
        Refusal(unit: 0, code: forged($0), .notOurs("failed-tag")),
        Refusal(unit: 1, code: try future($0), .notIssued), Refusal(unit: 3, code: $0.loose(0), .namedTwice),
        Refusal(unit: 4, code: "?hello", .notOurs("malformed-scanner-data")),
      ]
    },
    Impossible(what: "packing an item twice") {
      try await $0.pack([$0.loose(0)], into: $0.crate(0))
    } attempt: {
      try await $0.pack([$0.loose(0)], into: $0.crate(1))
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .alreadyPacked(box: $0.crate(0)))]
    },
    Impossible(what: "packing an item again into the box it is in") {
      try await $0.pack([$0.loose(0)], into: $0.crate(0))
    } attempt: {
      try await $0.pack([$0.loose(0)], into: $0.crate(0))
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .alreadyPacked(box: $0.crate(0)))]
    },
    Impossible(what: "packing what its batch put into another box") {
      try await $0.pack([$0.item(13)], into: $0.box(0))
    } refusals: {
      [Refusal(unit: 0, code: $0.item(13), .alreadyPacked(box: $0.box(1)))]
    },
    Impossible(what: "packing what is void") {
      try await $0.void([$0.loose(0)])
    } attempt: {
      try await $0.pack([$0.loose(0)], into: $0.crate(0))
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .voided)]
    },
    Impossible(what: "packing into a void box") {
      try await $0.void([$0.crate(0)])
    } attempt: {
      try await $0.pack([$0.loose(0)], into: $0.crate(0))
    } refusals: {
      [Refusal(code: $0.crate(0), .voided)]
    },
    Impossible(what: "packing what has left") {
      try await $0.dispatch([$0.loose(0)])
    } attempt: {
      try await $0.pack([$0.loose(0)], into: $0.crate(0))
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .alreadyDispatched(dealer: "A"))]
    },
    Impossible(what: "packing into a box that has left") {
      try await $0.dispatch([$0.crate(0)])
    } attempt: {
      try await $0.pack([$0.loose(0)], into: $0.crate(0))
    } refusals: {
      [Refusal(code: $0.crate(0), .alreadyDispatched(dealer: "A"))]
    },
    Impossible(what: "packing a box into itself") {
      try await $0.pack([$0.crate(0)], into: $0.crate(0))
    } refusals: {
      [Refusal(unit: 0, code: $0.crate(0), .nesting)]
    },
    Impossible(what: "packing a pallet into a box that is on it") {
      try await $0.pack([$0.crate(1)], into: $0.crate(0))
    } attempt: {
      try await $0.pack([$0.crate(0)], into: $0.crate(1))
    } refusals: {
      [Refusal(unit: 0, code: $0.crate(0), .nesting)]
    },
    Impossible(what: "a fourth level of boxes, from above") {
      try await $0.pack([$0.crate(1)], into: $0.crate(0))
      try await $0.pack([$0.crate(2)], into: $0.crate(1))
    } attempt: {
      try await $0.pack([$0.crate(3)], into: $0.crate(2))
    } refusals: {
      [Refusal(unit: 0, code: $0.crate(3), .nesting)]
    },
    Impossible(what: "a fourth level of boxes, from below") {
      try await $0.pack([$0.crate(3)], into: $0.crate(2))
      try await $0.pack([$0.crate(2)], into: $0.crate(1))
    } attempt: {
      try await $0.pack([$0.crate(1)], into: $0.crate(0))
    } refusals: {
      [Refusal(unit: 0, code: $0.crate(1), .nesting)]
    },
    Impossible(what: "taking out what is in another box, or in none") {
      try await $0.unpack([$0.item(13), $0.loose(0), $0.item(1)], from: $0.box(0))
    } refusals: {
      [Refusal(unit: 0, code: $0.item(13), .notInBox), Refusal(unit: 1, code: $0.loose(0), .notInBox)]
    },
    Impossible(what: "taking out what was taken out") {
      try await $0.unpack([$0.item(0)], from: $0.box(0))
    } attempt: {
      try await $0.unpack([$0.item(0)], from: $0.box(0))
    } refusals: {
      [Refusal(unit: 0, code: $0.item(0), .notInBox)]
    },
  ]

  static let dispatching: [Impossible] = [
    Impossible(what: "dispatching nothing") {
      try await $0.dispatch([])
    } refusals: { _ in
      [Refusal(.empty)]
    },
    Impossible(what: "a number that was used") {
      try await $0.dispatch([$0.box(0)], number: "DN-7")
    } attempt: {
      try await $0.dispatch([$0.box(1)], number: "DN-7")
    } refusals: { _ in
      [Refusal(.numberTaken)]
    },
    Impossible(what: "a number used twice in one list") {
      let (first, second) = (
        try $0.new([.code($0.box(0))], number: "DN-7"), try $0.new([.code($0.box(1))], number: "DN-7")
      )
      _ = try await $0.issuing.dispatch([first, second], by: Shop.actor)
    } refusals: { _ in
      [Refusal(request: 1, .numberTaken)]
    },
    Impossible(what: "beyond the dealer's territory") {
      try await $0.dispatch([$0.box(0)], to: "B", "430100,440100")
    } refusals: { _ in
      [Refusal(.notAuthorised(regions: "430100,440100"))]
    },
    Impossible(what: "what is void") {
      try await $0.void([$0.item(0)])
    } attempt: {
      try await $0.dispatch([$0.item(0)])
    } refusals: {
      [Refusal(unit: 0, code: $0.item(0), .voided)]
    },
    Impossible(what: "what is with another dealer, all or none") {
      try await $0.dispatch([$0.box(1)], to: "B")
    } attempt: {
      try await $0.dispatch([$0.box(0), $0.item(12), $0.item(13), $0.box(2)])
    } refusals: {
      [
        Refusal(unit: 1, code: $0.item(12), .alreadyDispatched(dealer: "B")),
        Refusal(unit: 2, code: $0.item(13), .alreadyDispatched(dealer: "B")),
      ]
    },
    Impossible(what: "an item out of a packed box") {
      try await $0.pack([$0.loose(0)], into: $0.crate(0))
    } attempt: {
      try await $0.dispatch([$0.loose(0)])
    } refusals: {
      [Refusal(unit: 0, code: $0.loose(0), .packedInside(box: $0.crate(0)))]
    },
    Impossible(what: "a box and an item in it") {
      try await $0.dispatch([$0.box(0), $0.item(3)])
    } refusals: { _ in
      [Refusal(.namedTwice)]
    },
    Impossible(what: "a unit twice, once as a code and once in a range") {
      let new = try $0.new([.range(batch: 1, level: .box, first: 0, last: 3), .code($0.box(2))])
      _ = try await $0.issuing.dispatch([new], by: Shop.actor)
    } refusals: { _ in
      [Refusal(.namedTwice)]
    },
    Impossible(what: "ranges beyond the batch, of no batch, upside down, of boxes where there are none") {
      let ranges: [UnitReference] = [
        .range(batch: 1, level: .item, first: 119, last: 120), .range(batch: 9, level: .item, first: 0, last: 0),
        .range(batch: 1, level: .item, first: 5, last: 4), .range(batch: 1, level: .box, first: 9, last: 10),
        .range(batch: 1, level: .item, first: -1, last: 4), .range(batch: 1, level: .item, first: 0, last: .max),
      ]
      _ = try await $0.issuing.dispatch([try $0.new(ranges)], by: Shop.actor)
    } refusals: { _ in
      [
        Refusal(unit: 0, code: "B1/item/119-120", .notIssued), Refusal(unit: 1, code: "B9/item/0-0", .notIssued),
        Refusal(unit: 2, code: "B1/item/5-4", .notIssued), Refusal(unit: 3, code: "B1/box/9-10", .notIssued),
        Refusal(unit: 4, code: "B1/item/-1-4", .notIssued),
        Refusal(unit: 5, code: "B1/item/0-\(Int64.max)", .notIssued),
      ]
    },
    Impossible(what: "several requests, one of them bad: none is made") {
      let requests = [
        try $0.new([.code($0.box(0))], number: "1"), try $0.new([.code($0.box(0))], to: "B", number: "2"),
        try $0.new([.code($0.box(1))], to: "B", "440000", number: "3"), try $0.new([.code($0.box(2))], number: "4"),
      ]
      _ = try await $0.issuing.dispatch(requests, by: Shop.actor)
    } refusals: {
      [
        Refusal(request: 1, unit: 0, code: $0.box(0), .alreadyDispatched(dealer: "A")),
        Refusal(request: 1, unit: 0, code: $0.item(0), .alreadyDispatched(dealer: "A")),
        Refusal(request: 2, .notAuthorised(regions: "440000")),
      ]
    },
  ]
}
