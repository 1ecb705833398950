/// Why goods are held to be diverted to a place.
package struct DiversionReasons: Sendable, Equatable {
  /// Independent sightings there.
  package var seen: Channels
  /// How many are normal, with everything below taken into account.
  package var expected: Channels
  /// How many there would be if all the goods were there.
  package var exposure: Channels
  /// ρ: the shares that were weighed.
  package var shares: [Double]
  /// ν: how uncertain the normal number is.
  package var dispersion: Double
  /// Its place in the false-discovery rule.
  package var budget: Budget
  /// The conditions besides the evidence.
  package var floor: Floor
  /// Where the normal number comes from.
  package var origin: Origin
  /// Innocent explanations and what speaks for each.
  package var alternatives: Alternatives
  /// Fixed threshold in place of the rule's (what-if only); 0 for none.
  package var fixedThreshold = 0.0

  /// Least sightings and least multiple of the expected.
  package struct Floor: Sendable, Equatable {
    /// Of any kind; with a terminal's or shop's; with an inspector's.
    package var any: Double, shelf: Double, inspector: Double
    /// Least multiple of the expected.
    package var materiality: Double

    /// Whether sightings reach it.
    func isReached(_ seen: Channels, expected: Double) -> Bool {
      let n = seen.total
      guard n >= materiality * expected else { return false }
      return n >= any || seen.inspector >= 1 && n >= inspector || seen.terminal + seen.shop >= 1 && n >= shelf
    }
  }

  /// Base rate of the place, and what it was learnt from.
  package struct Origin: Sendable, Equatable {
    /// Chance that the next sighting lands there, by way of seeing.
    package var rates: Channels
    /// The same chance for any dealer at this distance with that many inhabitants: GPS.
    package var distanceOnly: Double
    /// Kilometres from the nearest authorised centre, and whether the prefecture is a neighbour.
    package var kilometers: Double, isNeighbour: Bool
    /// The dealer's sightings anywhere, and those at this place, on which the rates rest.
    package var dealerSightings: Double, dealerSightingsThere: Double
    /// Factor from this pair's own record outside the lot.
    package var history: Double
  }

  /// Innocent explanations.
  package struct Alternatives: Sendable, Equatable {
    /// Travel: all sightings outside, against the expected; 1 on ordinary days.
    package var season: Double
    /// Online sale: how far the lot is outside everywhere else, against the expected.
    package var diffusion: Double
    /// Misregistered stores: sightings of this dealer's goods that were left out because the store is suspect.
    package var suspectStores: Int
    /// Different boxes may have come with one transfer: sightings on points of sale among `seen`.
    package var onSale: Double
  }

  /// Recomputes the verdict from nothing but these numbers.
  package var verdict: Verdict {
    let value = Evidence.logRatio(
      seen: seen, expected: expected, exposure: exposure, shares: shares, dispersion: dispersion)
    let needed = fixedThreshold > 0 ? fixedThreshold : budget.threshold
    return Verdict(
      evidence: value, threshold: needed,
      isRaised: value >= needed && floor.isReached(seen, expected: expected.total))
  }

  /// Estimated share of the goods that are there.
  package var share: Double {
    min(1, max(0, seen.total - expected.total) / max(exposure.total, 1e-9))
  }
}

/// Why a store is held to sell other territories' goods.
package struct StoreReasons: Sendable, Equatable {
  /// Lots seen in the store, and those of dealers without the territory.
  package var lots: Int, foreign: Int
  /// Of the dealer that has most of them.
  package var ofDealer: Int
  /// Usual share of foreign lots in the neighbourhood.
  package var usual: Double
  /// ρ and ν.
  package var shares: [Double], dispersion: Double
  /// Least foreign lots.
  package var least: Int
  /// Its place in the false-discovery rule.
  package var budget: Budget

  /// Recomputes the verdict from nothing but these numbers.
  package var verdict: Verdict {
    let all = Double(lots)
    let value = Evidence.logRatio(
      seen: Channels(gps: 0, ip: 0, terminal: Double(foreign), inspector: 0),
      expected: Channels(gps: 0, ip: 0, terminal: max(1e-9, usual * all), inspector: 0),
      exposure: Channels(gps: 0, ip: 0, terminal: all, inspector: 0), shares: shares, dispersion: dispersion)
    return Verdict(
      evidence: value, threshold: budget.threshold, isRaised: foreign >= least && value >= budget.threshold)
  }
}

