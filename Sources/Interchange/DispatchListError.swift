import Regions
import Spreadsheets

/// A list of which something is wrong; nothing of it was taken.
package struct DispatchListError: Error, Equatable, Sendable {
  /// The bad lines in order, at most `ListLimits.badLinesMax` of them.
  package let lines: [BadLine]
  /// How many bad lines there are in all.
  package let count: Int

  init(_ lines: [BadLine]) {
    count = lines.count
    self.lines = Array(lines.sorted { $0.line < $1.line }.prefix(ListLimits.badLinesMax))
  }
}

/// A line of a list, and why it cannot be taken.
package struct BadLine: Equatable, Sendable {
  /// Where, from 1, as an editor counts; a quoted field may make a record several lines long. In a workbook the sheet's
  /// row.
  package let line: Int
  /// Which column; nil: the line as a whole.
  package let column: ListColumn?
  /// The name of the sheet's cell, such as `D7`; nil in a text.
  package let cell: String?
  /// Why.
  package let reason: BadLineReason

  /// Made from its parts.
  package init(line: Int, column: ListColumn? = nil, cell: String? = nil, _ reason: BadLineReason) {
    self.line = line
    self.column = column
    self.cell = cell
    self.reason = reason
  }
}

/// Why a line of a list cannot be taken.
package enum BadLineReason: Equatable, Sendable {
  /// The file is larger than this many bytes, or longer than this many lines.
  case fileTooLarge(bytes: Int), tooManyLines(Int)
  /// The file is neither UTF-8 nor GB18030, or no text.
  case unreadable
  /// No dispatch stands in the file.
  case emptyFile
  /// A quote that is never closed; text after a closing quote; more columns than a list has.
  case unclosedQuote, textAfterQuote, tooManyColumns(Int)
  /// The heading lacks this column, or names it twice.
  case columnMissing, columnTwice
  /// The field is empty, or longer than this many characters, or holds blanks or control characters.
  case empty, tooLong(Int), badCharacter
  /// Not a region code.
  case notARegion(String)
  /// Not a code, with the reason of the code format; a number that a spreadsheet has rounded.
  case notACode(String), roundedNumber
  /// The spreadsheet shows an error such as `#N/A` there.
  case sheetError(String)
  /// The file is no workbook that can be read.
  case workbook(WorkbookFault)
  /// Not a range such as `B1/box/0-99`; the last before the first; more units than this in one file.
  case notARange, backwards, tooManyUnits(Int)
  /// First and last are not boxes of one series: item codes have no visible order.
  case ofDifferentKinds
  /// Both a code and a range.
  case codeAndRange
  /// Not a date or time.
  case notATime
  /// Says otherwise than the first line of the same dispatch.
  case differs(fromLine: Int)
  /// The same unit is named on an earlier line.
  case repeats(line: Int)
}

extension BadLineReason {
  /// The stable word for the reason.
  package var slug: String {
    if case .workbook(let fault) = self { return fault.slug }
    let name = "\(self)"
    return String(name.prefix { $0 != "(" })
  }

  /// The sentence that people read.
  package var sentence: (zh: String, en: String) {
    switch self {
    case .fileTooLarge(let bytes): ("文件超过 \(bytes / 1_048_576) MB", "the file is larger than \(bytes / 1_048_576) MB")
    case .tooManyLines(let max): ("文件超过 \(max) 行", "the file has more than \(max) lines")
    case .unreadable: ("文件既不是 UTF-8 也不是 GB18030 文本", "the file is neither UTF-8 nor GB18030 text")
    case .emptyFile: ("文件中没有发货记录", "no dispatch stands in the file")
    case .unclosedQuote: ("引号没有闭合", "a quote is never closed")
    case .textAfterQuote: ("闭合引号之后还有内容", "text follows a closing quote")
    case .tooManyColumns(let max): ("超过 \(max) 列", "more than \(max) columns")
    case .columnMissing: ("缺少该列", "this column is missing")
    case .columnTwice: ("该列出现两次", "this column stands twice")
    case .empty: ("不能为空", "must not be empty")
    case .tooLong(let max): ("超过 \(max) 个字符", "longer than \(max) characters")
    case .badCharacter: ("含有空格或控制字符", "holds a blank or a control character")
    case .notARegion(let text): ("不是行政区划代码：\(text)", "not a region code: \(text)")
    case .notACode(let slug): ("不是有效编码（\(slug)）", "not a valid code (\(slug))")
    case .roundedNumber: ("编码已被电子表格舍入，请将该列设为文本格式", "a spreadsheet has rounded the code; format the column as text")
    case .sheetError(let text): ("单元格显示错误：\(text)", "the cell shows an error: \(text)")
    case .workbook(let fault): fault.sentence
    case .notARange: ("号段应写作 B1/box/0-99", "a range is written like B1/box/0-99")
    case .backwards: ("止码早于起码", "the last lies before the first")
    case .tooManyUnits(let max): ("一个文件的号段超过 \(max) 个单元", "the ranges of one file name more than \(max) units")
    case .ofDifferentKinds:
      ("起止码须为同一系列的箱码（商品码没有可见顺序）", "first and last must be boxes of one series: item codes have no visible order")
    case .codeAndRange: ("编码与号段只能填写一项", "give either a code or a range")
    case .notATime: ("不是日期或时间", "not a date or time")
    case .differs(let line): ("与同一单号的第 \(line) 行不一致", "differs from line \(line) of the same dispatch")
    case .repeats(let line): ("与第 \(line) 行重复", "names the same unit as line \(line)")
    }
  }
}
