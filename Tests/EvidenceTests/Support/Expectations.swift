import Evidence
import Testing

/// Expects that a link is broken for this reason, in this file.
func expect(
  _ report: EvidenceReport, broken link: LinkName, _ flaw: Flaw, in file: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(report[link] == .broken(flaw, file: file), "\(summary(report))", sourceLocation: sourceLocation)
  #expect(!report.isGood, sourceLocation: sourceLocation)
}

/// Expects that a link is broken and no other.
func expect(
  _ report: EvidenceReport, onlyBroken link: LinkName, _ flaw: Flaw, in file: String? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expect(report, broken: link, flaw, in: file, sourceLocation: sourceLocation)
  #expect(report.broken.map(\.name) == [link], "\(summary(report))", sourceLocation: sourceLocation)
}

/// The report in lines, for a failing test.
func summary(_ report: EvidenceReport) -> String {
  report.links.map { "\($0.name): \($0.finding.wording.en)" }.joined(separator: "\n")
}

func isHolding(_ finding: EvidenceReport.Finding) -> Bool {
  if case .holds = finding { true } else { false }
}
