/// The scans themselves: they are scans, of codes the ledger knew, before the alert, and where they were said to be.
struct ScanCheck {
  private let claim: ClaimCheck

  init(_ claim: ClaimCheck) { self.claim = claim }

  func finding() throws(Break) -> Wording {
    for index in claim.reading.scans {
      guard let event = claim.events[index] else { throw Break(.eventMissing, EvidencePath.event(index)) }
      guard case .scan(let facts) = event.facts else { throw Break(.notAScan, event.file) }
      guard event.index < claim.alertEvent.index else { throw Break(.scanAfterAlert, event.file) }
      // A forgery rests on codes that the ledger does not know; everything else on codes that it does.
      guard claim.alert.kind == .forgery || facts.code != nil else { throw Break(.codeUnrecognised, event.file) }
      guard Self.placeSupports(facts) else { throw Break(.placeContradicts, event.file) }
    }
    let places = Set(claim.scans.compactMap(\.facts.region)).sorted()
    let shown = places.prefix(5).joined(separator: ", ") + (places.count > 5 ? " …" : "")
    return Wording(
      zh: "\(claim.scans.count) 次扫码，地点 \(shown)", en: "\(claim.scans.count) scans, in \(shown)")
  }

  /// Whether the place can carry the answer. Only `outside` accuses anyone, so only that is held to the place: a region
  /// that the territories contain or overlap is not outside, and an address of the internet (`coarse`) must be in a
  /// province in which they have no part.
  private static func placeSupports(_ scan: ScanFacts) -> Bool {
    guard scan.territory == .outside else { return true }
    // A point in no region is at sea or abroad: then only its measure speaks.
    guard let region = scan.region, let territories = scan.territories else { return scan.certainty == .measured }
    switch scan.certainty {
    case .unknown: return false
    case .coarse: return !RegionText.overlaps(territories, RegionText.province(region))
    case .declared, .registered, .measured: return !RegionText.overlaps(territories, region)
    }
  }
}
