/// Writes findings as the lines of an alerts file.
package struct AlertLines {
  private let names: [UInt64: String]
  private let language: Explanation.Language

  /// - Parameters:
  ///   - names: texts of the numbers in findings.
  ///   - language: of the last column.
  package init(names: [UInt64: String], language: Explanation.Language) {
    self.names = names
    self.language = language
  }

  /// The first line.
  package static let header =
    "time,kind,grain,dealer_ids,region_code,lot_id,store_id,code,device_id,score,explain\n"

  /// A finding's line.
  package func line(_ finding: Finding) -> String {
    let fields = [
      String(finding.time), finding.kind.rawValue, finding.grain.rawValue, name(finding.dealer),
      finding.region == 0 ? "" : String(finding.region), name(finding.lot), name(finding.store), name(finding.code),
      name(finding.device), Explanation.decimal(finding.score, 4),
      Explanation(finding, language) { name($0) }.text,
    ]
    return fields.map(Self.quoted).joined(separator: ",") + "\n"
  }

  private func name(_ id: UInt64) -> String { id == 0 ? "" : names[id] ?? String(id, radix: 16) }

  /// A field within quotes when it must be.
  static func quoted(_ text: String) -> String {
    let isPlain = !text.utf8.contains { [0x22, 0x2c, 0x0a, 0x0d].contains($0) }
    return isPlain
      ? text : "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
