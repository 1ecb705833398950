import Foundation

extension RegionAtlas {
  /// The one code that the region written as `code` has at `date` (nil: in the present list).
  ///
  /// An old code is followed through its successors. Nil when it was divided among several (ask ``resolutions(_:at:)``),
  /// was not given out yet, or never. The record is by year: in the year of a change the new code already holds.
  package func resolve(_ code: RegionCode, at date: Date? = nil) -> RegionCode? {
    let codes = resolutions(code, at: date)
    return codes.count == 1 ? codes.first : nil
  }

  /// As ``resolve(_:at:)``, with every code where the region was divided; sorted.
  package func resolutions(_ code: RegionCode, at date: Date? = nil) -> [RegionCode] {
    history.codes(code, in: date.map(chinaYear))
  }

  /// A territory in the codes of the present list; codes never given out stay as they are, and match nothing.
  package func current(_ territory: Territory) -> Territory {
    Territory(
      merging: territory.codes.flatMap { code in
        let codes = history.codes(code, in: nil)
        return codes.isEmpty ? [code] : codes
      })
  }

  /// The codes of a territory that never were divisions: to refuse at the door.
  package func unknownCodes(in territory: Territory) -> [RegionCode] { territory.codes.filter { !isKnown($0) } }
}

/// The calendar year in China (UTC+8) of a moment. Written out because `Calendar` is slow and brings time zone files.
private func chinaYear(_ date: Date) -> Int {
  let seconds = max(-6e10, min(2.5e11, date.timeIntervalSince1970.isNaN ? 0 : date.timeIntervalSince1970)) + 8 * 3_600
  // Days from 0000-03-01, in eras of 400 years (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  let days = Int((seconds / 86_400).rounded(.down)) + 719_468
  let era = (days >= 0 ? days : days - 146_096) / 146_097
  let dayOfEra = days - era * 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  // The year began on 1 March: its days from the 306th on are January and February of the next.
  return yearOfEra + era * 400 + (dayOfYear >= 306 ? 1 : 0)
}
