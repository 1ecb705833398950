import ArgumentParser
import AsyncHTTPClient
import Foundation
import Identity
import Ledger
import NIOCore

extension IdentityProvider {
  /// The longest answer of a provider, bytes, and how long is waited for one, seconds.
  private static let answerMax = 1 << 20, patience: Int64 = 15

  /// The provider that a file describes, asked over the network.
  init(file: String) throws {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ValidationError("\(file) cannot be read.")
    }
    let settings: ProviderSettings
    do { settings = try ProviderSettings(parsing: Array(data)) } catch {
      throw ValidationError("\(file): \(error)")
    }
    self.init(settings, now: { Clock.system().milliseconds }) { try await Self.ask($0) }
  }

  private static func ask(_ request: ProviderRequest) async throws -> ProviderReply {
    var outer = HTTPClientRequest(url: request.url)
    outer.headers.add(name: "accept", value: "application/json")
    if let authorization = request.authorization { outer.headers.add(name: "authorization", value: authorization) }
    if let form = request.form {
      outer.method = .POST
      outer.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
      outer.body = .bytes(ByteBuffer(string: form))
    }
    let response = try await client.execute(outer, timeout: .seconds(patience))
    let answer = try await response.body.collect(upTo: answerMax)
    return ProviderReply(status: Int(response.status.code), body: Array(answer.readableBytesView))
  }

  /// Follows no redirect: a secret goes where it was meant to go, or nowhere.
  private static let client = HTTPClient(
    eventLoopGroupProvider: .singleton,
    configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))
}
