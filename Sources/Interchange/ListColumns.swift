/// A column of a dispatch list.
package enum ListColumn: String, CaseIterable, Sendable {
  case number, dealer, territories, code, lastCode, range, dispatchedAt

  /// The name that people read.
  package var name: (zh: String, en: String) {
    switch self {
    case .number: ("单号", "number")
    case .dealer: ("经销商", "dealer")
    case .territories: ("销售区域", "territories")
    case .code: ("编码", "code")
    case .lastCode: ("止码", "last code")
    case .range: ("号段", "range")
    case .dispatchedAt: ("发货时间", "dispatchedAt")
    }
  }

  /// Headings that mean it, as `ListColumns.key` writes them.
  fileprivate var headings: [String] {
    switch self {
    case .number:
      [
        "number", "no", "dispatch", "dispatchno", "dispatchnumber", "deliveryno", "deliverynumber", "单号", "发货单号", "发货单",
        "出库单号", "出库单", "单据编号", "单据号",
      ]
    case .dealer:
      ["dealer", "dealercode", "customer", "customercode", "经销商", "经销商编码", "经销商代码", "经销商编号", "客户", "客户编码", "客户代码"]
    case .territories:
      ["territories", "territory", "regions", "region", "区域", "销售区域", "授权区域", "授权销售区域", "区域代码", "销售区域代码", "行政区划代码"]
    case .code:
      [
        "code", "codes", "uri", "unit", "sscc", "boxcode", "firstcode", "first", "码", "编码", "箱码", "物流码", "起码", "起始码",
        "首码",
      ]
    case .lastCode: ["last", "lastcode", "to", "endcode", "止码", "终止码", "截止码", "末码", "尾码"]
    case .range: ["range", "ranges", "号段", "范围", "编码范围"]
    case .dispatchedAt: ["dispatchedat", "date", "time", "dispatchdate", "发货时间", "发货日期", "出库时间", "出库日期", "日期"]
    }
  }
}

/// Which column of a list stands where.
struct ListColumns: Equatable {
  private var places: [ListColumn: Int] = [:]
  /// Columns that two headings name.
  private(set) var doubled: [ListColumn] = []

  /// From a line that is a heading: at least two of its fields are. Others, such as the dealer's name, are passed over.
  init?(heading: CSVRecord) {
    for (place, field) in heading.fields.enumerated() {
      let key = Self.key(field)
      guard let column = ListColumn.allCases.first(where: { $0.headings.contains(key) }) else { continue }
      if places.updateValue(place, forKey: column) != nil { doubled.append(column) }
    }
    guard places.count >= 2 else { return nil }
  }

  /// Of a list without heading: number, dealer, territories, code; then perhaps the last code, and the time.
  init(withoutHeading first: CSVRecord) {
    places = [.number: 0, .dealer: 1, .territories: 2, .code: 3]
    if first.fields.count == 5, ListTime(first.fields[4].folded) != nil {
      places[.dispatchedAt] = 4
    } else if first.fields.count >= 5 {
      places[.lastCode] = 4
      places[.dispatchedAt] = 5
    }
  }

  /// Columns that every list has and this one has not.
  var missing: [ListColumn] {
    let required: [ListColumn] = [.number, .dealer, .territories].filter { places[$0] == nil }
    return places[.code] == nil && places[.range] == nil ? required + [.code] : required
  }

  /// Where a column stands, from 0.
  func place(of column: ListColumn) -> Int? { places[column] }

  /// The folded text of a column; empty where the line is too short.
  func text(_ column: ListColumn, of record: CSVRecord) -> String {
    guard let place = places[column], record.fields.indices.contains(place) else { return "" }
    return record.fields[place].folded
  }

  /// A heading without case, blanks and marks.
  private static func key(_ heading: String) -> String {
    String(heading.folded.lowercased().filter { $0.isLetter || $0.isNumber })
  }
}
