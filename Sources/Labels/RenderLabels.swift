extension LabelTemplate {
  /// Bytes are given to the sink in pieces of at least this size, but the last.
  private static let piece = 1 << 16

  /// Writes labels to a sink, in pieces, and gives how many there were. `progress` is told the labels done after each
  /// piece and at the end. Throws `LabelError`, or whatever the sink throws.
  @discardableResult
  package func render(
    _ labels: some Sequence<LabelContent>, as format: LabelFormat, options: LabelOptions = LabelOptions(),
    progress: (Int) -> Void = { _ in }, to sink: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> Int {
    let document = try LabelDocument(self, format: format, options: options)
    var waiting: [UInt8] = []
    for label in labels {
      try document.add(label)
      waiting += document.take()
      if waiting.count >= Self.piece {
        try waiting.withUnsafeBytes(sink)
        waiting.removeAll(keepingCapacity: true)
        progress(document.count)
      }
    }
    try document.finish()
    waiting += document.take()
    try waiting.withUnsafeBytes(sink)
    progress(document.count)
    return document.count
  }

  /// One label, or a few, as bytes in memory.
  package func render(
    _ labels: [LabelContent], as format: LabelFormat, options: LabelOptions = LabelOptions()
  ) throws(LabelError) -> [UInt8] {
    let document = try LabelDocument(self, format: format, options: options)
    for label in labels { try document.add(label) }
    try document.finish()
    return document.take()
  }
}
