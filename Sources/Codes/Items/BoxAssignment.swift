/// Boxes assigned to items before packing: item `firstIndex` opens box `firstSerial` of a series, and every `perBox`
/// items the next box begins.
package struct BoxAssignment: Hashable, Sendable {
  /// The series whose numbers the boxes take.
  package let series: BoxSeries
  /// The number of the first box in its series.
  package let firstSerial: UInt64
  /// The index of the first item of the first box.
  package let firstIndex: UInt64
  /// Items in a box, at least 1.
  package let perBox: UInt64

  /// - Throws: `indexOutOfRange` when `perBox` is 0 or `firstSerial` is beyond the series.
  package init(series: BoxSeries, firstSerial: UInt64, firstIndex: UInt64, perBox: UInt64) throws(CodeError) {
    guard perBox > 0, firstSerial < series.capacity else { throw .indexOutOfRange }
    self.series = series
    self.firstSerial = firstSerial
    self.firstIndex = firstIndex
    self.perBox = perBox
  }

  /// The box of item `index`.
  /// - Throws: `indexOutOfRange` before `firstIndex` and beyond the capacity of the series.
  package func box(ofItem index: UInt64) throws(CodeError) -> SSCC {
    guard index >= firstIndex else { throw .indexOutOfRange }
    let (serial, overflow) = firstSerial.addingReportingOverflow((index - firstIndex) / perBox)
    guard !overflow else { throw .indexOutOfRange }
    return try series.sscc(serial)
  }

  /// How many items from `index` on, itself included, lie in the same box.
  func itemsLeft(from index: UInt64) -> UInt64 {
    index < firstIndex ? 1 : perBox - (index - firstIndex) % perBox
  }
}
