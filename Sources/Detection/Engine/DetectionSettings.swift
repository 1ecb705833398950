/// Every number that decides, with its default. ``acceptedFalseShare`` is the one to turn; the others were tuned on
/// simulated markets (seeds 1–5) and are documented in the Detection article.
package struct DetectionSettings: Sendable, Equatable {
  /// Which law the findings must respect.
  package enum Market: String, Sendable, CaseIterable {
    /// Territories may be agreed; every proven placement counts.
    case china
    /// European Union: passive sales are free and resale prices are the dealer's. Only what an inspector recorded
    /// counts as evidence of diversion, and no price is a finding.
    case eu
  }

  /// The dial: the share of alerts that may be false.
  package var acceptedFalseShare = 0.05
  /// Which law applies.
  package var market = Market.china
  /// Exceptions that hold for a time.
  package var whitelist: [Exception] = []
  /// How base rates are learnt.
  package var rates = Rates()
  /// How diversion is found.
  package var diversion = Diversion()
  /// How copied codes are found.
  package var copies = Copies()
  /// How prices under the floor are found.
  package var price = Price()
  /// How guessing is found.
  package var guessing = Guessing()
  /// How removed and burnt codes are found.
  package var missing = Missing()
  /// Days after which what nothing touched is forgotten; at most twice as long.
  package var memoryDays: Int64 = 180

  /// The defaults.
  package init() {}

  /// Factor of every detector's share, 1 at the default dial.
  var dial: Double { acceptedFalseShare / 0.05 }

  /// Base rates.
  package struct Rates: Sendable, Equatable {
    /// False: one rate for all, spread by inhabitants (ablation).
    package var isLearnt = true
    /// Whether the spread of pairs is learnt by class.
    package var learnsDispersion = true
    /// Sightings that the prior of a class is worth.
    package var gravityPrior = 20.0
    /// Expected sightings that the prior of a destination is worth.
    package var destinationPrior = 8.0
    /// Of a dealer.
    package var dealerPrior = 8.0
    /// Of a pair of provinces.
    package var provincePrior = 8.0
    /// Shares outside before anything was seen: GPS, IP, shelf, shop.
    package var outsideShares = [0.10, 0.30, 0.01, 0.01]
    /// Least rates of one prefecture: GPS, IP, shelf, shop.
    package var floors = [2e-5, 6e-5, 1e-4, 2e-4]
    /// ν of a pair before it is learnt.
    package var dispersion = 3.0
    /// Inspectors go where goods belong: their expected share of the shelf's.
    package var inspectorFactor = 0.3
    /// Days in which counts lose half their weight; 0: never.
    package var halfLifeDays = 0.0
  }

  /// An exception from diversion findings.
  package struct Exception: Sendable, Equatable {
    /// Why it was made.
    package enum Reason: String, Sendable, CaseIterable {
      /// Counties on both sides of a border are one market.
      case borderTrade
      /// A dealer that sells everywhere by mail.
      case onlineDealer
      /// A transfer that was authorised.
      case transfer
    }

    /// Why.
    package var reason: Reason
    /// The dealer; nil for all.
    package var dealer: UInt64?
    /// Code of a prefecture or province; nil for all.
    package var region: Int32?
    /// The dispatch; nil for all.
    package var lot: UInt64?
    /// Unix seconds in which it holds.
    package var from: Int64, until: Int64

    /// Holds from the first moment up to, but not at, the second.
    package init(
      _ reason: Reason, dealer: UInt64? = nil, region: Int32? = nil, lot: UInt64? = nil, from: Int64, until: Int64
    ) {
      self.reason = reason
      self.dealer = dealer
      self.region = region
      self.lot = lot
      self.from = from
      self.until = until
    }
  }
}
