import Archives
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Server
import TransparencyLog

/// Style sheets and scripts: our own out of the bundle, and Bootstrap, Leaflet and Chart.js as Debian installs them.
/// Each is served under an address that changes with its content, so that browsers keep it for ever, and compressed.
struct Assets: Sendable {
  struct Asset: Sendable {
    let bytes: [UInt8], compressed: [UInt8]?, type: String, hash: String
  }

  private let files: [String: Asset]
  /// The address of each file, by its name with `_` for what is no letter or digit: `{{assets.site_css}}`.
  let addresses: [String: String]

  /// Debian's libjs-bootstrap5, libjs-leaflet and libjs-chart.js.
  private static let system = [
    "bootstrap.css": "/usr/share/javascript/bootstrap5/css/bootstrap.min.css",
    "leaflet.css": "/usr/share/javascript/leaflet/leaflet.css",
    "leaflet.js": "/usr/share/javascript/leaflet/leaflet.min.js",
    "chart.js": "/usr/share/javascript/chart.js/chart.min.js",
  ]

  init(logger: Logger) throws {
    var files: [String: Asset] = [:]
    for file in try BundledFiles.all(in: "assets") {
      files[file.lastPathComponent] = Asset(try Data(contentsOf: file), named: file.lastPathComponent)
    }
    for (name, path) in Self.system {
      guard let data = FileManager.default.contents(atPath: path) else {
        logger.warning(
          "a file of the pages is missing: install libjs-bootstrap5, libjs-leaflet and libjs-chart.js",
          metadata: ["path": "\(path)"])
        continue
      }
      files[name] = Asset(data, named: name)
    }
    self.files = files
    addresses = Dictionary(
      uniqueKeysWithValues: files.map { name, asset in
        (String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" }), "/assets/\(asset.hash)/\(name)")
      })
  }

  /// A file; kept for ever under the address that pages name.
  func serve(_ request: Request, _ context: YimaContext) throws -> Response {
    guard let name = context.parameters.get("name"), let asset = files[name] else { throw Problem.notFound }
    let isExact = context.parameters.get("hash") == asset.hash
    let accepts = request.headers[.acceptEncoding]?.contains("gzip") == true
    let body = accepts ? asset.compressed ?? asset.bytes : asset.bytes
    var response = Response.bytes(
      body, type: asset.type, cache: isExact ? "public, max-age=31536000, immutable" : "no-cache")
    if accepts, asset.compressed != nil { response.headers[.contentEncoding] = "gzip" }
    response.headers[.vary] = "Accept-Encoding"
    // The station's worker stands for all of its pages.
    if name.hasSuffix("worker.js") {
      response.headers[HTTPField.Name("Service-Worker-Allowed") ?? .vary] = "/"
      // A worker is bound by the policy of its own file: it asks this server, and runs nothing else.
      response.headers[.contentSecurityPolicy] = "default-src 'none'; connect-src 'self'"
    }
    return response
  }
}

extension Assets.Asset {
  init(_ data: Data, named name: String) {
    // The maps for debuggers are not served.
    let text = String(decoding: data, as: UTF8.self).replacing("sourceMappingURL=", with: "")
    let isText = ["css", "js", "svg"].contains((name as NSString).pathExtension)
    bytes = isText ? Array(text.utf8) : Array(data)
    compressed = isText ? Gzip.compressed(bytes) : nil
    hash = String(Digest32.sha256(bytes).hex.prefix(12))
    type =
      switch (name as NSString).pathExtension {
      case "css": "text/css; charset=utf-8"
      case "js": "text/javascript; charset=utf-8"
      case "svg": "image/svg+xml"
      default: "application/octet-stream"
      }
  }
}
