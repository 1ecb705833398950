/// Values of one type, one for each row of a bulk statement.
struct SQLColumn {
  /// What the values are; each may also be NULL.
  enum Kind { case integers, texts, blobs }

  let kind: Kind
  let values: [SQLValue]

  init(_ kind: Kind, _ values: [SQLValue]) {
    self.kind = kind
    self.values = values
  }
}
