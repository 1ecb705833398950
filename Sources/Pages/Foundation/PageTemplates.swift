import Foundation
import Mustache
import TransparencyLog

/// The templates of `Resources/templates`, read once, each under its file's name.
struct PageTemplates: Sendable {
  private let library: MustacheLibrary

  init() throws {
    var library = MustacheLibrary()
    for file in try BundledFiles.all(in: "templates", "mustache") {
      try library.register(String(decoding: Data(contentsOf: file), as: UTF8.self), named: file.baseName)
    }
    self.library = library
  }

  /// A page as HTML; every value is escaped by the template.
  func render(_ template: String, _ values: [String: Any]) -> [UInt8] {
    Array((library.render(values, withTemplate: template) ?? "").utf8)
  }
}

/// Files that come with the program.
enum BundledFiles {
  /// The files of a folder of `Resources` that end so, in order of their names.
  static func all(in folder: String, _ ending: String? = nil) throws -> [URL] {
    guard let base = Bundle.module.url(forResource: "Resources", withExtension: nil) else {
      throw CocoaError(.fileNoSuchFile)
    }
    return try FileManager.default.contentsOfDirectory(
      at: base.appending(path: folder), includingPropertiesForKeys: nil
    ).filter { ending == nil || $0.pathExtension == ending }.sorted { $0.path < $1.path }
  }
}

extension URL {
  var baseName: String { deletingPathExtension().lastPathComponent }
}

extension JSONValue {
  /// As a template takes it. A member without a value is left out, so that a section over it is not shown.
  var forTemplate: Any {
    switch self {
    case .null: ""
    case .bool(let value): value
    case .integer(let value): value
    case .number(let value): value
    case .string(let value): value
    case .array(let values): values.map(\.forTemplate)
    case .object(let members): members.filter { !$0.value.isNull }.mapValues(\.forTemplate)
    }
  }
}
