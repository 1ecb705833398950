/// The page tree of a PDF, two levels deep: viewers open a document of 100 000 pages without reading one long list.
struct PDFPages {
  /// Pages under one node.
  private static let perNode = 256

  private let root: Int
  private let resources: Int
  private let width: Double
  private let height: Double
  private var nodes: [(number: Int, count: Int)] = []
  private var open: [Int] = []

  /// Reserves the root; sizes are in points.
  init(width: Double, height: Double, resources: Int, file: inout PDFFile) {
    self.width = width
    self.height = height
    self.resources = resources
    root = file.reserve()
  }

  /// Whether there is no page yet.
  var isEmpty: Bool { nodes.isEmpty }

  /// Writes a page with its deflated content.
  mutating func add(_ content: [UInt8], to file: inout PDFFile) {
    if open.isEmpty { nodes.append((file.reserve(), 0)) }
    guard let node = nodes.last?.number else { return }
    let contents = file.reserve()
    let page = file.reserve()
    file.writeStream(contents, deflated: content)
    file.write(page) { out in
      out.write("<</Type/Page/Parent ")
      out.write(node)
      out.write(" 0 R/Contents ")
      out.write(contents)
      out.write(" 0 R>>")
    }
    open.append(page)
    if open.count == Self.perNode { closeNode(&file) }
  }

  private mutating func closeNode(_ file: inout PDFFile) {
    guard !open.isEmpty, let node = nodes.popLast() else { return }
    nodes.append((node.number, open.count))
    file.write(node.number) { out in
      out.write("<</Type/Pages/Parent ")
      out.write(root)
      out.write(" 0 R/Count ")
      out.write(open.count)
      Self.writeKids(open, &out)
      out.write(">>")
    }
    open = []
  }

  /// Writes what is left of the tree and the catalogue; gives the catalogue's number. Size and resources stand in
  /// the root, and every page inherits them.
  mutating func close(_ file: inout PDFFile) -> Int {
    closeNode(&file)
    file.write(root) { out in
      out.write("<</Type/Pages/Count ")
      out.write(nodes.reduce(0) { $0 + $1.count })
      out.write("/MediaBox[0 0 ")
      out.write(width, decimals: 3)
      out.write(" ")
      out.write(height, decimals: 3)
      out.write("]/Resources ")
      out.write(resources)
      out.write(" 0 R")
      Self.writeKids(nodes.map(\.number), &out)
      out.write(">>")
    }
    let catalogue = file.reserve()
    file.write(catalogue) { out in
      out.write("<</Type/Catalog/Pages ")
      out.write(root)
      // Printing at another scale would change the size of the modules.
      out.write(" 0 R/ViewerPreferences<</PrintScaling/None>>>>")
    }
    return catalogue
  }

  private static func writeKids(_ kids: [Int], _ out: inout ByteBuffer) {
    out.write("/Kids[")
    for kid in kids {
      out.write(kid)
      out.write(" 0 R ")
    }
    out.write("]")
  }
}
