import ArgumentParser
import Foundation
import Issuing
import Labels
import Ledger
import Server
import Storage

/// `yima labels …`
struct LabelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "labels", abstract: "Labels without the server.", subcommands: [Make.self])

  /// `yima labels make`
  struct Make: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Render the item or box labels of a batch to a file.")

    @OptionGroup var options: DataOptions
    @Option(help: "The batch, such as B1.")
    var batch: String
    @Option(help: "item or box.")
    var level = "item"
    @Option(help: "pdf, svg, png or zpl.")
    var format = "pdf"
    @Option(help: "sheet or roll (PDF).")
    var layout = "sheet"
    @Option(help: "The name of a shipped template, or the path of a template file.")
    var template: String?
    @Option(help: "First place in the batch, from 0.")
    var from: Int64 = 0
    @Option(help: "Last place in the batch, included.")
    var to: Int64?
    @Option(help: "Dots per inch (PNG, ZPL).")
    var dpi = 300
    @Option(help: "The file to write.")
    var out: String

    func run() async throws {
      guard let number = batch.hasPrefix("B") ? Int64(batch.dropFirst()) : nil,
        let level = UnitReference.Level(rawValue: level)
      else { throw ValidationError("--batch is like B1, --level is item or box.") }
      guard let format = LabelFormat(rawValue: format), let layout = LabelOptions.Layout(rawValue: layout) else {
        throw ValidationError("--format is pdf, svg, png or zpl; --layout is sheet or roll.")
      }
      let ledger = try options.installation().open()
      guard let codes = try await Issuing(ledger).codes(ofBatch: number) else {
        throw ValidationError("There is no batch \(batch).")
      }
      let count = level == .item ? codes.batch.count : codes.batch.boxCount
      let last = to ?? count - 1
      guard from >= 0, from <= last, last < count else {
        throw ValidationError("--from and --to lie between 0 and \(count - 1).")
      }
      let document = try LabelDocument(
        try chosen(level), format: format, options: LabelOptions(layout: layout, dotsPerInch: dpi))
      let labels = BatchLabels(codes, level: level, first: from, last: last, counts: BoxCounts(ledger))
      try await write(labels, on: document)
      try ledger.store.close()
    }

    private func write(_ labels: BatchLabels, on document: LabelDocument) async throws {
      let file = try OutputFile(path: out)
      let bar = ProgressBar(total: labels.count, noun: "labels")
      let atOnce = 4096
      var place: Int64 = 0
      var next = try await labels.labels(from: 0, limit: atOnce)
      while next.units > 0 {
        place += next.units
        let behind = place
        // What the next labels say is found out while these are drawn.
        async let following = labels.labels(from: behind, limit: atOnce)
        try document.add(contentsOf: next.labels)
        try file.write(document.take())
        bar.update(place)
        next = try await following
      }
      try document.finish()
      try file.write(document.take())
      try file.close()
      bar.finish()
      if document.warnsOfSmallModules {
        Console.note("QR 模块小于 0.25 mm，许多打印机印不清楚 / QR modules under 0.25 mm: many printers do not print them well")
      }
    }

    private func chosen(_ level: UnitReference.Level) throws -> LabelTemplate {
      guard let template else { return try .standard(for: level == .item ? .item : .box) }
      guard template.contains("/") || template.hasSuffix(".json") else { return try .shipped(template) }
      guard let data = FileManager.default.contents(atPath: template) else {
        throw ValidationError("\(template) cannot be read.")
      }
      return try LabelTemplate(parsing: data)
    }
  }
}
