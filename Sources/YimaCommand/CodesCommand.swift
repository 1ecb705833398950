import ArgumentParser
import Codes
import Foundation
import Issuing
import Ledger
import Storage

/// `yima codes …`
struct CodesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codes", abstract: "Codes without the server.", subcommands: [Make.self])

  /// `yima codes make`
  struct Make: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Issue a batch straight to a file (.txt or .csv); works while serving.")

    @OptionGroup var options: DataOptions
    @Option(help: "The product; one not known yet is created under its GTIN.")
    var gtin: String
    @Option(help: "How many items.")
    var quantity: Int64
    @Option(help: "The file to write: .txt, .csv or .ndjson.")
    var out: String
    @Option(help: "Items a box, when boxes are to be pre-assigned.")
    var perBox: Int64?
    @Option(help: "compact (16 characters) or strong (20).")
    var profile = "compact"

    func run() async throws {
      guard let format = CodeLineWriter.Format(rawValue: URL(fileURLWithPath: out).pathExtension.lowercased()) else {
        throw ValidationError("The file's name must end in .txt, .csv or .ndjson.")
      }
      guard let profile = SerialProfile(rawValue: profile) else {
        throw ValidationError("The profile is compact or strong.")
      }
      let product = try GTIN(gtin)
      let ledger = try options.installation().open()
      // Opened before anything is issued: a file that cannot be written costs no codes.
      let file = try OutputFile(path: out)
      let issuing = Issuing(ledger)
      do {
        try await issuing.add(NewProduct(gtin: product, zh: product.description, en: product.description), by: .system)
      } catch IssuingError.exists {}
      let batch = try await issuing.issue(
        NewBatch(gtin: product, quantity: quantity, perBox: perBox, profile: profile), by: .system)
      guard let codes = try await issuing.codes(ofBatch: batch.id) else { throw ExitCode.failure }
      let bar = ProgressBar(total: quantity, noun: "codes")
      let lines = try codes.lines(format)
      try await OwnThread.run {
        try InOrder.run(lines.chunkCount) {
          lines
        } make: { writer, chunk in
          (bytes: try writer.chunk(chunk), end: writer.position)
        } take: { piece in
          try file.write(piece.bytes)
          bar.update(Int64(piece.end) - batch.first)
        }
      }
      try file.close()
      bar.finish()
      try ledger.store.close()
      Console.note("B\(batch.id): \(quantity) codes in \(out)")
    }
  }
}
