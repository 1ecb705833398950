import HTTPTypes
import Interchange
import Issuing
import TransparencyLog

extension Problem {
  /// A dispatch list with bad lines: every one of them with its number, column and reason; nothing was taken.
  package init(_ error: DispatchListError) {
    self = .lines(
      .unprocessableContent, "bad-lines", "Lines of the list are not valid; nothing was taken", "清单中有无效行，未作任何更改",
      error.lines.map(\.json), count: error.count)
  }

  /// A list that is well-formed, but some steps of which are impossible: each refusal with the line it comes from.
  package init(_ error: IssuingError, in list: DispatchList) {
    switch error {
    case .refused(let refusals):
      let lines = refusals.prefix(1000).map { refusal -> JSONValue in
        guard case .object(var object) = refusal.json else { return nil }
        object["line"] = .integer(Int64(list.line(request: refusal.request, unit: refusal.unit)))
        return .object(object)
      }
      self = .lines(
        .conflict, "refused", "The step is impossible; nothing was changed", "该操作无法执行，未作任何更改", lines,
        count: refusals.count)
    default:
      self.init(error)
      extra["lines"] = .array(list.lines(of: error).map { ["line": .integer(Int64($0))] })
    }
  }

  private static func lines(
    _ status: HTTPResponse.Status, _ slug: String, _ title: String, _ titleZh: String, _ lines: [JSONValue], count: Int
  ) -> Problem {
    Problem(
      status, slug, title, titleZh, detail: "\(count) lines",
      extra: ["lines": .array(lines), "lineCount": .integer(Int64(count))])
  }
}

extension BadLine {
  fileprivate var json: JSONValue {
    let sentence = reason.sentence
    var object: [String: JSONValue] = [
      "line": .integer(Int64(line)), "reason": .string(reason.slug),
      "message": ["zh": .string(sentence.zh), "en": .string(sentence.en)],
    ]
    if let cell { object["cell"] = .string(cell) }
    if let column { object["column"] = .string(column.rawValue) }
    return .object(object)
  }
}
