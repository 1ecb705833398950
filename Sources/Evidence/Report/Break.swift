/// A link that does not hold, on its way to the report.
struct Break: Error, Equatable {
  let flaw: Flaw
  /// The path of the file in which it shows; nil for the bundle as a whole.
  let file: String?

  init(_ flaw: Flaw, _ file: String? = nil) {
    self.flaw = flaw
    self.file = file
  }

  var finding: EvidenceReport.Finding { .broken(flaw, file: file) }
}
