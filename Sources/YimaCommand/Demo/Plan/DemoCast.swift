/// People of the demo who act under a key.
enum DemoCast {
  /// Inspectors with a key each.
  static let inspectors = 6
}
