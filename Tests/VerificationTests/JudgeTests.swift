import Ledger
import Regions
import Storage
import Testing
import TestWorld
import Verification

/// The judge alone: the same facts give the same verdict, and every verdict says why.
@Suite struct JudgeTests {
  private let moment = Timestamp(milliseconds: 1_788_249_600_000)

  private func life(_ state: LifeState, _ territory: String? = "430000") throws -> Life {
    Life(
      state: state, dealer: territory == nil ? nil : "A", dispatch: territory == nil ? nil : 1,
      territory: try territory.map { try Territory($0) }, at: moment, recorded: moment, event: 1)
  }

  private func judge(_ facts: ScanFacts) async throws -> Judgement {
    Judge(atlas: try await World.make().ledger.atlas).judge(facts)
  }

  private func policy(_ mode: String) throws -> PricePolicy {
    try PricePolicy(
      PolicyRow(
        id: "P", version: 1, gtin: 6_901_234_567_892, regions: "430000", amount: "99.00", currency: "CNY", mode: mode,
        basis: "file 1", since: 0, until: nil))
  }

  @Test("goods inside their territory are ok") func inside() async throws {
    let verdict = try await judge(
      ScanFacts(finding: .item, life: try life(.dispatched), place: .declared(try RegionCode("430102"))))
    #expect(verdict.overall == .ok)
    #expect(verdict.territory == .inside)
    #expect(verdict.reasons == [.genuine, .regionInside])
  }

  @Test("goods outside are for attention, never rejected: one scan is an observation") func outside() async throws {
    let verdict = try await judge(
      ScanFacts(finding: .item, life: try life(.received), place: .declared(try RegionCode("370102"))))
    #expect(verdict.overall == .attention)
    #expect(verdict.authenticity == .genuine)
    #expect(verdict.reasons == [.genuine, .regionOutside])
  }

  @Test("an IP address alone never makes outside at city level") func address() async throws {
    let position = try Position(latitude: 27.83, longitude: 113.13, accuracyMeters: 5000, source: .ip)
    let atlas = try await World.make().ledger.atlas
    let verdict = try await judge(
      ScanFacts(finding: .item, life: try life(.dispatched, "430100"), place: .from(position: position, atlas: atlas)))
    #expect(verdict.territory == .uncertain)
    #expect(verdict.reasons == [.genuine, .ipTooCoarse])
    #expect(verdict.overall == .ok)
  }

  @Test("a scan without a place is uncertain, and no reproach") func nowhere() async throws {
    let verdict = try await judge(ScanFacts(finding: .item, life: try life(.dispatched), place: .unknown))
    #expect(verdict.territory == .uncertain)
    #expect(verdict.reasons == [.genuine, .placeUnknown])
    #expect(verdict.overall == .ok)
  }

  @Test(
    "each state says its reason",
    arguments: [
      (LifeState.issued, ScanReason.notDispatched, Overall.attention), (.packed, .notDispatched, .attention),
      (.returned, .returnedGoods, .attention), (.voided, .voided, .reject), (.sold, .alreadySold, .ok),
    ])
  func states(_ state: LifeState, _ reason: ScanReason, _ overall: Overall) async throws {
    let bound = state == .sold
    let verdict = try await judge(
      ScanFacts(
        finding: .item, life: try life(state, bound ? "430000" : nil), place: .declared(try RegionCode("430102"))))
    #expect(verdict.reasons.contains(reason))
    #expect(verdict.overall == overall)
    #expect(verdict.state == state)
    #expect(verdict.territory == (bound ? .inside : .notBound))
  }

  @Test("a forged code is rejected with its reason, and its place and price are not judged") func forged() async throws
  {
    let verdict = try await judge(
      ScanFacts(
        finding: .forged(.failedTag), life: nil, place: .declared(try RegionCode("430102")),
        price: Money(amount: "1.00", currency: "CNY"), policy: try policy("enforce")))
    #expect(verdict.reasons == [.failedTag])
    #expect(verdict.authenticity == .forged)
    #expect(verdict.overall == .reject)
    #expect(verdict.price == .notChecked)
  }

  @Test("an unsealed box proves nothing, a sealed one does") func boxes() async throws {
    let place = Place.declared(try RegionCode("430102"))
    let bare = try await judge(ScanFacts(finding: .unsealedBox, life: try life(.dispatched), place: place))
    #expect(bare.authenticity == .unproven)
    #expect(bare.reasons == [.boxUnsealed, .regionInside])
    #expect(bare.overall == .attention)
    let sealed = try await judge(ScanFacts(finding: .sealedBox, life: try life(.dispatched), place: place))
    #expect(sealed.authenticity == .genuine)
    #expect(sealed.reasons == [.sealValid, .regionInside])
  }

  @Test("a code seen where one item cannot be is a suspected copy") func copy() async throws {
    let verdict = try await judge(
      ScanFacts(
        finding: .item, life: try life(.dispatched), place: .declared(try RegionCode("430102")),
        copy: .impossibleTravel))
    #expect(verdict.authenticity == .suspectedCopy)
    #expect(verdict.reasons == [.genuine, .impossibleTravel, .regionInside])
    #expect(verdict.overall == .attention)
  }

  @Test(
    "prices are compared as decimals, in the policy's currency, unless it is off",
    arguments: [
      ("98.99", "CNY", "advise", PriceVerdict.belowFloor, ScanReason?.some(.priceBelowFloor)),
      ("99", "CNY", "enforce", .ok, nil), ("99.0000", "CNY", "advise", .ok, nil),
      ("1.00", "EUR", "enforce", .notChecked, .currencyDiffers), ("1.00", "CNY", "off", .notChecked, nil),
    ])
  func prices(
    _ amount: String, _ currency: String, _ mode: String, _ expected: PriceVerdict, _ reason: ScanReason?
  ) async throws {
    let verdict = try await judge(
      ScanFacts(
        finding: .item, life: try life(.dispatched), place: .declared(try RegionCode("430102")),
        price: Money(amount: amount, currency: currency), policy: try policy(mode)))
    #expect(verdict.price == expected)
    #expect(verdict.reasons == [.genuine, .regionInside] + (reason.map { [$0] } ?? []))
  }

  @Test("every reason has a sentence in both languages", arguments: ScanReason.allCases)
  func sentences(_ reason: ScanReason) {
    #expect(!reason.message.en.isEmpty && reason.message.en != reason.rawValue)
    #expect(reason.message.zh.unicodeScalars.contains { $0.value > 0x4e00 })
  }
}
