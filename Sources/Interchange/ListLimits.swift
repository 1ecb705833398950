/// Bounds on a list from outside, so that no file costs more than it is worth.
package enum ListLimits {
  /// Bytes of a file.
  package static let bytesMax = 32 * 1024 * 1024
  /// Lines of a file.
  package static let linesMax = 200_000
  /// Units that the code ranges of one file may name.
  package static let unitsMax = 200_000
  /// Columns of a line; more are a wrong delimiter or not a list at all.
  package static let columnsMax = 256
  /// Bad lines that are described; beyond it they are only counted.
  package static let badLinesMax = 1000
}