/// Why a code is held to be on several items.
package struct CopyReasons: Sendable, Equatable {
  /// Different devices, and different places among them.
  package var devices: Int, places: Int
  /// Kilometres between the latest and the nearest earlier place; speed that one item would have needed, in km/h.
  package var kilometers: Double, speed: Double
  /// log e of the code alone; of its lot, and how many codes of the lot show copies, when the lot made it certain.
  package var code: Double, lot: Double
  /// As above.
  package var lotCodes: Int
  /// Chance that a genuine code meets one more device, as learnt.
  package var nextDevice: Double
  /// Its place in the false-discovery rule: the lot's when `lotCodes` is positive.
  package var budget: Budget

  /// Recomputes the verdict from nothing but these numbers.
  package var verdict: Verdict {
    let value = lotCodes > 0 ? lot : code
    return Verdict(evidence: value, threshold: budget.threshold, isRaised: value >= budget.threshold)
  }
}

/// Why a store is held to sell under the floor. Never a reason in a diversion case.
package struct PriceReasons: Sendable, Equatable {
  /// Sales with a price in this case; those just under the floor; those so far under that they are rather typing errors.
  package var sales: Int, under: Int, absurd: Int
  /// Lowest price relative to the floor among those just under.
  package var lowest: Double
  /// Least prices just under the floor.
  package var least: Int
  /// log e.
  package var evidence: Double
  /// Its place in the false-discovery rule.
  package var budget: Budget

  /// Recomputes the verdict from nothing but these numbers.
  package var verdict: Verdict {
    Verdict(evidence: evidence, threshold: budget.threshold, isRaised: under >= least && evidence >= budget.threshold)
  }
}

/// Why a device or network is held to guess codes.
package struct GuessReasons: Sendable, Equatable {
  /// Codes that do not exist, and codes that do, since the counting began.
  package var failing: Int, genuine: Int
  /// Whether it is a network rather than a device.
  package var isNetwork: Bool
  /// log e.
  package var evidence: Double
  /// Its place in the false-discovery rule.
  package var budget: Budget

  /// Recomputes the verdict from nothing but these numbers.
  package var verdict: Verdict {
    Verdict(evidence: evidence, threshold: budget.threshold, isRaised: evidence >= budget.threshold)
  }
}

/// Why a lot's codes are held to be removed.
package struct MissingReasons: Sendable, Equatable {
  /// Boxes dispatched, and boxes of which anything was ever seen.
  package var boxes: Int, boxesSeen: Int
  /// Boxes that should have been seen by now, and sightings of the product a box gives by then.
  package var boxesExpected: Double, rate: Double
  /// Days since dispatch.
  package var days: Int64
  /// Sightings of the lot outside its territory.
  package var outside: Int
  /// log e.
  package var evidence: Double
  /// Its place in the false-discovery rule.
  package var budget: Budget

  /// Recomputes the verdict from nothing but these numbers.
  package var verdict: Verdict {
    Verdict(evidence: evidence, threshold: budget.threshold, isRaised: evidence >= budget.threshold)
  }
}

/// Why codes are held to be scanned before sale.
package struct BurningReasons: Sendable, Equatable {
  /// Different codes and boxes by one device within the burst, and its length in seconds.
  package var codes: Int, boxes: Int
  /// As above.
  package var seconds: Int64
  /// Chance that an honest device goes on to one more box, as learnt.
  package var nextBox: Double
  /// log e.
  package var evidence: Double
  /// Its place in the false-discovery rule.
  package var budget: Budget

  /// Recomputes the verdict from nothing but these numbers.
  package var verdict: Verdict {
    Verdict(evidence: evidence, threshold: budget.threshold, isRaised: evidence >= budget.threshold)
  }
}

/// Why a store is held to be registered in the wrong place.
package struct RegistrationReasons: Sendable, Equatable {
  /// Sightings in the store; those of goods that belong where it is registered; those that belong at the better place.
  package var sightings: Int, fitting: Int, fittingElsewhere: Int
  /// Code of the prefecture that fits better.
  package var elsewhere: Int32
}
