import Casework
import Server
import Testing

@Suite("Forms with files")
struct MultipartFormTests {
  private static let type = "multipart/form-data; boundary=\"x y\""

  private func body(_ parts: [(head: String, bytes: [UInt8])]) -> [UInt8] {
    parts.flatMap { part in
      Array("--x y\r\nContent-Disposition: form-data; \(part.head)\r\n\r\n".utf8) + part.bytes + Array("\r\n".utf8)
    } + Array("--x y--\r\n".utf8)
  }

  @Test("fields and files are read; an unchosen file is none")
  func reads() throws {
    let photo: [UInt8] = [0xff, 0x0d, 0x0a, 0x2d, 0x2d, 0x00]
    let form = try #require(
      MultipartForm(
        body([
          ("name=\"text\"", Array("瓶盖松动".utf8)),
          ("name=\"photo\"; filename=\"a;b.jpg\"\r\nContent-Type: image/jpeg", photo),
          ("name=\"other\"; filename=\"\"", []), ("name=\"blank\"", Array(" \n".utf8)),
        ]), contentType: Self.type))
    #expect(form["text"] == "瓶盖松动" && form["blank"] == nil && form["photo"] == nil && form["none"] == nil)
    #expect(form.file("photo") == photo && form.file("other") == nil && form.file("text") == nil)
  }

  @Test(
    "what is no such form is refused",
    arguments: [
      ("", "multipart/form-data; boundary=x"), ("--x--", "multipart/form-data"), ("--x\r\n", "a; boundary=x"),
      ("--x\r\nA: b\r\n\r\nc\r\n--x--", "a; boundary=x"), ("--xjunk", "a; boundary=x"), ("--x--", "a; boundary="),
    ])
  func refuses(_ body: String, _ type: String) {
    #expect(MultipartForm(Array(body.utf8), contentType: type) == nil)
  }

  @Test("too many parts are refused")
  func limits() {
    let parts = (0...MultipartForm.partsMax).map { (head: "name=\"\($0)\"", bytes: [UInt8]()) }
    #expect(MultipartForm(body(parts), contentType: Self.type) == nil)
    #expect(MultipartForm(body(Array(parts.dropLast())), contentType: Self.type)?.parts.count == MultipartForm.partsMax)
  }

  @Test("no bytes crash it, and cut or changed ones never give more than was sent")
  func fuzz() {
    let whole = body([("name=\"a\"", Array("1\r\n--x".utf8)), ("name=\"b\"; filename=\"f\"", [1, 2, 3])])
    for end in whole.indices {
      #expect((MultipartForm(Array(whole[..<end]), contentType: Self.type)?.parts.count ?? 0) <= 2)
    }
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      var changed = whole
      for _ in 0..<3 { changed[Int.random(in: changed.indices, using: &generator)] = UInt8.random(in: 0...255) }
      let size = MultipartForm(changed, contentType: Self.type)?.parts.reduce(0) { $0 + $1.bytes.count } ?? 0
      #expect(size <= changed.count)
    }
  }
}

@Suite("Photos without what cameras write into them")
struct JPEGTests {
  @Test("Exif, XMP and IPTC are left out; all else stays, and what is no JPEG stays whole")
  func strips() {
    let start: [UInt8] = [0xff, 0xd8], picture: [UInt8] = [0xff, 0xda, 0x00, 0x02, 1, 2, 3, 0xff, 0xd9]
    let keep: [UInt8] = [0xff, 0xdb, 0x00, 0x03, 7], exif: [UInt8] = [0xff, 0xe1, 0x00, 0x05, 71, 80, 83]
    let iptc: [UInt8] = [0xff, 0xed, 0x00, 0x02]
    #expect(JPEG.withoutMetadata(start + exif + keep + iptc + exif + picture) == start + keep + picture)
    for bytes in [[], [1, 2, 3], start, start + [0xff, 0xe1, 0xff, 0xff, 1], start + [0, 0, 0, 0, 0]] as [[UInt8]] {
      #expect(JPEG.withoutMetadata(bytes) == bytes)
    }
  }
}
