import Foundation

extension LabelTemplate {
  /// The templates that ship with the program.
  package static let shippedNames = ["item-30x20", "item-60x40", "box-100x150"]

  /// One of the shipped templates. Throws `.unknownTemplate` for any other name.
  package static func shipped(_ name: String) throws(LabelError) -> LabelTemplate {
    // Only known names reach the file system: a name from a request can never become a path.
    guard shippedNames.contains(name),
      let file = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Resources/labels"),
      let data = try? Data(contentsOf: file)
    else { throw .unknownTemplate(name) }
    return try LabelTemplate(parsing: data)
  }

  /// The template used when a request names none.
  package static func standard(for kind: LabelKind) throws(LabelError) -> LabelTemplate {
    switch kind {
    case .item: try shipped("item-30x20")
    case .box: try shipped("box-100x150")
    }
  }
}
