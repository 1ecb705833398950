import ArgumentParser
import Foundation
import Issuing
import Ledger
import Storage

/// `yima packings …`
struct PackingsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "packings", abstract: "Packing without the server.", subcommands: [Import.self])

  /// `yima packings import`
  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Record what a packing line put into which box; works while serving.",
      discussion: """
        The file is CSV without quotes: a header, then "parent,child" in each line, the lines of a box one after the
        other. Boxes that are refused are named on standard error and do not hold up the others; the exit code is then 1.
        """)

    @OptionGroup var options: DataOptions
    @Argument(help: "The file.")
    var file: String

    func run() async throws {
      let lines = try LineReader(path: file)
      let ledger = try options.installation().open()
      let issuing = Issuing(ledger)
      let bar = ProgressBar(total: lines.size, noun: "bytes")
      var boxes = PackingRows(lines)
      var (packed, refused) = (0, 0)
      while let group = try boxes.next(rows: 10_000) {
        for (box, refusal) in zip(group, try await issuing.pack(group, by: .system)) {
          guard let refusal else { packed += 1; continue }
          refused += 1
          Console.note("\(box.parent): \(refusal)")
        }
        bar.update(lines.position)
      }
      bar.finish()
      try ledger.store.close()
      Console.note("\(packed) boxes packed, \(refused) refused")
      if refused > 0 { throw ExitCode.failure }
    }
  }
}

/// Reads rows of `parent,child` as boxes.
private struct PackingRows {
  private let lines: LineReader
  private var number = 1
  /// The first row of the next group.
  private var ahead: (parent: String, child: String)?

  init(_ lines: LineReader) {
    self.lines = lines
    _ = lines.next()
  }

  /// Whole boxes with at least this many rows together, or what is left; nil at the end.
  mutating func next(rows: Int) throws -> [PackedBox]? {
    var boxes: [PackedBox] = []
    var (parent, children, taken) = ("", [String](), 0)
    while let row = try ahead ?? read() {
      ahead = nil
      if row.parent != parent, !children.isEmpty {
        boxes.append(PackedBox(parent: parent, children: children))
        children = []
        if taken >= rows {
          ahead = row
          return boxes
        }
      }
      parent = row.parent
      children.append(row.child)
      taken += 1
    }
    if !children.isEmpty { boxes.append(PackedBox(parent: parent, children: children)) }
    return boxes.isEmpty ? nil : boxes
  }

  private mutating func read() throws -> (parent: String, child: String)? {
    while let line = lines.next() {
      number += 1
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      if fields.count == 1, line.isEmpty { continue }
      guard fields.count == 2, !fields[0].isEmpty, !fields[1].isEmpty else {
        throw ValidationError("Line \(number) is not \"parent,child\".")
      }
      return (String(fields[0]), String(fields[1]))
    }
    return nil
  }
}

/// The lines of a file, one at a time, whatever its size.
private final class LineReader {
  private let file: UnsafeMutablePointer<FILE>
  private var buffer: UnsafeMutablePointer<CChar>?
  private var room = 0
  /// Bytes in all, and read so far.
  let size: Int64
  private(set) var position: Int64 = 0

  init(path: String) throws {
    var status = stat()
    guard let file = fopen(path, "r"), fstat(fileno(file), &status) == 0 else {
      throw ValidationError("\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
    self.file = file
    size = Int64(status.st_size)
  }

  deinit {
    fclose(file)
    free(buffer)
  }

  /// The next line without its end, nil after the last.
  func next() -> String? {
    let count = getline(&buffer, &room, file)
    guard count >= 0, let buffer else { return nil }
    position += Int64(count)
    var bytes = UnsafeBufferPointer(start: buffer, count: count)[...]
    while let last = bytes.last, last == 10 || last == 13 { bytes = bytes.dropLast() }
    return String(decoding: bytes.lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
