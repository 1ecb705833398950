import TransparencyLog

/// A rule's name and edition. A change that can change alerts is a new edition.
package struct RuleVersion: Hashable, Sendable, CustomStringConvertible {
  /// Such as `outside-territory`.
  package let name: String
  /// From 1.
  package let version: Int

  /// Made from its parts.
  package init(_ name: String, _ version: Int) {
    self.name = name
    self.version = version
  }

  /// `outside-territory/1`
  package var description: String { "\(name)/\(version)" }
}

/// One way of finding what is worth a person's look. A value: it learns from one sighting after the other, and the same
/// sightings always give the same clues, however often its memory was put down and taken up between them.
package protocol Detector: Sendable {
  /// What alerts name as their rule.
  static var rule: RuleVersion { get }

  /// Takes one sighting in and returns what it makes certain enough to raise.
  mutating func observe(_ sighting: Sighting) -> [Clue]

  /// Takes in what is no sighting; most detectors need none of it.
  mutating func learn(_ notice: MarketNotice)

  /// The memory, bounded; everything that `restore` needs to go on as if nothing had happened.
  var state: JSONValue { get }

  /// Takes up a memory put down by a detector with the same thresholds.
  /// - Throws: ``DetectorStateError`` for anything else; the detector is as before.
  mutating func restore(_ state: JSONValue) throws(DetectorStateError)
}

extension Detector {
  /// Nothing.
  package mutating func learn(_ notice: MarketNotice) {}
}

/// A stored memory that this detector cannot have put down. The engine then starts it afresh from the first event.
package struct DetectorStateError: Error, Equatable, CustomStringConvertible {
  /// Whose memory.
  package let rule: RuleVersion

  /// Names the rule.
  package init(rule: RuleVersion) { self.rule = rule }

  /// A sentence for the log.
  package var description: String { "the stored state of the detector \(rule) cannot be read" }
}

/// The detectors that every installation starts with.
package enum StandardDetectors {
  /// New ones, with their standard thresholds.
  package static func make(_ gazetteer: Gazetteer, _ map: MarketMap) -> [any Detector] {
    [MarketDetector(map), CopiedCode(gazetteer), ForgedCodes(), UnsoldGoods()]
  }
}
