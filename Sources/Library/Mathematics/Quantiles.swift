import Differentiation
import Language
import Learning

extension Catalog {
  /// Elements by their place in an order.
  static let quantileFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "median", .mathematics,
      "The middle element in order, or the mean of the two middle ones; or those along an axis.",
      parameters: [numeric.parameter, axis.parameter],
      examples: [
        .init("median [2, 3, 4]", prints: "3"),
        .init("print median [[1, 5], [2, 7], [3, 6]] axis=1", prints: "[2, 6]"),
      ]
    ) { arguments throws(Failure) in try quantile(0.5, arguments) },
    BuiltinFunction(
      "quantile", .mathematics,
      "The value below which a share of the elements lies, between two of them in proportion.",
      parameters: [numeric.parameter, share.parameter, axis.parameter],
      examples: [.init("quantile [1, 2, 3, 4] 0.25", prints: "1.75")]
    ) { arguments throws(Failure) in try quantile(arguments(share), arguments) },
  ]

  private static let numeric = Key.any("x", .numeric, "A vector or matrix.")
  private static let share = Key.number(
    "share", .required, from: 0, to: 1, "From 0, the least, to 1.")
  private static let axis = Key.wholeNumber(
    "axis", .absent, in: 1...2, "1: over the rows, one result a column; 2: over the columns.")

  /// NumPy's and R's (type 7) rule; a nan has no place in an order and makes the result one.
  private static func quantile(_ share: Double, _ arguments: Arguments) throws(Failure) -> Value {
    let value = try arguments(numeric)
    guard let tensor = value.tensor else { throw arguments.unrecorded(at: arguments.range) }
    guard tensor.shape.count > 0 else {
      throw Failure(
        "\(arguments.function.name) of nothing: it is empty", at: arguments.range(of: numeric))
    }
    let axis = try arguments.optional(axis)
    let groups = try groups(of: tensor.shape, axis, arguments)
    var lower: [Int] = []
    var upper: [Int] = []
    var part = 0.0
    for group in groups {
      if let odd = group.first(where: { tensor.elements[$0].isNaN }) {
        lower.append(odd)
        upper.append(odd)
        continue
      }
      let order = sortedOrder(of: group.map { tensor.elements[$0] }).map { group[$0] }
      let place = share * Double(order.count - 1)
      let first = Int(clamped: place.rounded(.down))
      part = place - Double(first)
      lower.append(order[first])
      upper.append(order[min(first + 1, order.count - 1)])
    }
    func taken(_ places: [Int]) throws(Failure) -> Value {
      try apply(
        .slice(places, of: tensor.shape, as: .vector(places.count)), to: [value],
        at: arguments.range)
    }
    let least = try taken(lower)
    func times(_ value: Value, _ share: Double) throws(Failure) -> Value {
      try apply(.multiply, to: [value, .number(share)], at: arguments.range)
    }
    let most = try taken(upper)
    let width = try apply(.subtract, to: [most, least], at: arguments.range)
    let step = try times(width, part)
    if width.firstNotFinite != nil, least.firstNotFinite == nil, most.firstNotFinite == nil {
      // The way between two huge numbers is too long for a number; shares of both are not.
      let result = try apply(
        .add, to: [times(least, 1 - part), times(most, part)], at: arguments.range)
      return axis == nil ? try apply(.sum(), to: [result], at: arguments.range) : result
    }
    // Between two infinite elements there is nothing to go.
    let isBetween = part > 0 && lower != upper
    let result = isBetween ? try apply(.add, to: [least, step], at: arguments.range) : least
    guard axis == nil else { return result }
    return try apply(.sum(), to: [result], at: arguments.range)
  }

  /// The places of the elements that are taken together.
  private static func groups(
    of shape: Shape, _ axis: Int?, _ arguments: Arguments
  ) throws(Failure) -> [[Int]] {
    guard let axis else { return [Array(0..<shape.count)] }
    guard case .matrix(let rows, let columns) = shape else {
      throw Failure(
        "axis is for matrices", at: arguments.range(of: self.axis), label: "\(shape)",
        help: ["leave axis out"])
    }
    return axis == 1
      ? (0..<columns).map { column in (0..<rows).map { $0 * columns + column } }
      : (0..<rows).map { row in (0..<columns).map { row * columns + $0 } }
  }
}
