import Foundation

extension RegionAtlas {
  /// The atlas that is built into the program; the only reading of a file in this target.
  /// - Throws: ``RegionError/resourceMissing``, ``RegionError/resourceDamaged(_:at:)``.
  package static func load() throws(RegionError) -> RegionAtlas {
    guard let url = Bundle.module.url(forResource: "regions", withExtension: "bin", subdirectory: "Resources"),
      let data = try? Data(contentsOf: url)
    else { throw .resourceMissing }
    return try RegionAtlas(bytes: [UInt8](data))
  }
}
