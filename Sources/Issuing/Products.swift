import Codes
import Ledger
import Regions
import Storage
import TransparencyLog

/// A product to be added.
package struct NewProduct: Sendable {
  /// GTIN-14, names in both languages, list price, GS1 company prefix of its boxes (derived from the GTIN if nil).
  package let gtin: GTIN, zh: String, en: String, listPrice: Money?, companyPrefix: String?

  /// Made from its parts.
  package init(gtin: GTIN, zh: String, en: String, listPrice: Money? = nil, companyPrefix: String? = nil) {
    self.gtin = gtin
    self.zh = zh
    self.en = en
    self.listPrice = listPrice
    self.companyPrefix = companyPrefix
  }
}

/// A terminal to be added.
package struct NewTerminal: Sendable {
  /// Code, the dealer it belongs to, where it stands, its name.
  package let code: String, dealer: String?, region: RegionCode, name: String

  /// Made from its parts.
  package init(code: String, dealer: String?, region: RegionCode, name: String) {
    self.code = code
    self.dealer = dealer
    self.region = region
    self.name = name
  }
}

extension Issuing {
  /// Adds a product.
  @discardableResult
  package func add(_ product: NewProduct, by actor: Actor) async throws(IssuingError) -> ProductRow {
    let row = try row(of: product)
    return try await changeCatalogue { [ledger] transaction, now in
      guard try transaction.product(row.gtin) == nil else {
        throw IssuingError.exists(field: "/gtin", code: product.gtin.description)
      }
      var data: [String: JSONValue] = [
        "gtin": .string(product.gtin.description), "name": ["zh": .string(row.zh), "en": .string(row.en)],
        "series": .string(row.series),
      ]
      if let price = product.listPrice { data["listPrice"] = price.json }
      let event = try ledger.append(EventDraft(.product, at: now, by: actor, data: data), transaction, recorded: now)
      try transaction.addProduct(row, event: event)
      return row
    }
  }

  private func row(of product: NewProduct) throws(IssuingError) -> ProductRow {
    let prefix = product.companyPrefix ?? BoxSeries.companyPrefix(ofGTIN: product.gtin)
    let series: BoxSeries
    do { series = try BoxSeries(extensionDigit: 1, companyPrefix: prefix) } catch {
      throw .invalid(field: "/companyPrefix", .code(error.slug))
    }
    return ProductRow(
      gtin: Int64(product.gtin.value), zh: try product.zh.asName("/name/zh"), en: try product.en.asName("/name/en"),
      amount: product.listPrice?.amount, currency: product.listPrice?.currency, series: series.key)
  }

  /// Adds a terminal.
  package func add(_ terminal: NewTerminal, by actor: Actor) async throws(IssuingError) {
    let code = try terminal.code.asCode("/code")
    let name = try terminal.name.asName("/name")
    guard ledger.atlas.isKnown(terminal.region) else {
      throw .invalid(field: "/region", .territory(terminal.region.description))
    }
    try await changeCatalogue { [ledger] transaction, now in
      guard try transaction.terminal(code) == nil else { throw IssuingError.exists(field: "/code", code: code) }
      if let dealer = terminal.dealer, try transaction.dealer(dealer) == nil {
        throw IssuingError.unknown(field: "/dealer", code: dealer)
      }
      var data: [String: JSONValue] = ["code": .string(code), "region": .string(terminal.region.description)]
      if let dealer = terminal.dealer { data["dealer"] = .string(dealer) }
      let draft = EventDraft(.terminal, at: now, by: actor, data: data, personal: ["name": .string(name)])
      let event = try ledger.append(draft, transaction, recorded: now)
      let row = TerminalRow(
        code: code, dealer: terminal.dealer, region: terminal.region.description, name: name)
      try transaction.addTerminal(row, event: event)
    }
  }
}

extension Money {
  /// `{"amount":"129.00","currency":"CNY"}`.
  package var json: JSONValue { ["amount": .string(amount), "currency": .string(currency)] }
}
