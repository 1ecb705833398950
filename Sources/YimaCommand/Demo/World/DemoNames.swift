/// Invented names, each marked as a demo's so that nobody is taken for a real firm.
struct DemoNames {
  private var next = 0

  private static let words = [
    "岚桥", "砚舟", "栖溪", "霁川", "松筠", "鹤汀", "漱石", "枕泉", "云岫", "竹坞", "晴岚", "澄波", "望舒", "清晖", "听澜", "拾穗",
    "半山", "远岫", "浮光", "临溪", "疏桐", "寒碧", "流霞", "素履", "知秋", "归舟", "沐禾", "青梧", "白鹭", "丹枫", "墨池", "兰亭渡",
  ]
  private static let companies = ["酒业有限公司", "商贸有限公司", "酒类贸易有限公司", "供应链有限公司"]
  private static let shops = ["烟酒店", "名酒超市", "酒行", "便利店", "生活超市"]

  private mutating func word() -> String {
    defer { next += 1 }
    return Self.words[next % Self.words.count]
  }

  /// 湖南 → 湖南岚桥酒业有限公司（演示）
  mutating func company(_ place: String) -> String {
    let kind = Self.companies[next / 3 % Self.companies.count]
    return "\(place)\(word())\(kind)（演示）"
  }

  /// 芙蓉区 → 芙蓉区岚桥烟酒店（演示）
  mutating func shop(_ county: String) -> String {
    let kind = Self.shops[next % Self.shops.count]
    return "\(county)\(word())\(kind)（演示）"
  }
}
