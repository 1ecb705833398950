import Foundation

/// Draws the map: territories, regions, scans. Equirectangular about its middle latitude, which is true enough for a part
/// of one country.
struct MapView {
  private let map: CaseMap
  private let box: Box
  private let west: Double, north: Double
  /// Whether only the scans and what is around them are shown, with their numbers.
  private let isNear: Bool
  /// Points on paper a degree of latitude.
  private let scale: Double
  /// How much shorter a degree of longitude is.
  private let shrink: Double
  private let originX: Double, originY: Double

  private static let metresPerDegree = 111_320.0

  /// nil when there is nothing to draw.
  init?(_ map: CaseMap, in box: Box, isNear: Bool = false) {
    let rings = isNear ? [] : (map.territories + map.regions).flatMap(\.rings)
    let points = (rings.joined() + map.scans.map(\.point)).filter(\.isOnEarth)
    guard let west = points.map(\.longitude).min(), let east = points.map(\.longitude).max(),
      let south = points.map(\.latitude).min(), let north = points.map(\.latitude).max()
    else { return nil }
    self.map = map
    self.box = box
    self.isNear = isNear
    // A single point still gets a few kilometres around it.
    let around = isNear ? 1.5 : 1.08
    let (wide, high) = (max(east - west, 0.05) * around, max(north - south, 0.05) * around)
    shrink = cos((north + south) / 2 * Double.pi / 180)
    scale = min(box.width / (wide * shrink), box.height / high)
    self.west = (west + east) / 2 - wide / 2
    self.north = (north + south) / 2 + high / 2
    originX = box.x + (box.width - wide * shrink * scale) / 2
    originY = box.y + (box.height - high * scale) / 2
  }

  private func place(_ point: CaseMap.Point) -> (Double, Double) {
    (originX + (point.longitude - west) * shrink * scale, originY + (north - point.latitude) * scale)
  }

  private func rings(_ outline: CaseMap.Outline) -> [[(Double, Double)]] {
    outline.rings.map { $0.filter(\.isOnEarth).map(place) }.filter { $0.count >= 3 }
  }

  /// Draws everything within the box.
  func draw(on flow: Flow) {
    let canvas = flow.canvas
    canvas.clipped(to: box) {
      for outline in map.territories {
        canvas.rings(rings(outline), fill: .blue, opacity: 0.13, frame: .blue)
      }
      for outline in map.regions {
        canvas.rings(rings(outline), fill: .red, opacity: 0.06, frame: .red, isDashed: true)
      }
      for (outline, ink) in isNear ? [] : map.territories.map({ ($0, Ink.blue) }) + map.regions.map({ ($0, Ink.red) }) {
        name(outline, ink, flow)
      }
      for mark in map.scans where mark.point.isOnEarth { draw(mark, canvas) }
    }
    canvas.rectangle(box, frame: .line)
    drawScale(flow)
  }

  private func draw(_ mark: CaseMap.Mark, _ canvas: PDFCanvas) {
    let (x, y) = place(mark.point)
    let reach = mark.accuracy / Self.metresPerDegree * scale
    if isNear, reach.isFinite, reach > 8 { canvas.circle(x, y, radius: reach, fill: .red, opacity: 0.12, frame: .red) }
    canvas.circle(x, y, radius: isNear ? 6.5 : 2.5, fill: .red)
    guard isNear else { return }
    guard let label = canvas.set(PrintableText.clean(mark.label), Self.markFace, width: nil) else { return }
    let width = label.width
    canvas.draw(label, x: x - width / 2, y: y - label.height / 2, ink: Ink(red: 1, green: 1, blue: 1))
  }

  private static let markFace = Typeface(family: Typeface.small.family, size: 7.5, isBold: true)

  /// The name of a region at the middle of its largest ring, where it does not hide scans.
  private func name(_ outline: CaseMap.Outline, _ ink: Ink, _ flow: Flow) {
    guard let ring = rings(outline).max(by: { Self.area($0) < Self.area($1) }), !ring.isEmpty,
      let set = flow.canvas.set(flow.words(outline.name), .small, width: nil)
    else { return }
    let x = ring.reduce(0) { $0 + $1.0 } / Double(ring.count)
    var y = ring.reduce(0) { $0 + $1.1 } / Double(ring.count)
    let width = set.width
    let isHidden = map.scans.contains { mark in
      let (markX, markY) = place(mark.point)
      return abs(markX - x) < width / 2 + 8 && abs(markY - y) < 14
    }
    if isHidden { y += 18 }
    let left = min(max(x - width / 2, box.x + 3), max(box.right - width - 3, box.x + 3))
    flow.canvas.draw(set, x: left, y: min(max(y - 5, box.y + 3), box.bottom - 14), ink: ink)
  }

  private static func area(_ ring: [(Double, Double)]) -> Double {
    let next = ring.dropFirst() + ring.prefix(1)
    return abs(zip(ring, next).reduce(0) { $0 + $1.0.0 * $1.1.1 - $1.1.0 * $1.0.1 }) / 2
  }

  /// A bar of a round number of kilometres, and where north is.
  private func drawScale(_ flow: Flow) {
    let perKilometre = scale * 1000 / Self.metresPerDegree
    let wished = box.width / 4 / perKilometre
    guard wished.isFinite, wished > 0 else { return }
    let power = pow(10, (log10(wished)).rounded(.down))
    let length = [5, 2, 1].map { $0 * power }.first { $0 <= wished } ?? power
    let (x, y) = (box.x + 10, box.bottom - 12)
    flow.canvas.rectangle(
      Box(x: x - 4, y: y - 14, width: length * perKilometre + 8, height: 20), fill: Ink(red: 1, green: 1, blue: 1))
    flow.canvas.line(from: (x, y), to: (x + length * perKilometre, y), ink: .black, width: 1.6)
    let text = length >= 1 ? "\(Int(length)) km" : "\(Int((length * 1000).rounded())) m"
    flow.put(text, .small, x: x, y: y - 13)
    flow.put(flow.words("北 ↑", "N ↑"), .small, x: box.right - 6, y: box.y + 5, isRight: true)
  }
}
