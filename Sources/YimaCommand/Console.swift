import Foundation

/// Standard output and error.
enum Console {
  /// A line for whoever asked.
  static func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

  /// A line beside the answer: progress, warnings.
  static func note(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }

  /// Text without a line end, for progress bars.
  static func overwrite(_ text: String) { FileHandle.standardError.write(Data(("\r" + text).utf8)) }

  /// Whether a person watches standard error.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
