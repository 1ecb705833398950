import Labels
import NIOCore
import Storage

/// Draws a job of labels, a piece each time the connection can take one: a slow reader slows the press, and nothing piles
/// up in memory.
///
/// All presses share one thread of their own. Drawing is hard work without a pause; on the pool that answers requests it
/// would make scans wait, and so it never takes more than one core.
actor LabelPress {
  private let document: LabelDocument
  private let source: any LabelSource
  private var place: Int64 = 0
  private var isFinished = false

  /// Bytes of a piece, at least; labels that are drawn between two looks at that.
  private static let pieceMin = 1 << 16
  private static let labelsAtOnce = 64

  private static let thread = BackgroundThread("labels")
  nonisolated var unownedExecutor: UnownedSerialExecutor { Self.thread.asUnownedSerialExecutor() }

  /// Begins a document.
  init(
    _ template: LabelTemplate, format: LabelFormat, options: LabelOptions, source: any LabelSource
  ) throws(LabelError) {
    document = try LabelDocument(template, format: format, options: options)
    self.source = source
  }

  /// The next piece; nil after the last.
  func next() async throws -> ByteBuffer? {
    var piece = ByteBuffer()
    while !isFinished, piece.readableBytes < Self.pieceMin {
      let (labels, units) = try await source.labels(from: place, limit: Self.labelsAtOnce)
      place += units
      for label in labels { try document.add(label) }
      if units == 0 {
        // An empty document is no answer: it prints as a blank page, and somebody goes looking for a fault.
        guard document.count > 0 else { throw Problem.noLabels }
        isFinished = true
        try document.finish()
      }
      piece.writeBytes(document.take())
    }
    return piece.readableBytes > 0 ? piece : nil
  }
}

extension Problem {
  /// A job of no labels at all.
  static let noLabels = Problem(
    .unprocessableContent, "no-labels", "There is nothing to label here", "没有可打印的标签")

  /// A label that cannot be drawn.
  init(_ error: LabelError) {
    switch error {
    case .unknownTemplate(let name): self = .field("template", "no template \(name)")
    case .resolution: self = .field("dpi", error.description)
    case .wrongKind: self = .field("template", error.description)
    case .tooManyLabels, .imageTooLarge: self = .field("format", "\(error.description); PDF and ZPL have no such limit")
    case .library: self = .internal
    default:
      self.init(
        .unprocessableContent, "label-refused", "The label cannot be drawn", "无法绘制标签", detail: error.description)
    }
  }
}
