import Differentiation
import Explanation
import Language
import Learning
import Rendering
import Syntax

/// The surface of a function of two numbers, with the way of gradient descent over it or one that the
/// user has computed.
struct FunctionLandscape {
  static let start = Key.vector(
    "start", .absent, "Where the descent of a function begins, [0, 0] where left out.")
  static let path = Key.matrix(
    "path", .absent, "A way of one's own over a function, one point a row.")
  private static let (columns, rows) = (60, 45)

  private let function: Function
  private let arguments: Arguments
  private let range: SourceRange

  /// - Throws: where the function does not take two numbers.
  init(of function: Function, _ arguments: Arguments, at range: SourceRange) throws(Failure) {
    guard function.parameterNames.count == 2 else {
      throw Failure(
        "a landscape is that of a function of two numbers", at: range, label: function.signature,
        help: ["plot draws functions of one number"])
    }
    (self.function, self.arguments, self.range) = (function, arguments, range)
  }

  /// - Parameters:
  ///   - steps, rate: of the descent, where no path is given.
  ///   - span: how far to look to each side; what the way needs where nil.
  func picture(steps: Int, rate: Double, span: Double?) throws(Failure) -> Picture {
    let own = try ownPath()
    let way = if let own { own } else { try descent(steps: steps, rate: rate) }
    func axis(_ name: String, _ values: [Double]) -> PlotAxis {
      let finite = values.filter { $0.isFinite }
      let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
      let middle = low / 2 + high / 2
      let half = span ?? max(0.75 * (high - low), 0.5 * abs(middle), 1)
      return PlotAxis(name, from: middle - half, to: middle + half)
    }
    let names = function.parameterNames
    let (x, y) = (axis(names[0], way.map { $0.x }), axis(names[1], way.map { $0.y }))
    let progress = WorkProgress(arguments.session)
    defer { progress.end() }
    var values: [Double] = []
    for row in 0..<Self.rows {
      if arguments.session.host.isInterrupted() { throw .interrupted }
      progress.show("row", row, of: Self.rows)
      for column in 0..<Self.columns {
        values.append(
          try value(
            at: Point(
              x.value(at: (Double(column) + 0.5) / Double(Self.columns)),
              y.value(at: (Double(row) + 0.5) / Double(Self.rows)))))
      }
    }
    return LossLandscape.picture(
      title: function.signature, x: x, y: y, columns: Self.columns, rows: Self.rows,
      values: values, quantity: function.name, path: way.count > 1 ? way : [])
  }

  private func value(at point: Point) throws(Failure) -> Double {
    let result = try arguments.runtime.call(
      function, [.number(point.x), .number(point.y)], at: range)
    guard let number = result.number else {
      throw Failure(
        "the height of a landscape is one number", at: range, label: "gave \(result.kind)")
    }
    return number
  }

  private func ownPath() throws(Failure) -> [Point]? {
    guard let tensor = try arguments.optional(Self.path) else { return nil }
    guard case .matrix(_, 2) = tensor.shape else {
      throw Failure(
        "a path has two columns, across and up", at: arguments.range(of: Self.path),
        label: "\(tensor.shape)", help: ["path=[[1, 2], [3, 4]]"])
    }
    return stride(from: 0, to: tensor.elements.count, by: 2).map {
      Point(tensor.elements[$0], tensor.elements[$0 + 1])
    }
  }

  /// The points of gradient descent; it ends early where it leaves the numbers.
  private func descent(steps: Int, rate: Double) throws(Failure) -> [Point] {
    var point = Point(0, 0)
    if let given = try arguments.optional(Self.start) {
      guard given.elements.count == 2 else {
        throw Failure(
          "a descent over two numbers begins at two", at: arguments.range(of: Self.start),
          label: "\(given.shape)", help: ["start=[1, 2]"])
      }
      point = Point(given.elements[0], given.elements[1])
    }
    var way = [point]
    let progress = WorkProgress(arguments.session)
    defer { progress.end() }
    for step in 0..<steps {
      if arguments.session.host.isInterrupted() { throw .interrupted }
      progress.show("step", step, of: steps)
      let given = zip(function.parameterNames, [point.x, point.y]).map { name, number in
        (name: name, argument: BoundArgument(value: .number(number), range: range, name: nil))
      }
      let (result, nodes) = try arguments.runtime.traced(function, given, at: range)
      // What does not depend on the numbers is flat.
      guard case .traced(let output) = result, output.shape == .scalar else { break }
      let slopes = try arguments.mappingErrors(
        deriving(gradients(of: output, by: nodes.map { $0.node }))
      ).map { $0.value?.number ?? 0 }
      point = Point(point.x - rate * slopes[0], point.y - rate * slopes[1])
      guard point.x.isFinite, point.y.isFinite else { break }
      way.append(point)
    }
    return way
  }
}
