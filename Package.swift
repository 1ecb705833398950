// swift-tools-version: 6.2
import PackageDescription

// The house of the design: an arrow in `dependencies` only ever points to a lower floor, of which some have rooms one
// above the other: what stands further down in the list may use what stands further up, never the other way round.

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// A target of this package: sources in `Sources/<name>`, warnings are errors.
func room(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

/// The tests of a room, in `Tests/<name>Tests`.
func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude, swiftSettings: strict)
}

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")

let package = Package(
  name: "Yima",
  products: [.executable(name: "yima", targets: ["Yima"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
    .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.1"),
  ],
  targets: [
    // C libraries, found through pkg-config or the default include path.
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
    .systemLibrary(name: "CZint", providers: [.apt(["libzint-dev"])]),
    .systemLibrary(name: "CPango", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CTurboJPEG", providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .systemLibrary(name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),

    // Floor 1: pure, but for Storage.
    room("Codes", [crypto, cryptoExtras, "CCrypto"]),
    room("Regions", [], resources: [.copy("Resources")]),
    room("TransparencyLog", [crypto]),
    // Its tests look inside, also in the release build that all tests run in.
    .target(name: "Detection", swiftSettings: strict + [.unsafeFlags(["-enable-testing"])]),
    room("TimeStamps", ["CCrypto"]),
    room("Fonts", []),
    // Who somebody is, by the word of another (OpenID Connect).
    .target(
      name: "Identity", dependencies: ["TransparencyLog", jwt],
      swiftSettings: strict + [.unsafeFlags(["-enable-testing"])]),
    room("Archives", ["CArchive"]),
    room("Storage", ["CPostgres", grdb, .product(name: "GRDBSQLite", package: "GRDB.swift")]),
    // Floor 2
    room("Labels", ["Codes", "CQREncode", "CZint", "CPango", "Fonts"], resources: [.copy("Resources")]),
    room("CaseReport", ["CPango", "CQREncode", "Fonts"]),
    room("Evidence", ["Codes", "TransparencyLog", "TimeStamps"]),
    room("Ledger", ["Codes", "Regions", "TransparencyLog", "Storage", crypto, cryptoExtras]),
    // Its tests look inside, also in the release build that all tests run in.
    .target(
      name: "Spreadsheets", dependencies: ["Ledger", "Archives", "CXLSXWriter"],
      swiftSettings: strict + [.unsafeFlags(["-enable-testing"])]),
    // Floor 3: the modules; they meet in the ledger, never in each other.
    room("Issuing", ["Ledger"]),
    room("Verification", ["Ledger"]),
    room("Alerting", ["Ledger", "Evidence", "Detection"]),
    room("Casework", ["Ledger", "Evidence", "CaseReport", "CTurboJPEG", "CPango"]),
    room("Attestation", ["Ledger", "TimeStamps"]),
    room("Notifying", ["Ledger", crypto]),
    // Above them: lists of other systems as what the modules take.
    room("Interchange", ["Issuing", "Spreadsheets"]),
    // Floor 4
    room(
      "Server",
      [
        "Issuing", "Verification", "Alerting", "Detection", "Casework", "Attestation", "Notifying", "Interchange",
        "Spreadsheets", "Labels", "Identity", hummingbird, mustache, logging,
      ],
      resources: [.copy("Resources")]),
    // What people see behind the sign-in; over the API's own routes.
    .target(
      name: "Pages",
      dependencies: [
        "Server", "Notifying", "Identity", "Interchange", "Spreadsheets", "Labels", "Archives", hummingbird, mustache,
        logging,
      ],
      resources: [.copy("Resources")], swiftSettings: strict + [.unsafeFlags(["-enable-testing"])]),
    // Floor 5
    room(
      "YimaCommand",
      ["Server", "Pages", "Detection", "Identity", "Notifying", httpClient, arguments, lifecycle, logging]),
    .executableTarget(name: "Yima", dependencies: ["YimaCommand"], swiftSettings: strict),
    // What `tools/bench` measures outside of the program; not shipped.
    .executableTarget(name: "YimaBench", dependencies: ["Codes"], swiftSettings: strict),

    .target(
      name: "TestWorld", dependencies: ["Issuing", .product(name: "GRDBSQLite", package: "GRDB.swift")],
      path: "Tests/TestWorld", swiftSettings: strict),
    .target(
      name: "TestAuthority", dependencies: ["TimeStamps"], path: "Tests/TestAuthority", swiftSettings: strict),
    tests("Codes"), tests("Regions"), tests("TransparencyLog"), tests("Detection"),
    tests("TimeStamps", ["TestAuthority"]), tests("Identity", ["TransparencyLog", jwt]),
    tests("CaseReport"), tests("Storage", exclude: ["schema.sql"]), tests("Labels"),
    tests("Evidence", ["CArchive"]), tests("Ledger", ["TestWorld"]), tests("Issuing", ["TestWorld", "Verification"]),
    tests("Verification", ["TestWorld"]),
    tests("Alerting"),
    tests("Casework", ["TestWorld", "Alerting", "Verification"]),
    tests("Attestation", ["TestWorld", "TestAuthority"]),
    tests("Notifying", ["TestWorld"]),
    .testTarget(
      name: "SpreadsheetsTests", dependencies: ["Spreadsheets", "CArchive"], exclude: ["make_fixtures.py"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    tests("Interchange", ["Spreadsheets"]),
    tests(
      "Server",
      ["Spreadsheets", "TestWorld", "TestAuthority", .product(name: "HummingbirdTesting", package: "hummingbird")]),
    tests("Pages", ["TestWorld", "Spreadsheets", .product(name: "HummingbirdTesting", package: "hummingbird")]),
    tests("YimaCommand"),
  ]
)
