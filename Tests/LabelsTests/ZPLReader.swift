/// Reads ZPL back into dots, as a printer would: the fields that the renderer writes, and no others.
struct ZPLReader {
  struct Unreadable: Error {
    let command: String
  }

  /// One field of a label.
  enum Field: Equatable {
    case graphic(x: Int, y: Int, dots: Dots)
    case box(x: Int, y: Int, width: Int, height: Int)
    case code128(x: Int, y: Int, module: Int, height: Int, data: String)
  }

  /// A picture of black and white dots.
  struct Dots: Equatable {
    let width: Int
    let height: Int
    var ink: [Bool]

    init(width: Int, height: Int) {
      (self.width, self.height) = (width, height)
      ink = Array(repeating: false, count: width * height)
    }

    subscript(x: Int, y: Int) -> Bool {
      get { (0..<width).contains(x) && (0..<height).contains(y) && ink[y * width + x] }
      set { if (0..<width).contains(x), (0..<height).contains(y) { ink[y * width + x] = newValue } }
    }

    /// As a portable grey map, black on white.
    var pgm: [UInt8] { Array("P5 \(width) \(height) 255\n".utf8) + ink.map { $0 ? 0 : 255 } }
  }

  /// A label: its size and fields.
  struct Label {
    var width = 0
    var height = 0
    var fields: [Field] = []
  }

  /// Reads every label of a file.
  static func labels(_ zpl: String) throws -> [Label] {
    var labels: [Label] = []
    var (x, y, module) = (0, 0, 2)
    var barHeight = 0
    for command in zpl.split(separator: "^").map({ $0.trimmingSuffix() }) where !command.isEmpty {
      let name = command.prefix(2)
      let parameters = command.dropFirst(2).split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let numbers = parameters.map { Int($0) ?? 0 }
      guard labels.last != nil || name == "XA" else { throw Unreadable(command: command) }
      switch name {
      case "XA": labels.append(Label())
      case "PW": labels[labels.count - 1].width = numbers[0]
      case "LL": labels[labels.count - 1].height = numbers[0]
      case "FO": (x, y) = (numbers[0], numbers[1])
      case "GB": labels[labels.count - 1].fields.append(.box(x: x, y: y, width: numbers[0], height: numbers[1]))
      case "BY": module = numbers[0]
      case "BC" where command.hasPrefix("BCN,") && command.hasSuffix(",N,N,N,N"): barHeight = numbers[1]
      case "FD":
        labels[labels.count - 1].fields.append(
          .code128(x: x, y: y, module: module, height: barHeight, data: String(command.dropFirst(2))))
      case "GF" where command.hasPrefix("GFA,"):
        let data = command.split(separator: ",", maxSplits: 4, omittingEmptySubsequences: false)
        let dots = try graphic(Array(data[4].utf8), total: numbers[1], stride: numbers[3])
        labels[labels.count - 1].fields.append(.graphic(x: x, y: y, dots: dots))
      case "LH", "LS", "FS", "XZ": break
      default: throw Unreadable(command: command)
      }
    }
    return labels
  }

  /// Undoes the compression of `^GFA`.
  static func graphic(_ data: [UInt8], total: Int, stride: Int) throws -> Dots {
    var digits: [UInt8] = []
    let row = stride * 2
    var count = 0
    for byte in data {
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "!"):
        let missing = row - digits.count % row
        digits += Array(repeating: byte == UInt8(ascii: ",") ? 0 : 15, count: missing)
      case UInt8(ascii: ":"): digits += Array(digits.suffix(row))
      case UInt8(ascii: "G")...UInt8(ascii: "Y"): count += Int(byte - UInt8(ascii: "G")) + 1
      case UInt8(ascii: "g")...UInt8(ascii: "z"): count += (Int(byte - UInt8(ascii: "g")) + 1) * 20
      default:
        guard let digit = Character(UnicodeScalar(byte)).hexDigitValue else { throw Unreadable(command: "GF") }
        digits += Array(repeating: UInt8(digit), count: max(1, count))
        count = 0
      }
    }
    guard stride > 0, digits.count == total * 2, total.isMultiple(of: stride) else { throw Unreadable(command: "GF") }
    var dots = Dots(width: stride * 8, height: total / stride)
    for (index, digit) in digits.enumerated() {
      for bit in 0..<4 where digit & (8 >> UInt8(bit)) != 0 {
        dots[index % row * 4 + bit, index / row] = true
      }
    }
    return dots
  }
}

extension ZPLReader.Label {
  /// The label as a printer would print it; `bars` gives the widths of a symbol from its field data.
  func printed(bars: (String) throws -> [Int]) rethrows -> ZPLReader.Dots {
    var page = ZPLReader.Dots(width: width, height: height)
    for field in fields {
      switch field {
      case .graphic(let left, let top, let dots):
        for y in 0..<dots.height {
          for x in 0..<dots.width where dots[x, y] { page[left + x, top + y] = true }
        }
      case .box(let left, let top, let width, let height): page.fill(left, top, width, height)
      case .code128(let left, let top, let module, let height, let data):
        var x = left
        for (index, width) in try bars(data).enumerated() {
          if index.isMultiple(of: 2) { page.fill(x, top, width * module, height) }
          x += width * module
        }
      }
    }
    return page
  }
}

extension ZPLReader.Dots {
  mutating func fill(_ left: Int, _ top: Int, _ width: Int, _ height: Int) {
    for y in top..<(top + height) {
      for x in left..<(left + width) { self[x, y] = true }
    }
  }
}

extension Substring {
  fileprivate func trimmingSuffix() -> String {
    var text = self
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
