import Evidence
import Testing

/// One byte changed, by someone with ever more power.
@Suite("A single changed byte")
struct FlipTests {
  let story = Story.small()

  @Test("anywhere in the bundle is refused, and the container names the file that it lies in")
  func inTheBundle() async throws {
    let bundle = try story.bundle()
    let spans = TestZIP(reading: bundle).spans
    let verifier = story.keys.verifier
    let accepted = await sweep(0..<bundle.count) { place in
      var changed = bundle
      changed[place] ^= 1 << UInt8(truncatingIfNeeded: place % 8)
      let report = verifier.verify(changed)
      guard !report.isGood, case .broken(_, let file) = report[.container] else { return true }
      let inside = spans.first { $0.range.contains(place) }
      return inside.map { $0.path != file } ?? false
    }
    #expect(accepted == [], "of \(bundle.count) bytes")
  }

  @Test("in a file, with the ZIP put right again, is refused by the manifest or its signature, which name the file")
  func inFiles() async throws {
    let zip = TestZIP(reading: try story.bundle())
    let verifier = story.keys.verifier
    for (path, bytes) in zip.files {
      let accepted = await sweep(bytes.indices) { place in
        var changed = zip
        var file = bytes
        file[place] ^= 1 << UInt8(truncatingIfNeeded: place % 8)
        changed[path] = file
        let report = verifier.verify(changed.bytes)
        guard isHolding(report[.container]) else { return true }
        switch path {
        case "manifest.json", "manifest.sig":
          return report.broken.isEmpty || isHolding(report[.manifestSignature])
        default: return report[.manifest] != .broken(.wrongHash, file: path)
        }
      }
      #expect(accepted == [], "in \(path)")
    }
  }

  @Test("in an event, proof, seal or key, by the brand itself with all its keys, is refused further down")
  func byTheBrand() async throws {
    let parts = try story.parts()
    let signer = story.keys.signer
    let verifier = story.keys.verifier
    for target in BrandFile.all(parts) {
      let accepted = await sweep(target.bytes.indices) { place in
        var changed = parts
        var bytes = target.bytes
        bytes[place] ^= 1 << UInt8(truncatingIfNeeded: place % 8)
        target.put(bytes, &changed)
        // A vkey that is no longer the signer's is refused by the maker already.
        guard let bundle = try? EvidenceBundle(changed, signer: signer) else { return false }
        let report = verifier.verify(bundle.bytes)
        return report.isGood || !isHolding(report[.container]) || !isHolding(report[.manifest])
          || !isHolding(report[.manifestSignature])
      }
      #expect(accepted == [], "in \(target.name)")
    }
  }

  /// The places at which `isAccepted`, on as many cores as there are.
  private func sweep(_ range: Range<Int>, _ isAccepted: @escaping @Sendable (Int) -> Bool) async -> [Int] {
    await withTaskGroup(of: [Int].self) { group in
      let lanes = 4
      for lane in 0..<lanes {
        group.addTask {
          stride(from: range.lowerBound + lane, to: range.upperBound, by: lanes).filter(isAccepted)
        }
      }
      return await group.reduce(into: []) { $0 += $1 }.sorted()
    }
  }
}

/// A file that the brand may rewrite before it signs.
private struct BrandFile: Sendable {
  let name: String
  let bytes: [UInt8]
  let put: @Sendable ([UInt8], inout EvidenceParts) -> Void

  static func all(_ parts: EvidenceParts) -> [BrandFile] {
    var files: [BrandFile] = []
    for (place, event) in parts.events.enumerated() {
      files.append(
        BrandFile(name: "event \(event.index)", bytes: event.body) {
          $1.events[place] = EvidenceParts.Event(index: event.index, body: $0, disclosed: event.disclosed)
        })
      guard let disclosed = event.disclosed else { continue }
      files.append(
        BrandFile(name: "disclosure \(event.index)", bytes: disclosed) {
          $1.events[place] = EvidenceParts.Event(index: event.index, body: event.body, disclosed: $0)
        })
    }
    for (index, proof) in parts.proofs {
      files.append(BrandFile(name: "proof \(index)", bytes: proof) { $1.proofs[index] = $0 })
    }
    files.append(BrandFile(name: "checkpoint", bytes: parts.checkpoint) { $1.checkpoint = $0 })
    for (unit, uri) in parts.seals {
      // The address before the code is the printer's affair; no seal covers it.
      let host = uri.prefix { $0 != "/" } + "//id.example.cn"
      files.append(
        BrandFile(name: "seal", bytes: Array(uri.dropFirst(host.count).utf8)) {
          $1.seals[unit] = host + String(decoding: $0, as: UTF8.self)
        })
    }
    return files
  }
}
