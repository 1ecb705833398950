extension RegionAtlas {
  /// The full name: 湖南省长沙市芙蓉区, "Furong, Changsha, Hunan". Nil for codes of ISO 3166 (but for China) and numbers
  /// never given out.
  package func name(of code: RegionCode, _ language: Language) -> String? {
    if code == .china { return language == .zh ? "中国" : "China" }
    guard let own = shortName(of: code, language) else { return nil }
    var names = [own]
    var above = code.parent
    while let region = above, region != .china {
      if let name = shortName(of: region, language) { names.append(name) }
      above = region.parent
    }
    return language == .zh ? names.reversed().joined() : names.joined(separator: ", ")
  }

  /// The name alone: 芙蓉区, "Furong".
  package func shortName(of code: RegionCode, _ language: Language) -> String? {
    if code == .china { return language == .zh ? "中国" : "China" }
    return entry(code)?.name(language)
  }
}
