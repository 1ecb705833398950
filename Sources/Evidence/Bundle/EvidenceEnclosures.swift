/// What a case adds to the evidence of its alert: the events of its course, attachments, and the report for people.
package struct EvidenceEnclosures: Sendable {
  /// The name of the case, for the manifest.
  package let caseID: String
  /// Numbers of the events of the case, ascending.
  package let events: [Int64]
  /// Photos and documents, by name.
  package let attachments: [EvidenceParts.File]
  /// Makes `report.pdf` from everything else in the bundle; nil for none.
  package let report: @Sendable (EvidenceParts) -> [UInt8]?

  /// Made from its parts.
  package init(
    caseID: String, events: [Int64], attachments: [EvidenceParts.File],
    report: @escaping @Sendable (EvidenceParts) -> [UInt8]?
  ) {
    self.caseID = caseID
    self.events = events
    self.attachments = attachments
    self.report = report
  }
}

extension EvidenceParts {
  /// The whole path of the report, and of a time stamp over the checkpoint.
  package static let reportPath = EvidencePath.report
  /// The path of an authority's stamp over the checkpoint of a size.
  package static func timeStampPath(size: Int64, authority: String) -> String {
    "\(EvidencePath.timeStamps)\(size)-\(authority).tsr"
  }
}
