import Foundation

/// The installed fonts, as cairo holds them: once for the whole process, whatever pango font map asks for them.
///
/// cairo 1.16 (Debian 12) opens and closes font files without a lock, while FreeType demands one
/// (`FT_New_Face`, "multi-threaded applications"): two documents that open a font at once crash the process.
/// Everything that may open a font is therefore done one at a time: shaping, reading an outline, drawing glyphs.
package enum FontLibrary {
  private static let lock = NSRecursiveLock()

  /// Runs `body` while nobody else uses fonts. It may be called again inside.
  package static func exclusively<Value, Failure>(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
    lock.lock()
    defer { lock.unlock() }
    return try body()
  }
}
