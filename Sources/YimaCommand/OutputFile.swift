import Foundation

/// A file that is written from its beginning to its end. It gets its name only when it is whole.
struct OutputFile {
  private let path: String
  private let temporary: String
  private let descriptor: Int32

  /// Why a file cannot be written, with the system's reason.
  struct Failure: Error, CustomStringConvertible {
    let path: String
    let reason: String
    var description: String { "\(path) cannot be written: \(reason)" }
  }

  /// Opens the file beside its name; a device or pipe is written as it is.
  init(path: String) throws {
    self.path = path
    var status = stat()
    let isSpecial = stat(path, &status) == 0 && (status.st_mode & S_IFMT) != S_IFREG
    temporary = isSpecial ? path : path + ".partial"
    descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Failure(path: path, reason: String(cString: strerror(errno))) }
  }

  /// Appends bytes.
  func write(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { buffer in try write(buffer) }
  }

  /// Appends bytes.
  func write(_ buffer: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < buffer.count {
      let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Failure(path: path, reason: String(cString: strerror(errno))) }
      done += count
    }
  }

  /// Gives the file its name.
  func close() throws {
    guard Glibc.close(descriptor) == 0, temporary == path || rename(temporary, path) == 0 else {
      throw Failure(path: path, reason: String(cString: strerror(errno)))
    }
  }
}
