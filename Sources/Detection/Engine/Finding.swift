/// Something that a detector holds to be worth a person's look, with the numbers that made it so.
package struct Finding: Sendable, Equatable {
  /// What is the matter.
  package enum Kind: String, Sendable, CaseIterable {
    /// Goods outside their territory.
    case diversion
    /// One code on several items.
    case clone
    /// Prices under the floor.
    case price
    /// Codes that were never issued.
    case counterfeit
    /// Goods that nobody can scan any more: codes scraped off or never sold.
    case missing
    /// Codes scanned in bulk before the goods are sold.
    case burning
    /// A store that is not where its registration says: for the data's keeper, never against a dealer.
    case registration
  }

  /// Which hypothesis was tested.
  package enum Grain: String, Sendable, CaseIterable, Comparable {
    /// One lot in one prefecture, or in one province.
    case lotPrefecture, lotProvince
    /// All goods of one dealer in one prefecture, or in one province.
    case dealerPrefecture, dealerProvince
    /// One store, one code, one lot, one device or network.
    case store, code, lot, device

    /// In the order of declaration.
    package static func < (a: Grain, b: Grain) -> Bool { a.order < b.order }
    /// Position among all cases.
    var order: Int {
      switch self {
      case .lotPrefecture: 0
      case .lotProvince: 1
      case .dealerPrefecture: 2
      case .dealerProvince: 3
      case .store: 4
      case .code: 5
      case .lot: 6
      case .device: 7
      }
    }
  }

  /// The numbers behind a finding, by kind.
  package enum Reasons: Sendable, Equatable {
    /// Diversion seen as a place with too many sightings.
    case diversion(DiversionReasons)
    /// Diversion seen as a store with too many foreign lots.
    case store(StoreReasons)
    /// A copied code.
    case copy(CopyReasons)
    /// Prices under the floor.
    case price(PriceReasons)
    /// Guessed codes.
    case guess(GuessReasons)
    /// Removed codes.
    case missing(MissingReasons)
    /// Burnt codes.
    case burning(BurningReasons)
    /// A misplaced registration.
    case registration(RegistrationReasons)
  }

  /// Unix seconds of the sighting that made it certain enough.
  package var time: Int64
  /// What is the matter.
  package var kind: Kind
  /// Which hypothesis.
  package var grain: Grain
  /// The dealer's number, or 0.
  package var dealer: UInt64 = 0
  /// Code of the prefecture or province, or 0.
  package var region: Int32 = 0
  /// The lot, store, code and device, or 0.
  package var lot: UInt64 = 0, store: UInt64 = 0, code: UInt64 = 0, device: UInt64 = 0
  /// log e: natural logarithm of the evidence.
  package var score: Double
  /// The numbers.
  package var reasons: Reasons

  /// A finding about nobody yet; who and where is set by name.
  package init(time: Int64, kind: Kind, grain: Grain, score: Double, reasons: Reasons) {
    self.time = time
    self.kind = kind
    self.grain = grain
    self.score = score
    self.reasons = reasons
  }
}

/// What the rule said when it was asked: recomputed from a finding's reasons by anyone.
package struct Verdict: Sendable, Equatable {
  /// log e.
  package let evidence: Double
  /// What it had to reach.
  package let threshold: Double
  /// Whether all conditions hold.
  package let isRaised: Bool
}

/// The place of a hypothesis in the online false-discovery rule.
package struct Budget: Sendable, Equatable {
  /// Accepted false share of its grain.
  package let alpha: Double
  /// Its number in the order in which hypotheses of the grain came up, from 1.
  package let ordinal: Int
  /// Alerts of the grain before it.
  package let raised: Int

  /// log e that it needs.
  package var threshold: Double { Evidence.threshold(alpha: alpha, ordinal: ordinal, raised: raised) }
}
