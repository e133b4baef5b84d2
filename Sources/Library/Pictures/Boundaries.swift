import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let boundaryFunction = BuiltinFunction(
    "boundary", .nets,
    "The lines w1·x1 + w2·x2 + b = 0 on which the units behind two inputs change sides; with data "
      + "they are drawn.",
    parameters: [net.parameter, places.parameter, unit.parameter, preparedOption.parameter]
      + PictureOption.parameters,
    examples: [
      .init(
        "net = perceptron [2]; net.W1 = [[1, 2]]; net.b1 = [-4]; print (boundary net).slope",
        prints: "-0.5")
    ]
  ) { arguments throws(Failure) in
    let network = try arguments(net)
    guard arguments.given(places) != nil else {
      let lines = try lines(of: network, isRaw: !arguments.isPrepared(), arguments)
      return .report(
        .ofTables(title: "boundary", fields: fields(of: lines)) { _ in table(of: lines) })
    }
    // Lines and points are those of the data as they were given.
    let (prepared, raw) = try arguments.rows(network, arguments.given(places))
    let data = raw ?? prepared
    let lines = try lines(of: network, isRaw: raw != nil, arguments)
    guard data.featureCount == 2 else {
      throw Failure(
        "a line is drawn among data of two features", at: arguments.range(of: places),
        label: data.featureCount == 1 ? "1 feature" : "\(data.featureCount) features")
    }
    return try arguments.drawn(picture(of: lines, network, data), fields: fields(of: lines)) {
      _ in table(of: lines)
    }
  }

  private static let net = Key.network()
  private static let places = Key.data(
    .absent, "Data with two features to draw the lines among.")
  private static let unit = Key.wholeNumber(
    "unit", .absent, in: 1...Int.max, "The unit of the first layer; all where left out.")

  /// w1·x1 + w2·x2 + b = 0.
  private struct Line {
    var unit: Int
    var w1: Double
    var w2: Double
    var b: Double

    /// x2 = slope·x1 + intercept; nil for an upright line, and where there is none.
    var slope: Double? { w2 == 0 ? nil : -w1 / w2 }
    var intercept: Double? { w2 == 0 ? nil : -b / w2 }

    /// Two points of the line within the axes of a plot, or on their continuation.
    func ends(_ x: PlotAxis, _ y: PlotAxis) -> [Point] {
      if abs(w2) > abs(w1) {
        return [x.low, x.high].map { Point($0, -(w1 * $0 + b) / w2) }
      }
      // From left to right, which a terminal draws in the stroke of its unit.
      return w1 == 0
        ? [] : [y.low, y.high].map { Point(-(w2 * $0 + b) / w1, $0) }.sorted { $0.x < $1.x }
    }

    func equation(_ style: NumberStyle) -> String {
      func term(_ factor: Double, _ name: String, isFirst: Bool) -> String {
        let sign = factor < 0 ? (isFirst ? "-" : " - ") : (isFirst ? "" : " + ")
        return sign + style.text(abs(factor)) + name
      }
      return term(w1, "·x1", isFirst: true) + term(w2, "·x2", isFirst: false)
        + term(b, "", isFirst: false) + " = 0"
    }

    func solved(_ style: NumberStyle) -> String {
      guard let slope, let intercept else {
        return w1 == 0 ? "no line: both weights are 0" : "x1 = \(style.text(-b / w1))"
      }
      let sign = intercept < 0 ? "-" : "+"
      return "x2 = \(style.text(slope))·x1 \(sign) \(style.text(abs(intercept)))"
    }
  }

  /// - Parameter isRaw: whether the lines are those of rows before they are prepared.
  private static func lines(
    of network: Network, isRaw: Bool, _ arguments: Arguments
  ) throws(Failure) -> [Line] {
    let one = try arguments.optional(unit)
    let units = one.map { [$0] } ?? Array(1...network.layers[0].units)
    return try arguments.mappingErrors(
      units.map { unit throws(LearningError) in
        let line = try network.boundary(unit: unit, isRaw: isRaw)
        return Line(unit: unit, w1: line.w1, w2: line.w2, b: line.b)
      })
  }

  /// Of one line its numbers, of several the vectors of them.
  private static func fields(of lines: [Line]) -> Record {
    func field(_ number: (Line) -> Double) -> Value {
      lines.count == 1 ? .number(number(lines[0])) : .tensor(Tensor(vector: lines.map(number)))
    }
    return Record([
      ("w1", field { $0.w1 }), ("w2", field { $0.w2 }), ("b", field { $0.b }),
      ("slope", field { $0.slope ?? .infinity }),
      ("intercept", field { $0.intercept ?? .nan }),
    ])
  }

  private static func table(of lines: [Line]) -> TextBlocks {
    let style = NumberStyle.significantDigits(6)
    return TextBlocks(
      Table(
        [.init("unit", .right), .init("line"), .init("solved")],
        rows: lines.map { ["\($0.unit)", $0.equation(style), $0.solved(style)] }
      ))
  }

  private static func picture(of lines: [Line], _ network: Network, _ data: DataSet) -> Picture {
    var picture = Scatter.picture(
      title: "boundaries of \(network.title) on \(data.title)", classGroups(of: data),
      xLabel: data.featureNames[0], yLabel: data.featureNames[1], isPlane: true)
    guard case .plot(var plot) = picture.content else { return picture }
    let drawn = lines.map { Plot.Mark.line($0.ends(plot.x, plot.y), series: $0.unit + 1) }
    plot.marks = drawn + plot.marks
    picture.content = .plot(plot)
    if lines.count <= 8 {
      picture.legend += lines.map {
        LegendEntry(.line(series: $0.unit + 1), "unit \($0.unit)")
      }
    }
    return picture
  }

  /// The points of each class, or all of them where there are none.
  static func classGroups(of data: DataSet) -> [Scatter.Group] {
    func point(_ row: Int) -> Point {
      Point(data.x.elements[row * data.featureCount], data.x.elements[row * data.featureCount + 1])
    }
    guard let classes = data.ownClasses, !classes.numbers.isEmpty else {
      return [Scatter.Group("", (0..<data.count).map(point))]
    }
    return classes.names.enumerated().map { number, name in
      Scatter.Group(
        Double(name) == nil ? name : "class \(name)",
        classes.numbers.indices.filter { classes.numbers[$0] == number + 1 }.map(point))
    }
  }
}
