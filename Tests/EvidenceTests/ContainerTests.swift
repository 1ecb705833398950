import Evidence
import Testing

#if canImport(CArchive)
  import CArchive
#endif

@Suite("The container")
struct ContainerTests {
  let bundle: [UInt8]
  let verifier = TestKeys().verifier

  init() throws { bundle = try Story.small().bundle() }

  @Test("a second implementation writes the same bytes")
  func secondImplementation() {
    #expect(TestZIP(reading: bundle).bytes == bundle)
  }

  @Test("paths are in the order of their bytes")
  func order() {
    let paths = TestZIP(reading: bundle).files.map(\.path)
    #expect(paths == paths.sorted())
    #expect(paths.first == "case.json")
  }

  #if canImport(CArchive)
    @Test("libarchive reads every file")
    func libarchive() throws {
      let archive = try #require(archive_read_new())
      defer { archive_read_free(archive) }
      archive_read_support_format_zip(archive)
      try bundle.withUnsafeBytes {
        try #require(archive_read_open_memory(archive, $0.baseAddress, $0.count) == ARCHIVE_OK)
      }
      var files: [String: [UInt8]] = [:]
      var entry: OpaquePointer?
      while archive_read_next_header(archive, &entry) == ARCHIVE_OK {
        var bytes = [UInt8](repeating: 0, count: Int(archive_entry_size(entry)))
        #expect(archive_read_data(archive, &bytes, bytes.count) == bytes.count)
        files[String(cString: archive_entry_pathname(entry))] = bytes
      }
      let expected = TestZIP(reading: bundle).files
      #expect(files == Dictionary(expected.map { ($0.path, $0.bytes) }) { $1 })
    }
  #endif

  @Test("every truncation is refused")
  func truncated() {
    for count in 0..<bundle.count {
      let report = verifier.verify(Array(bundle.prefix(count)))
      guard case .broken = report[.container], !report.isGood else {
        Issue.record("the first \(count) bytes are accepted")
        return
      }
    }
  }

  @Test("bytes before, behind and a comment are refused")
  func surroundings() {
    expect(verifier.verify([0] + bundle), onlyBroken: .container, .archiveBroken(offset: 0))
    expect(verifier.verify(bundle + [0]), onlyBroken: .container, .archiveDiffers(offset: bundle.count))
    var comment = bundle
    comment[comment.count - 2] = 1
    expect(verifier.verify(comment + [65]), broken: .container, .archiveDiffers(offset: bundle.count - 2))
  }

  @Test("a compressed file is not unpacked, whatever size it claims")
  func bomb() {
    var bomb = TestZIP.little(0x0403_4B50, 4) + TestZIP.little(20, 2) + [0, 0, 8, 0] + TestZIP.little(0, 4)
    bomb +=
      TestZIP.little(0, 4) + TestZIP.little(20, 4) + TestZIP.little(0xFFFF_FFFF, 4) + TestZIP.little(9, 2) + [0, 0]
    bomb += Array("case.json".utf8) + [UInt8](repeating: 0xEC, count: 20)
    expect(verifier.verify(bomb), onlyBroken: .container, .compressed, in: "case.json")
  }

  @Test("a file that claims more bytes than there are is refused")
  func oversized() {
    var bytes = bundle
    bytes.replaceSubrange(18..<22, with: [255, 255, 255, 255])
    expect(verifier.verify(bytes), onlyBroken: .container, .archiveBroken(offset: 0), in: "case.json")
  }

  @Test("directory entries that overlap one file are refused")
  func overlap() throws {
    // A thousand directory entries that all lead to the first file, the way of the well-known bombs.
    let zip = TestZIP(reading: bundle)
    let body = zip.bytes.prefix(zip.spans[0].range.upperBound)
    let one = TestZIP([zip.files[0]]).bytes
    let directory = one.dropFirst(body.count).dropLast(22)
    let end =
      TestZIP.little(0x0605_4B50, 4) + TestZIP.little(0, 4) + TestZIP.little(1000, 2) + TestZIP.little(1000, 2)
      + TestZIP.little(directory.count * 1000, 4) + TestZIP.little(body.count, 4) + TestZIP.little(0, 2)
    let bytes = body + (0..<1000).flatMap { _ in directory } + end
    let report = verifier.verify(Array(bytes))
    // The next signature begins with the same two letters whether a file or the end follows.
    expect(report, broken: .container, .archiveDiffers(offset: body.count + directory.count + 2))
  }

  @Test("too many files are refused before they are read")
  func tooMany() {
    let files = (0...EvidenceLimits.filesMax).map { (path: "events/\($0).json", bytes: [UInt8]()) }
    let zip = TestZIP(files.sorted { $0.path < $1.path })
    expect(verifier.verify(zip.bytes), onlyBroken: .container, .tooManyFiles)
  }

  @Test(
    "a path outside the format is refused",
    arguments: [
      "../case.json", "/case.json", "events/../x.json", "events/01.json", "seals/.txt.exe", "readme", "events/",
    ])
  func path(_ path: String) {
    var zip = TestZIP(reading: bundle)
    zip[path] = [1]
    expect(verifier.verify(zip.bytes), onlyBroken: .container, .pathNotAdmitted, in: path)
  }

  @Test("files out of order, or twice, are refused")
  func outOfOrder() {
    var zip = TestZIP(reading: bundle)
    zip.files.swapAt(0, 1)
    expect(verifier.verify(zip.bytes), onlyBroken: .container, .pathsOutOfOrder, in: "case.json")
    zip = TestZIP(reading: bundle)
    zip.files.insert(zip.files[0], at: 0)
    expect(verifier.verify(zip.bytes), onlyBroken: .container, .pathsOutOfOrder, in: "case.json")
  }

  @Test("a maker cannot place a file outside the format, twice, or without its proof")
  func maker() throws {
    let story = Story.small()
    func error(_ change: (inout EvidenceParts) -> Void) throws -> EvidenceError? {
      var parts = try story.parts()
      change(&parts)
      do throws(EvidenceError) {
        _ = try EvidenceBundle(parts, signer: story.keys.signer)
        return nil
      } catch { return error }
    }
    #expect(try error { $0.attachments = [EvidenceParts.File("a/b", [])] } == .badPath("attachments/a/b"))
    #expect(try error { $0.others = [EvidenceParts.File("manifest.json", [])] } == .badPath("manifest.json"))
    #expect(try error { $0.events.append($0.events[0]) } == .duplicatePath("events/5.json"))
    #expect(try error { $0.proofs[6] = nil } == .proofMismatch(6))
    #expect(try error { $0.caseID = "no/name" } == .badCaseID("no/name"))
    #expect(try error { $0.madeAt = "2026-09-20T08:00:00+08:00" } == .badTime("2026-09-20T08:00:00+08:00"))
    #expect(try error { $0.origin = "another" } == .wrongSigner)
    #expect(try error { $0.logKey = TestKeys(seed: 9).signer.key.vkey } == .wrongSigner)
  }
}
