import TransparencyLog

/// Examples of cases for the OpenAPI document.
enum CaseExample {
  static let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

  static let summary: [String: JSONValue] = [
    "id": "C1", "kind": "diversion", "state": "decided", "outcome": "confirmed", "openedAt": "2026-10-07T02:00:00Z",
    "openedBy": 3, "assignee": 4, "decidedBy": 5, "dealer": "D001", "region": "360300", "alerts": ["A1"],
    "dueAt": "2026-10-27T02:00:00Z", "overdue": false,
  ]
  static let whole: JSONValue = .object(
    summary.merging([
      "steps": [
        [
          "event": 15002, "kind": "caseAnswered", "at": "2026-10-08T02:11:00Z", "role": "dealer", "key": 9,
          "text": "货物均在长沙销售。", "data": ["admits": false, "late": false, "attachments": [.string(hash)]],
        ]
      ],
      "penalties": [penalty], "attachments": [attachment],
    ]) { own, _ in own })
  static let penalty: JSONValue = [
    "id": "P1", "kind": "rebate", "amount": ["amount": "5000.00", "currency": "CNY"], "terms": "第四季度返利",
    "until": "2026-12-31T16:00:00Z", "decision": 15010, "event": 15011, "reversed": false,
  ]
  static let attachment: JSONValue = [
    "sha256": .string(hash), "type": "image/jpeg", "bytes": 183_042, "name": "门店照片.jpg", "purpose": "photo",
    "event": 15001,
  ]
  static let workers: JSONValue = ["items": [["key": 4, "name": "li.na", "role": "compliance", "active": true]]]
  static let opening: JSONValue = ["alerts": ["A1"]]
  static let alert: JSONValue = ["alert": "A2"]
  static let assignment: JSONValue = ["key": 4]
  static let notification: JSONValue = ["text": "贵司货物在萍乡被扫码，请说明。", "answerUntil": "2026-10-14T02:00:00Z"]
  static let answer: JSONValue = ["text": "货物均在长沙销售。", "attachments": [.string(hash)], "admits": false]
  static let proposal: JSONValue = ["outcome": "confirmed", "reason": "四个观察者互不相关。"]
  static let decision: JSONValue = [
    "outcome": "confirmed", "reason": "稽查员在萍乡门店购得同批货物。", "proofs": [["kind": "purchaseReceipt", "event": 15001]],
  ]
  static let newPenalty: JSONValue = [
    "kind": "rebate", "amount": ["amount": "5000.00", "currency": "CNY"], "terms": "第四季度返利",
    "until": "2026-12-31T16:00:00Z", "alerts": ["A1"],
  ]
  static let appeal: JSONValue = ["text": "小票并非我司开具。", "attachments": [.string(hash)]]
  static let appealDecision: JSONValue = ["result": "upheld", "outcome": "dataError", "reason": "批次绑定有误。"]
  static let closing: JSONValue = ["reason": "罚则已执行。"]
}
