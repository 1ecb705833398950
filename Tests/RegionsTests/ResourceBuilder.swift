/// Writes the format of regions.bin, as tools/regions documents it, so that broken and tiny files can be made.
struct ResourceBuilder {
  var body: [UInt8] = []

  mutating func number(_ value: Int) {
    var rest = value
    while rest >= 0x80 {
      body.append(UInt8(rest & 0x7f | 0x80))
      rest >>= 7
    }
    body.append(UInt8(rest))
  }

  mutating func signed(_ value: Int) { number(value >= 0 ? value << 1 : (-value << 1) - 1) }

  mutating func text(_ value: String) {
    number(value.utf8.count)
    body += value.utf8
  }

  mutating func life(_ step: Int, _ from: Int, _ to: Int, _ zh: String, _ en: String, _ successors: [Int] = []) {
    for value in [step, from, to] { number(value) }
    text(zh)
    text(en)
    number(successors.count)
    successors.forEach { number($0) }
  }

  /// Points in units of 10^-5 degree, each against the one before.
  mutating func arc(_ left: Int, _ right: Int, _ steps: [(Int, Int)]) {
    for value in [left, right, steps.count - 1] { number(value) }
    for (x, y) in steps {
      signed(x)
      signed(y)
    }
  }

  /// The file, its checksum right.
  var file: [UInt8] { Self.sealed(body) }

  static func sealed(_ body: [UInt8]) -> [UInt8] {
    let sum = body.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return Array("YIMAREG1".utf8) + (0..<8).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) } + body
  }

  /// One province of two counties side by side, a degree each, 430100 to the west of 430200; 430300 became 430200 in 2000.
  static var two: ResourceBuilder {
    var builder = ResourceBuilder()
    builder.number(20_260_911)
    builder.number(700)
    builder.number(4)
    builder.life(430_000, 0, 0, "湖南省", "Hunan")
    builder.life(100, 0, 0, "长沙市", "Changsha")
    builder.life(100, 0, 0, "株洲市", "Zhuzhou")
    builder.life(100, 0, 100, "旧市", "Old", [430_200])
    builder.number(2)
    builder.number(430_100)
    builder.number(430_200)
    builder.number(3)
    let west = 11_100_000, south = 2_700_000, side = 100_000
    builder.arc(1, 2, [(west + side, south), (0, side)])
    builder.arc(1, 0, [(0, 0), (-side, 0), (0, -side), (side, 0)])
    builder.arc(2, 0, [(0, 0), (side, 0), (0, side), (-side, 0)])
    return builder
  }
}
