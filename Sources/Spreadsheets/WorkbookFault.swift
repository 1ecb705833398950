/// Why a file is not read as a workbook, or not further.
package enum WorkbookFault: Error, Equatable, Sendable {
  /// An old `.xls` file (BIFF in an OLE container); a binary `.xlsb`; none of these at all.
  case oldFormat, binary, notAWorkbook
  /// It asks for a password.
  case encrypted
  /// The container or one of its parts, by name, is cut short or broken.
  case damaged(String)
  /// A part, by name, declares a document type or another encoding than UTF-8; no spreadsheet writes that.
  case forbidden(String)
  /// It unpacks to more than is read, in bytes, in rows, in columns (with the row) or in cells.
  case tooLarge, tooManyRows(Int), tooManyColumns(Int, row: Int), tooManyCells(Int)
  /// No sheet of it is visible.
  case noSheet

  /// The row that it is about; 1 when it is about the file.
  package var row: Int {
    if case .tooManyColumns(_, let row) = self { return row }
    return 1
  }

  /// The stable word for the reason.
  package var slug: String { String("\(self)".prefix { $0 != "(" }) }

  /// The sentence that people read.
  package var sentence: (zh: String, en: String) {
    switch self {
    case .oldFormat:
      ("这是旧版 .xls 文件，请另存为 .xlsx 或 CSV", "this is an old .xls file; save it as .xlsx or CSV")
    case .binary: ("这是二进制 .xlsb 文件，请另存为 .xlsx 或 CSV", "this is a binary .xlsb file; save it as .xlsx or CSV")
    case .notAWorkbook: ("该文件不是 XLSX 工作簿", "the file is no XLSX workbook")
    case .encrypted: ("工作簿设有密码，请去除密码后重试", "the workbook asks for a password; take it off")
    case .damaged(let part):
      part.isEmpty
        ? ("工作簿已损坏或不完整", "the workbook is damaged or cut short")
        : ("工作簿已损坏：\(part)", "the workbook is damaged: \(part)")
    case .forbidden(let part):
      ("工作簿的 \(part) 含有不允许的内容", "the workbook's \(part) holds what no spreadsheet writes")
    case .tooLarge: ("工作簿解压后过大", "the workbook unpacks to too much")
    case .tooManyRows(let max): ("工作表超过 \(max) 行", "the sheet has more than \(max) rows")
    case .tooManyColumns(let max, let row):
      ("第 \(row) 行超过 \(max) 列", "row \(row) has more than \(max) columns")
    case .tooManyCells(let max): ("工作表超过 \(max) 个单元格", "the sheet has more than \(max) cells")
    case .noSheet: ("工作簿中没有可见的工作表", "the workbook has no visible sheet")
    }
  }
}

/// Bounds on a workbook from outside.
package enum WorkbookLimits {
  /// Bytes of all parts together once they are unpacked, and how many times the file's length that may be; a small file
  /// may always have some.
  package static let unpackedMax = 128 * 1024 * 1024, ratioMax = 250, unpackedFloor = 4 * 1024 * 1024
  /// Parts of the container.
  package static let partsMax = 10_000
  /// Rows, columns and cells in which something stands.
  package static let rowsMax = 200_000, columnsMax = 256, cellsMax = 2_000_000
  /// Bytes of what stands in all cells together: one shared text may stand in many.
  package static let textMax = 64 * 1024 * 1024
  /// Shared texts, styles and merged ranges.
  package static let sharedMax = 2_000_000, stylesMax = 100_000, mergesMax = 20_000
}
