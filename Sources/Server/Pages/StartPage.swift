import Regions

/// The start page: what this is, and where the rest is to be found.
enum StartPage {
  private static let links: [(href: String, label: Phrase)] = [
    ("/openapi.json", .linkAPI), ("/log/checkpoint", .linkCheckpoint),
    ("/.well-known/jwks.json", .linkKeys),
    ("/.well-known/gs1resolver", .linkResolver), ("/healthz", .linkHealth), ("/readyz", .linkReady),
    ("/metrics", .linkMetrics),
  ]

  /// The page as HTML.
  static func html(_ library: PageLibrary, _ view: PageView) -> [UInt8] {
    let links = links.map { ["href": $0.href, "label": $0.label.text(view.language)] }
    return library.render("start", title: Phrase.startTitle.text(view.language), ["links": links], view)
  }
}
