import Foundation
import Mustache
import Regions
import TransparencyLog

/// The templates and the style sheet, read once.
struct PageLibrary: Sendable {
  private let templates: MustacheLibrary
  private let shells = PageShells()
  /// The style sheet.
  let stylesheet: [UInt8]
  /// Its address with a part that changes when it does, so that it can be kept for ever.
  let stylesheetAddress: String

  /// The script of the report's form.
  let script: [UInt8]

  static let scriptPath = "/static/report.js"
  static let stylesheetPath = "/static/yima.css"

  /// From the program's bundle; nil when a file is missing or broken, which a test would have found.
  static let shipped: PageLibrary? = try? PageLibrary()

  private init() throws {
    var templates = MustacheLibrary()
    for name in ["layout", "code", "start", "report"] {
      try templates.register(String(decoding: Self.file(name, "mustache"), as: UTF8.self), named: name)
    }
    self.templates = templates
    stylesheet = Array(try Self.file("yima", "css"))
    script = Array(try Self.file("report", "js"))
    stylesheetAddress = "\(Self.stylesheetPath)?v=\(Digest32.sha256(stylesheet).hex.prefix(12))"
  }

  private static func file(_ name: String, _ kind: String) throws -> Data {
    guard let file = Bundle.module.url(forResource: name, withExtension: kind, subdirectory: "Resources/pages") else {
      throw CocoaError(.fileNoSuchFile)
    }
    return try Data(contentsOf: file)
  }

  /// A page. `values` are the template's own; what every page needs is added here.
  func render(_ template: String, title: String, _ values: [String: Any], _ view: PageView) -> [UInt8] {
    render(template, title: title, values, view, otherHref: view.address(in: view.language.other))
  }

  /// A page whose template is rendered once for all that agree in `key`; the other texts stand in `gaps`.
  func render(
    _ template: String, key: String, title: String, _ gaps: PageGaps, _ view: PageView, _ values: () -> [String: Any]
  ) -> [UInt8] {
    var gaps = gaps
    let href = gaps.mark(view.address(in: view.language.other))
    let shell = shells.shell("\(template) \(view.language.rawValue) \(key)") {
      render(template, title: title, values(), view, otherHref: href)
    }
    return shell.filled(with: gaps.texts)
  }

  private func render(
    _ template: String, title: String, _ values: [String: Any], _ view: PageView, otherHref: String
  ) -> [UInt8] {
    var all = values
    let other = view.language.other
    all["t"] = Phrase.all(view.language)
    all["title"] = title
    all["language"] = view.language.rawValue
    all["lang"] = view.language.tag
    all["otherLang"] = other.tag
    all["otherName"] = other == .zh ? "中文" : "English"
    all["otherHref"] = otherHref
    all["stylesheet"] = stylesheetAddress
    return Array((templates.render(all, withTemplate: template) ?? "").utf8)
  }
}

/// How a page is looked at: in which language, and under which address.
struct PageView: Sendable {
  let language: Language
  /// Path and query, as asked for.
  let target: String

  /// The path alone.
  var path: Substring { Substring(target.utf8.prefix { $0 != UInt8(ascii: "?") }) }

  /// The same page in another language: the query is kept, because the seal of a box stands in it.
  func address(in language: Language) -> String {
    if !target.utf8.contains(UInt8(ascii: "?")) { return "\(target)?lang=\(language.rawValue)" }
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let kept = (parts.count > 1 ? parts[1] : "").split(separator: "&").filter { !$0.hasPrefix("lang=") }
    return "\(parts.first ?? "/")?" + (kept.map(String.init) + ["lang=\(language.rawValue)"]).joined(separator: "&")
  }
}

extension Language {
  /// BCP 47, for `lang` attributes.
  var tag: String { self == .zh ? "zh-CN" : "en" }

  /// The other language of the pages.
  var other: Language { self == .zh ? .en : .zh }
}
