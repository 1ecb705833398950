import TransparencyLog

/// Examples of the OpenAPI document, which also give its schemas.
enum Example {
  static let paging: [Route.Parameter] = [
    .query("limit", "items a page, 1 to 1000", "100"), .query("cursor", "`next` of the page before", ""),
  ]

  static func page(_ item: JSONValue) -> JSONValue { ["items": .array([item]), "next": nil] }

  static let itemURI = "https://id.example.cn/01/06901234567892/21/75D2SZ6Z8P62FDE8"
  static let boxURI = "https://id.example.cn/00/106901234000000015"
  static let money: JSONValue = ["amount": "129.00", "currency": "CNY"]

  static let product: JSONValue = [
    "gtin": "06901234567892", "name": ["zh": "示例白酒 500ml", "en": "Example Baijiu 500 ml"], "listPrice": money,
  ]
  static let dealer: JSONValue = [
    "code": "D001", "name": "湖南示例商贸", "tier": 1, "parent": nil, "territories": ["430000"],
  ]
  static let terminal: JSONValue = ["code": "T001", "dealer": "D001", "region": "430102", "name": "芙蓉路店"]
  static let policy: JSONValue = [
    "gtin": "06901234567892", "regions": ["430000"], "floor": ["amount": "99.00", "currency": "CNY"],
    "mode": "advise", "legalBasis": "AML Art. 18 safe harbour, file 2026-03", "from": "2026-01-01T00:00:00Z",
    "to": nil,
  ]
  static let policyAnswer: JSONValue = [
    "id": "PP-1", "version": 1, "gtin": "06901234567892", "regions": ["430000"],
    "floor": ["amount": "99.00", "currency": "CNY"], "mode": "advise",
    "legalBasis": "AML Art. 18 safe harbour, file 2026-03", "from": "2026-01-01T00:00:00Z", "to": nil,
  ]
  static let newBatch: JSONValue = ["gtin": "06901234567892", "quantity": 1200, "perBox": 12, "profile": "compact"]
  static let batch: JSONValue = [
    "id": "B1", "gtin": "06901234567892", "quantity": 1200, "boxes": 100, "perBox": 12, "profile": "compact",
    "createdAt": "2026-09-01T08:00:00Z",
  ]
  static let packing: JSONValue = [
    "parent": .string(boxURI), "children": .array([.string(itemURI)]), "at": "2026-09-01T08:30:00Z",
    "clientStepId": "station-3-001",
  ]
  static let newDispatch: JSONValue = [
    "number": "DN-1", "dealer": "D001", "territories": ["430000"],
    "ranges": [["batch": "B1", "level": "box", "first": 0, "last": 99]], "dispatchedAt": "2026-09-01T09:00:00Z",
    "clientStepId": "station-3-017",
  ]
  static let dispatch: JSONValue = [
    "id": "D1", "number": "DN-1", "dealer": "D001", "territories": ["430000"],
    "dispatchedAt": "2026-09-01T09:00:00Z", "itemCount": 1200, "sealKey": "0A1B2C3D",
    "seals": [["code": .string(boxURI), "uri": .string(boxURI + "?8030=…&91=…")]],
  ]
  static let step: JSONValue = [
    "units": .array([.string(boxURI)]), "dealer": "D001", "at": "2026-09-02T09:00:00Z",
    "clientStepId": "station-3-002",
  ]
  static let transfer: JSONValue = [
    "units": .array([.string(boxURI)]), "from": "D001", "to": "D101", "at": "2026-09-03T09:00:00Z",
    "clientStepId": "station-3-003",
  ]
  static let withReason: JSONValue = [
    "units": .array([.string(itemURI)]), "dealer": "D001", "reason": "label spoiled", "at": "2026-09-04T09:00:00Z",
    "clientStepId": "station-3-004",
  ]
  static let scan: JSONValue = [
    "code": .string(itemURI), "scannedAt": "2026-09-05T10:00:00Z", "clientScanId": "T001-000017",
    "location": ["region": "430102"], "price": ["amount": "119.00", "currency": "CNY"], "terminal": "T001",
    "device": "app-4f7c1e92",
  ]
  static let consumerScan: JSONValue = [
    "code": .string(itemURI), "consent": "place-2026-09", "device": "app-b03d56a8",
    "location": ["latitude": 28.1941, "longitude": 112.9723, "accuracyMeters": 30, "source": "gps"],
  ]
  /// What an answer to a scan has no value for when the code is not ours or was not recorded.
  static let answerNullable: Set<String> = ["scanId", "state"]
  static let answer: JSONValue = [
    "scanId": "S1042", "recorded": true, "scannedAt": "2026-09-05T10:00:00Z", "verdict": "ok",
    "authenticity": "genuine", "state": "dispatched", "territory": "inside", "price": "ok",
    "reasons": [["code": "genuine", "message": ["zh": "编码由品牌签发，验证通过", "en": "The code was issued by the brand"]]],
    "product": ["gtin": "06901234567892", "name": ["zh": "示例白酒 500ml", "en": "Example Baijiu 500 ml"]],
    "dealer": ["code": "D001", "name": "湖南示例商贸"], "firstScannedAt": "2026-09-05T10:00:00Z", "scanCount": 1,
  ]
}
