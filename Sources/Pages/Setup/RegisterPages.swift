import Hummingbird
import Ledger
import Server
import Spreadsheets
import TransparencyLog

/// Lists of what is set up, with a form for a new one, export and import.
enum RegisterPages {
  static let pages: [Page] =
    Register.all.flatMap { register -> [Page] in
      let (base, readers, writers) = (
        "/console/setup/" + register.slug, Page.Audience.roles(register.readers), Page.Audience.roles(register.writers)
      )
      return [
        .get(base, readers) { visit in try await list(register, visit) },
        .post(base, writers) { visit in try await add(register, visit) },
      ] + Page.exports(base, readers) { visit in try await export(register, visit) }
        + (register.isImportable ? ImportPages.pages(register, base, writers) : [])
    } + [
      .post("/console/setup/users/{name}/disable", .roles([])) { visit in
        let name = Query.escape(try visit.path("name"))
        return try await act(visit, .delete, "/v1/users/\(name)", nil, "users", "userDisabled")
      },
      .post("/console/setup/users/{name}/password", .roles([])) { visit in
        let body: JSONValue = ["password": .string(visit.form["password"] ?? "")]
        let name = Query.escape(try visit.path("name"))
        return try await act(visit, .put, "/v1/users/\(name)/password", body, "users", "passwordSet")
      },
      .post("/console/setup/users/{name}/subject", .roles([])) { visit in
        let body: JSONValue = ["subject": visit.form["subject"].map { .string($0.trimmed) } ?? .null]
        let name = Query.escape(try visit.path("name"))
        return try await act(visit, .put, "/v1/users/\(name)/subject", body, "users", "subjectSet")
      },
      .post("/console/setup/keys/{id}/revoke", .roles([])) { visit in
        let id = Query.escape(try visit.path("id"))
        return try await act(visit, .delete, "/v1/keys/\(id)", nil, "keys", "keyRevoked")
      },
    ]

  private static func act(
    _ visit: Visit, _ method: HTTPRequest.Method, _ path: String, _ body: JSONValue?, _ slug: String, _ done: String
  ) async throws -> Response {
    do {
      _ = try await visit.api(method, path, Query(), body)
      return visit.redirect("/console/setup/" + slug, done: done)
    } catch let problem as Problem {
      guard let register = Register.all.first(where: { $0.slug == slug }) else { throw problem }
      return try await list(register, visit, error: visit.sentence(problem), status: problem.status)
    }
  }

  static func list(
    _ register: Register, _ visit: Visit, typed: [String: String] = [:], errors: [String: String] = [:],
    error: String? = nil, key: String? = nil, status: HTTPResponse.Status = .ok
  ) async throws -> Response {
    let query = Query([("limit", "100")]).setting("cursor", visit.query["cursor"])
    let page = try await visit.api(.get, register.api, query)
    let items = page["items"]?.array ?? []
    let role = try visit.actor().role
    var values: [String: Any] = [
      "heads": register.columns.map { visit.t($0.label) },
      "rows": items.map { item -> [String: Any] in
        var row: [String: Any] = [
          "userName": false, "userSubject": "", "keyID": false,
          "cells": register.columns.map {
            ["head": visit.t($0.label), "text": register.cell(item, $0.path, visit)] as [String: Any]
          },
        ]
        let isGone = item["disabled"]?.bool == true || item["revoked"]?.bool == true
        if register.slug == "users", !isGone {
          row["userName"] = item["name"]?.string ?? ""
          row["userSubject"] = item["subject"]?.string ?? ""
        }
        if register.slug == "keys", !isGone { row["keyID"] = item["id"]?.int ?? 0 }
        return row
      },
      "slug": register.slug, "hasActions": !register.isImportable,
      "exports": visit.exports("/console/setup/" + register.slug),
      "formTitle": visit.t("regNew_" + register.slug), "isFormOpen": !typed.isEmpty || items.isEmpty,
    ]
    if role == .admin || register.writers.contains(role) {
      values["canWrite"] = true
      values["fields"] = register.form.values(visit, id: "new", typed, errors: errors)
      if register.isImportable { values["importHref"] = "/console/setup/\(register.slug)/import" }
    }
    if let next = page["next"]?.string {
      values["nextHref"] = "/console/setup/\(register.slug)?cursor=" + Query.escape(next)
    }
    if let error { values["error"] = error }
    if let key { values["key"] = key }
    return visit.html("register", title: visit.t("reg_" + register.slug), values, status: status)
  }

  private static func add(_ register: Register, _ visit: Visit) async throws -> Response {
    let typed = register.form.typed(visit.form)
    do {
      let made = try await register.add(try register.form.body(typed), visit)
      // A key is shown once, on the page that answers its making.
      if register.slug == "keys" { return try await list(register, visit, key: made["key"]?.string) }
      return visit.redirect("/console/setup/" + register.slug, done: "added")
    } catch let faults as FormFaults {
      let errors = faults.byField.mapValues { visit.t($0) }
      return try await list(register, visit, typed: typed, errors: errors, status: .unprocessableContent)
    } catch let problem as Problem {
      let field = register.form.field(of: problem)
      return try await list(
        register, visit, typed: typed, errors: field.map { [$0.name: visit.sentence(problem)] } ?? [:],
        error: field == nil ? visit.sentence(problem) : nil, status: problem.status)
    }
  }

  /// In the columns that an import takes; what is not imported, as the page shows it.
  private static func export(_ register: Register, _ visit: Visit) async throws -> Export {
    let heads = register.isImportable ? register.form.fields.map(\.label) : register.columns.map(\.label)
    let rows = try await visit.rows(register.api) { item in
      register.isImportable
        ? register.form.fields.map { $0.cell(of: item) } : register.columns.map { cell(register, item, $0.path, visit) }
    }
    return Export(
      name: "yima-" + register.slug, title: "reg_" + register.slug,
      table: Table(heads: heads.map { visit.t($0) }, rows: rows))
  }

  private static func cell(_ register: Register, _ item: JSONValue, _ path: String, _ visit: Visit) -> Table.Cell {
    if path.hasSuffix("At") { return Table.Cell(time: item.get(path)) }
    if let number = item.get(path)?.int { return .whole(number) }
    return Table.Cell(register.cell(item, path, visit))
  }
}

extension Field {
  /// What an item of the API has in this field, so that an import takes it again.
  fileprivate func cell(of item: JSONValue) -> Table.Cell {
    guard let value = item.get(name), !value.isNull else { return .empty }
    switch kind {
    case .integer: return Table.Cell(count: value)
    case .decimal: return value.string.map(Table.Cell.decimal) ?? .empty
    case .moment: return Table.Cell(time: value)
    default: return Table.Cell(value.cell)
    }
  }
}
