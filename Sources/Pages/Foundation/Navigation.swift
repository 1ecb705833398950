import Ledger

/// The head line's links: each role sees what it may open.
enum Navigation {
  private struct Item {
    let path: String, phrase: String, roles: [Role]
    /// Pages elsewhere that belong to the section.
    var also: [String] = []

    func holds(_ page: String) -> Bool {
      ([path] + also).contains { page == $0 || page.hasPrefix($0 + "/") }
    }

    /// An administrator sees all but what is a dealer's own.
    func isOpen(to role: Role) -> Bool { roles.contains(role) || role == .admin && roles != [.dealer] }
  }

  private static let items: [Item] = [
    Item(
      path: "/console/alerts", phrase: "alerts", roles: [.compliance, .auditor, .inspector],
      also: ["/console/reports"]),
    Item(path: "/console/cases", phrase: "cases", roles: [.compliance, .auditor, .inspector]),
    Item(path: "/console/overview", phrase: "overview", roles: [.compliance, .auditor], also: ["/console/scans"]),
    Item(path: "/console/setup", phrase: "setup", roles: [.issuer, .compliance, .auditor]),
    Item(path: "/portal/goods", phrase: "portal", roles: [.dealer]),
    Item(path: "/portal/alerts", phrase: "portalAlerts", roles: [.dealer]),
    Item(path: "/portal/cases", phrase: "portalCases", roles: [.dealer]),
    Item(path: "/portal/prices", phrase: "portalPrices", roles: [.dealer]),
    Item(path: "/station", phrase: "station", roles: [.warehouse, .issuer, .dealer]),
    Item(path: "/prints", phrase: "printLabels", roles: [.warehouse, .issuer]),
  ]

  /// As the layout takes them; `isHere` marks the section that is open.
  static func items(_ visit: Visit) -> [[String: Any]] {
    guard let role = visit.session?.actor.role else { return [] }
    return items.filter { $0.isOpen(to: role) }.map { item in
      [
        "href": item.path, "label": visit.t(item.phrase),
        "isHere": item.holds(visit.request.uri.path),
      ]
    }
  }

  /// Where a role begins after signing in.
  static func start(_ role: Role) -> String {
    items.first { $0.isOpen(to: role) }?.path ?? "/account"
  }
}
