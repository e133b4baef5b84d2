import Testing

@testable import Rendering

/// Figures for slides: what is drawn in points, whatever the numbers.
@Suite struct FigureTests {
  /// A net of layers with weights that have names.
  private static func net(_ sizes: [Int]) -> Picture {
    var weights = 0
    return NetDrawing.picture(
      sizes.enumerated().map { layer, units in
        let count = layer == 0 ? 0 : units * sizes[layer - 1]
        weights += count
        return NetDrawing.Layer(
          layer == 0 ? "inputs" : "\(layer): tanh",
          (1...units).map {
            .init(layer == 0 ? "i\($0)" : "out_h\($0)", lines: layer == 0 ? [] : ["b 0.35"])
          },
          weights: (0..<count).map { 0.1234 * Double($0 % 7) - 0.4 },
          names: (0..<count).map { "w\(weights - count + $0 + 1)" })
      })
  }

  private struct Area {
    var low: Point
    var high: Point

    func overlaps(_ other: Area) -> Bool {
      low.x < other.high.x && other.low.x < high.x && low.y < other.high.y && other.low.y < high.y
    }
  }

  private static func areas(
    _ picture: Picture
  ) -> (boxes: [Area], labels: [Area], figure: Figure) {
    let figure = Figure(picture)
    var boxes: [Area] = []
    var labels: [Area] = []
    for shape in figure.shapes {
      switch shape {
      case .box(let x, let y, let width, let height, _, _, _):
        boxes.append(Area(low: Point(x, y), high: Point(x + width, y + height)))
      case .text(let text) where text.text.hasPrefix("w"):
        let half = Figure.width(ofSymbols: text.text, size: text.size) / 2
        labels.append(
          Area(
            low: Point(text.place.x - half, text.place.y - text.size * 0.7),
            high: Point(text.place.x + half, text.place.y)))
      default: break
      }
    }
    return (boxes, labels, figure)
  }

  @Test(
    "boxes of a net are alike, and its labels meet no box and no other label",
    arguments: [
      [2, 2, 2], [2, 3, 1], [1, 1], [3, 4, 2], [4, 3, 3], [2, 2, 2, 2, 1],
    ]) func labelsAreReadable(_ sizes: [Int])
  {
    let (boxes, labels, figure) = Self.areas(Self.net(sizes))
    #expect(boxes.count == sizes.reduce(0, +))
    #expect(
      Set(
        boxes.map { Point($0.high.x - $0.low.x, $0.high.y - $0.low.y) }.map {
          "\(Int($0.x * 100)) \(Int($0.y * 100))"
        }
      ).count == 1)
    #expect(labels.count == zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 })
    for (index, label) in labels.enumerated() {
      #expect(!boxes.contains { $0.overlaps(label) })
      #expect(!labels[(index + 1)...].contains { $0.overlaps(label) })
    }
    // Columns reach from one side to the other.
    let left = boxes.map { $0.low.x }.min() ?? 0
    let right = boxes.map { $0.high.x }.max() ?? 0
    #expect(sizes.count < 3 || left < figure.width * 0.12 && right > figure.width * 0.88)
  }

  @Test(arguments: [
    ("w5=0.4", ["w", "5", "=0.4"]), ("out_h1", ["out", "h1"]), ("out_h1_2", ["out", "h1,2"]),
    ("b 0.35", ["b 0.35"]), ("1e-5", ["1e-5"]), ("sigmoid", ["sigmoid"]), ("δ 0.1", ["δ 0.1"]),
    ("net_o1 x2", ["net", "o1", " x", "2"]), ("", [""]),
  ]) func indexesAreLowered(_ text: String, _ pieces: [String]) {
    let runs = Figure.Text.runs(of: text)
    #expect(runs.map { $0.text } == pieces)
    #expect(runs.enumerated().allSatisfy { $1.isLowered == ($0 % 2 == 1) })
  }

  @Test func aMapOfClassesFadesWhereTheNetIsNotSure() {
    let region = DecisionMap.Region(x: 0...1, y: 0...1, columns: 3, rows: 1)
    let scores = [[0.9, 0.4, 0.05], [0.05, 0.35, 0.05], [0.05, 0.25, 0.9]]
    let picture = DecisionMap.picture(
      region: region, values: [0, 0, 2], outputs: .classes(count: 3, scores: scores), samples: [])
    guard case .plot(let plot) = picture.content, case .field(let field)? = plot.marks.first else {
      Issue.record("no field")
      return
    }
    let sure = field.classification(u: 1 / 6, v: 0.5)
    let unsure = field.classification(u: 0.5, v: 0.5)
    #expect(sure?.index == 0 && unsure?.index == 0)
    #expect(abs((sure?.confidence ?? 0) - (0.9 - 1.0 / 3) * 1.5) < 1e-12)
    #expect((unsure?.confidence ?? 1) < 0.2)
    // Between two places the border is where two outputs are equal.
    #expect(field.classification(u: 5 / 6, v: 0.5)?.index == 2)
  }

  @Test func manyPointsAreSmallAndLetTheBorderShow() {
    func shapes(_ count: Int) -> [Figure.Shape] {
      let samples = (0..<count).map {
        DecisionMap.Sample(Double($0 % 40) / 40, Double($0 / 40) / 40, classIndex: $0 % 2)
      }
      let region = DecisionMap.Region.around(samples, columns: 8, rows: 8)
      return Figure(
        DecisionMap.picture(
          region: region, values: region.inputs.map { $0.x }, samples: samples)
      ).shapes
    }
    func translucent(_ shapes: [Figure.Shape]) -> Int {
      shapes.filter { if case .translucent = $0 { true } else { false } }.count
    }
    #expect(translucent(shapes(100)) == 0)
    let many = shapes(1000)
    #expect(translucent(many) == 1000)
    let last = many.lastIndex { if case .translucent = $0 { true } else { false } } ?? 0
    #expect(
      many[last...].contains {
        if case .line(let points, _, _) = $0 { points.count > 2 } else { false }
      })
  }
}
