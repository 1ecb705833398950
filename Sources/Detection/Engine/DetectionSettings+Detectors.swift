extension DetectionSettings {
  /// Diversion: shares, chances, thresholds.
  package struct Diversion: Sendable, Equatable {
    /// ρ for lots and for dealers: shares of the goods that may be at the place.
    package var lotShares = [0.05, 0.15, 0.40, 0.90], dealerShares = [0.005, 0.02, 0.06, 0.20, 0.50]
    /// Chance that goods sold in a prefecture are seen in it; then in a province.
    package var seenInPrefecture = Channels(gps: 0.90, ip: 0.65, terminal: 1, inspector: 1, shop: 1)
    /// As above for provinces.
    package var seenInProvince = Channels(gps: 0.93, ip: 0.85, terminal: 1, inspector: 1, shop: 1)
    /// Accepted false share by grain at the default dial; their sum exceeds 5 %
    /// because e-LOND is conservative here, and `head` keeps its loose beginning out.
    package var lotPrefectureShare = 0.20
    /// As above.
    package var lotProvinceShare = 0.06
    /// As above.
    package var dealerPrefectureShare = 0.028
    /// As above.
    package var dealerProvinceShare = 0.012
    /// As above.
    package var storeShare = 0.02
    /// Hypotheses counted before the first: evidence is weighed strictly from the start, when rates are least known.
    package var head = 2_000
    /// ν of lots, of dealers by province, and of the pair's own record.
    package var lotDispersion = 2.0, provinceDispersion = 3.0, historyPrior = 3.0
    /// ν of how far a lot is outside everywhere, and the largest ν that a record can give.
    package var diffusePrior = 4.0, dispersionMax = 6.0
    /// Least sightings: of any kind; with a terminal's or shop's among them; with an inspector's.
    package var sightingsMin = 4.0, sightingsMinShelf = 3.0, sightingsMinInspector = 1.0
    /// Least multiple of the expected that is worth a case.
    package var materiality = 2.5
    /// Days after which a raised matter may be raised anew.
    package var rearmDays: Int64 = 60
    /// Days within which sightings belong to an open case.
    package var caseDays: Int64 = 28
    /// Kilometres within which a prefecture belongs to an open case of the same dealer.
    package var caseRadius = 150.0
    /// Expected sightings that the prior of the season is worth, its half-life in days and its bounds.
    package var seasonPrior = 40.0, seasonHalfLifeDays = 1.5, seasonMin = 0.6, seasonMax = 4.0
    /// Store cluster: ρ, ν, usual share of foreign lots, lots that the usual share's prior is worth, least lots.
    package var storeShares = [0.05, 0.15, 0.4], storeDispersion = 1.0, storeUsual = 0.01, storePrior = 100.0
    /// Least foreign lots in a store.
    package var storeLotsMin = 3
    /// Radius in metres within which a fix belongs to a point of sale; fixes less exact than it never do.
    package var shopRadius = 300.0
    /// Boxes by different devices that make a place a point of sale.
    package var shopBoxes = 2
    /// Parts, each of which can be left out to see what it buys.
    package var usesSeason = true, usesHistory = true, usesLots = true, usesDealers = true, usesStores = true
    /// As above.
    package var usesProvinces = true, usesRestarts = true, usesVotes = true, usesSources = true, usesShops = true
    /// As above.
    package var usesDiffusion = true, suspectsStores = true
    /// Ablation: a fixed threshold (log e) in place of e-LOND; 0 for none.
    package var fixedThreshold = 0.0
  }

  /// Copied codes.
  package struct Copies: Sendable, Equatable {
    /// Whether it looks at all.
    package var isOn = true
    /// Accepted false shares for codes and for lots at the default dial.
    package var codeShare = 0.2, lotShare = 0.05
    /// Chance of one more device for a copied code.
    package var nextDevice = 0.7
    /// Faster than an airliner, door to door, in km/h; accuracies are subtracted three times.
    package var kilometersPerHour = 900.0
    /// Share of a lot's codes that are copied when any is.
    package var lotFraction = 0.2
    /// The most that one code adds to its lot's evidence: a lot is for many thin copies.
    package var lotPartMax = 10.0
    /// Lots and codes counted before the first, as for diversion.
    package var head = 2_000
    /// Least evidence of a code that its certain lot names: genuine codes travel within copied lots, too.
    package var namedMin = 3.2
    /// Scans that a prior of a chance is worth: one more device; where it is.
    package var devicePrior = 50.0, placePrior = 200.0
    /// Positions are remembered on a grid of so many degrees, for those who must not keep exact ones; 0: exactly.
    package var grid = 0.0
  }

  /// Prices under the floor.
  package struct Price: Sendable, Equatable {
    /// Whether it looks at all.
    package var isOn = true
    /// Accepted false share at the default dial.
    package var share = 0.02
    /// Prices under it, relative to the floor, are rather typing errors.
    package var telling = 0.8
    /// Least prices just under it: one or two may be typing errors that look like it.
    package var underMin = 3
    /// Days without another low price after which a case is over.
    package var quietDays: Int64 = 28
  }

  /// Codes that do not authenticate.
  package struct Guessing: Sendable, Equatable {
    /// Whether it looks at all.
    package var isOn = true
    /// Accepted false share at the default dial.
    package var share = 0.05
    /// Share of failing codes for honest devices and for guessing ones.
    package var honest = 0.02, guessing = 0.5
  }

  /// Codes removed from goods and codes scanned before sale.
  package struct Missing: Sendable, Equatable {
    /// Whether it looks at all.
    package var isOn = true
    /// Accepted false share for removed codes and for burnt codes at the default dial.
    package var removedShare = 0.1, burntShare = 0.02
    /// Days after dispatch at which a lot's boxes are counted.
    package var maturityDays: [Int64] = [45, 70, 100]
    /// Spread σ of lots' scan rates before it is learnt, lots that it is worth, and the least that is believed.
    package var spread = 0.35, spreadPrior = 30.0, spreadMin = 0.15
    /// Seconds within which different codes by one device count as one burst.
    package var burstSeconds: Int64 = 3_600
  }
}
