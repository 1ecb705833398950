extension String {
  /// In groups of four, which people read out and compare with far fewer errors.
  package var inFours: String {
    var text = ""
    for (place, letter) in enumerated() {
      if place > 0, place.isMultiple(of: 4) { text.append(" ") }
      text.append(letter)
    }
    return text
  }
}
