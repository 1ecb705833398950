/// One output format: takes drawings one after another and gives bytes as they become ready.
protocol LabelRenderer {
  /// Draws one more label.
  mutating func add(_ drawing: LabelDrawing) throws(LabelError)
  /// Writes what must come last.
  mutating func finish() throws(LabelError)
  /// Hands over the bytes that are ready.
  mutating func take() -> [UInt8]
}
