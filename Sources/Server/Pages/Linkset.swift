import Codes
import Ledger
import Regions
import Storage
import TransparencyLog

/// The links of a code, as a GS1-Conformant Resolver tells them (release 1.2): a linkset in JSON (RFC 9264).
struct Linkset {
  let resolver: Resolver
  let target: String
  let product: ProductRow?

  static let vocabulary = "https://ref.gs1.org/voc/"
  /// What makes JSON-LD of the linkset.
  static let context = "https://ref.gs1.org/standards/resolver/linkset-context"

  /// The code's own address, without its query.
  private var anchor: String { resolver.description + String(target.prefix { $0 != "?" }) }

  /// The page in a language; the query is kept, because a box's seal stands in it.
  private func page(_ language: Language) -> String {
    resolver.description + PageView(language: language, target: target).address(in: language)
  }

  /// The linkset. The page for people is the default; the verdict for programs is the verification service.
  var json: JSONValue {
    var links: [String: JSONValue] = [
      "anchor": .string(anchor),
      Self.vocabulary + "defaultLink": [link(resolver.description + target, "验真 Check", "text/html", ["zh", "en"])],
      Self.vocabulary + "pip": [
        link(page(.zh), "商品与验真", "text/html", ["zh"]), link(page(.en), "Product and check", "text/html", ["en"]),
      ],
      Self.vocabulary + "verificationService": [
        link(resolver.description + target, "Verdict", "application/json", ["zh", "en"])
      ],
    ]
    if let product { links["description"] = .string("\(product.zh) / \(product.en)") }
    return ["linkset": [.object(links)]]
  }

  private func link(_ href: String, _ title: String, _ type: String, _ languages: [String]) -> JSONValue {
    [
      "href": .string(href), "title": .string(title), "type": .string(type),
      "hreflang": .array(languages.map(JSONValue.string)),
    ]
  }

  /// What a request asks for by `linkType`.
  enum Asked: Equatable { case nothing, page, verdict, linkset, unknown }

  /// Reads `linkType`: a word of the GS1 vocabulary, bare, as `gs1:…` or in full.
  static func asked(_ linkType: String?) -> Asked {
    guard let linkType else { return .nothing }
    let word = linkType.replacing("gs1:", with: "").replacing(vocabulary, with: "")
      .replacing("https://gs1.org/voc/", with: "")
    switch word {
    case "linkset", "all": return .linkset
    case "defaultLink", "pip": return .page
    case "verificationService": return .verdict
    default: return .unknown
    }
  }

  /// The file at `/.well-known/gs1resolver`.
  static func resolverDescription(_ resolver: Resolver) -> JSONValue {
    [
      "name": "Yima", "resolverRoot": .string(resolver.description), "supportedPrimaryKeys": ["00", "01"],
      "supportedLinkType": [["namespace": .string(vocabulary), "prefix": "gs1:"]],
      "linkTypeDefaultCanBeLinkset": false,
    ]
  }
}
