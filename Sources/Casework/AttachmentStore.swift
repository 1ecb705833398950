import Foundation
import Ledger
import TransparencyLog

/// Photos and documents in the data folder, each under the hash of its bytes. Nothing here is ever run or looked into
/// beyond its first and last bytes, and a file never changes: its name is its content.
package struct AttachmentStore: Sendable {
  /// The folder, mode 0700; made with the first attachment.
  package let folder: String

  /// In this folder.
  package init(folder: String) { self.folder = folder }

  /// Why the folder does not serve.
  package struct Failure: Error, Equatable { package let reason: String }

  /// Keeps the bytes, durably, before an event may name their hash. A file that nothing names, after a crash, is
  /// harmless: the same bytes get the same name again.
  func put(_ bytes: [UInt8], _ hash: Digest32) throws(Failure) {
    let path = path(hash)
    if let known = FileManager.default.contents(atPath: path), Digest32.sha256(Array(known)) == hash { return }
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch { throw Failure(reason: "\(error)") }
    let temporary = "\(path).\(UInt64.random(in: 0 ... .max)).tmp"
    guard Self.write(bytes, temporary), rename(temporary, path) == 0 else {
      let failure = Failure(reason: String(cString: strerror(errno)))
      unlink(temporary)
      throw failure
    }
    let directory = Glibc.open(folder, O_RDONLY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  /// The bytes, when they are there and still have this hash.
  package func get(_ hash: Digest32) -> [UInt8]? {
    guard let data = FileManager.default.contents(atPath: path(hash)) else { return nil }
    let bytes = Array(data)
    return Digest32.sha256(bytes) == hash ? bytes : nil
  }

  /// Deletes a file; whether there was one.
  func remove(_ hash: Digest32) -> Bool { unlink(path(hash)) == 0 }

  /// The files that were last written before a moment.
  func files(before moment: Timestamp) -> [Digest32] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { name in
      guard let hash = Digest32(hex: name) else { return nil }
      let written = try? FileManager.default.attributesOfItem(atPath: path(hash))[.modificationDate] as? Date
      guard let written, written.timeIntervalSince1970 * 1000 < Double(moment.milliseconds) else { return nil }
      return hash
    }
  }

  private func path(_ hash: Digest32) -> String { folder + "/" + hash.hex }

  private static func write(_ bytes: [UInt8], _ path: String) -> Bool {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return fsync(descriptor) == 0
  }
}

/// What an attachment is, by its content; whatever the sender calls it counts nothing.
package enum AttachmentType: String, Sendable, CaseIterable {
  case png = "image/png"
  case jpeg = "image/jpeg"
  case pdf = "application/pdf"

  /// The ending of the file in a bundle.
  package var ending: String {
    switch self {
    case .png: "png"
    case .jpeg: "jpg"
    case .pdf: "pdf"
    }
  }

  /// Looks at the beginning, and at the end where the format has one; nil for anything else.
  package init?(_ bytes: [UInt8]) {
    let header: [UInt8] = [0, 0, 0, 13] + Array("IHDR".utf8)
    if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + header),
      bytes.suffix(8).starts(with: "IEND".utf8)
    {
      self = .png
    } else if bytes.starts(with: [0xff, 0xd8, 0xff]), bytes.suffix(2) == [0xff, 0xd9] {
      self = .jpeg
    } else if bytes.starts(with: "%PDF-1.".utf8) || bytes.starts(with: "%PDF-2.".utf8),
      Self.contains(bytes.suffix(1024), "%%EOF")
    {
      self = .pdf
    } else {
      return nil
    }
  }

  private static func contains(_ bytes: ArraySlice<UInt8>, _ word: String) -> Bool {
    bytes.indices.contains { bytes[$0...].starts(with: word.utf8) }
  }
}
