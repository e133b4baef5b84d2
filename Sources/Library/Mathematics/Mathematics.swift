import Differentiation
import Language
import Learning

extension Catalog {
  /// One function for each element-wise primitive of one operand: what can be trained can be
  /// called, with the same name and the same kernel.
  static let elementwiseFunctions: [BuiltinFunction] = [
    elementwise(.sqrt, "sqrt [9, 2]", "[3, 1.41421356]"),
    elementwise(.abs, "abs [-3, 2]", "[3, 2]"),
    elementwise(.exp, "exp 1", "2.71828183"),
    elementwise(.log, "log e", "1"),
    elementwise(.log2, "log2 8", "3"),
    elementwise(.log10, "log10 1000", "3"),
    elementwise(.sin, "sin(pi/2)", "1"),
    elementwise(.cos, "cos 0", "1"),
    elementwise(.tan, "tan(pi/4)", "1"),
    elementwise(.asin, "asin 1", "1.57079633"),
    elementwise(.acos, "acos 1", "0"),
    elementwise(.atan, "atan 1", "0.785398163"),
    elementwise(.sinh, "sinh 1", "1.17520119"),
    elementwise(.cosh, "cosh 1", "1.54308063"),
    elementwise(.erf, "erf 1", "0.842700793"),
    elementwise(.floor, "floor [1.7, -1.2]", "[1, -2]"),
    elementwise(.ceil, "ceil [1.2, -1.7]", "[2, -1]"),
    elementwise(.round, "round [1.4, 2.6]", "[1, 3]"),
  ]

  private static func elementwise(
    _ primitive: Primitive, _ code: String, _ output: String
  ) -> BuiltinFunction {
    var scalar: (@Sendable (Double) -> Double)?
    if case .one(let function)? = primitive.scalar { scalar = function }
    return BuiltinFunction(
      primitive.name, aliases: primitive.name == "log" ? ["ln"] : [], .mathematics,
      primitive.summary,
      parameters: [numeric.parameter], examples: [.init(code, prints: output)], scalar: scalar
    ) { arguments throws(Failure) in
      try apply(
        primitive, to: [try arguments(numeric)], names: [arguments.given(numeric)?.name],
        at: arguments.range(of: numeric))
    }
  }

  static let mathematicsFunctions: [BuiltinFunction] = [
    reduction(
      "sum", "Adds up all elements, or those along an axis.",
      examples: [.init("sum [1, 2, 3]", prints: "6"), .init("sum []", prints: "0")],
      ofNothing: 0
    ) { .sum(axis: $0) },
    reduction(
      "mean", "The mean of all elements, or of those along an axis.",
      examples: [.init("mean [1, 2, 6]", prints: "3")]
    ) { .mean(axis: $0) },
    extremum("max", "The largest element, or the larger of several values by element.", .maximum) {
      .max(axis: $0)
    },
    extremum("min", "The smallest element, or the smaller of several values by element.", .minimum)
    { .min(axis: $0) },
    statistic("prod", "The product of all elements.", "24", ofNothing: 1, product),
    statistic(
      "var", "The variance: the mean squared distance from the mean.", "0.666666667", variance),
    statistic("std", "The standard deviation: the root of the variance.", "0.816496581") {
      value, arguments throws(Failure) in
      // The length of all distances does not overflow where their squares do.
      let length = try apply(.norm, to: [try distances(value, arguments)], at: arguments.range)
      let count = Double(value.shape?.count ?? 1)
      return try apply(.divide, to: [length, .number(count.squareRoot())], at: arguments.range)
    },
    position("argmax", "The index of the largest element, or of each row's.") { $0 > $1 },
    position("argmin", "The index of the smallest element, or of each row's.") { $0 < $1 },
    BuiltinFunction(
      "norm", .mathematics, "The Euclidean length: the root of the sum of squares.",
      parameters: [numeric.parameter], examples: [.init("norm [3, 4]", prints: "5")]
    ) { arguments throws(Failure) in
      try apply(
        .norm, to: [try arguments(numeric)], names: [arguments.given(numeric)?.name],
        at: arguments.range)
    },
    BuiltinFunction(
      "logsumexp", .mathematics,
      "The logarithm of the sum of exponentials, of a matrix by row, where exp itself would overflow.",
      parameters: [numeric.parameter],
      examples: [.init("logsumexp [1000, 1000]", prints: "1000.69315")]
    ) { arguments throws(Failure) in
      try apply(
        .logSumExp, to: [try arguments(numeric)], names: [arguments.given(numeric)?.name],
        at: arguments.range(of: numeric))
    },
    BuiltinFunction(
      "log_softmax", .mathematics,
      "The logarithm of softmax, row by row, where a probability itself would be 0.",
      parameters: [numeric.parameter],
      examples: [.init("log_softmax [1000, 0]", prints: "[0, -1000]")]
    ) { arguments throws(Failure) in
      let value = try arguments(numeric)
      let z = node(value, name: arguments.given(numeric)?.name)
      let result: Node
      do throws(ShapeError) {
        result = try z - z.applying(.logSumExp).asColumn(beside: z)
      } catch { throw Failure(error.message, at: arguments.range(of: numeric)) }
      if case .traced = value { return .traced(result) }
      return result.value.map { Value($0) } ?? .nothing
    },
    BuiltinFunction(
      "where", .mathematics, "Takes a where the condition holds and b elsewhere, by element.",
      traits: .choosesByCondition,
      parameters: [condition.parameter, first.parameter, second.parameter],
      examples: [.init("where([1, -2] > 0, 1, 0)", prints: "[1, 0]")]
    ) { arguments throws(Failure) in
      let condition = try arguments(condition)
      let (a, b) = (try arguments(first), try arguments(second))
      if case .truth(let truth) = condition {
        let (chosen, other) = truth ? (a, b) : (b, a)
        guard case .traced(let node) = other else { return chosen }
        return try chosen.chosen(over: [node], at: arguments.range)
      }
      for (key, value) in [(first, a), (second, b)] where !value.isNumeric {
        throw Failure(
          "where chooses among numbers by element", at: arguments.range(of: key),
          label: value.kind, help: ["if c { a } else { b } chooses among any values"])
      }
      return try apply(
        .choose, to: [condition, a, b],
        names: [nil, arguments.given(first)?.name, arguments.given(second)?.name],
        at: arguments.range)
    },
    BuiltinFunction(
      "any", .mathematics, "Whether some element is not 0.",
      parameters: [truths.parameter], examples: [.init("any([0, 2] > 1)", prints: "true")]
    ) { arguments throws(Failure) in .truth(try truthElements(arguments).contains(true)) },
    BuiltinFunction(
      "all", .mathematics, "Whether no element is 0.",
      parameters: [truths.parameter], examples: [.init("all([1, 2] > 1)", prints: "false")]
    ) { arguments throws(Failure) in .truth(!(try truthElements(arguments).contains(false))) },
    BuiltinFunction(
      "eq", .mathematics, "1 where two values are equal element by element, else 0.",
      parameters: [left.parameter, right.parameter],
      examples: [.init("eq([1, 2], [1, 3])", prints: "[1, 0]")]
    ) { arguments throws(Failure) in
      try apply(
        .equal, to: [try arguments(left).plain, try arguments(right).plain], at: arguments.range)
    },
    BuiltinFunction(
      "cumsum", .mathematics, "The running sums of a vector.",
      parameters: [vector.parameter], examples: [.init("cumsum [1, 2, 3]", prints: "[1, 3, 6]")]
    ) { arguments throws(Failure) in
      try apply(.cumulativeSum, to: [try arguments(vector)], at: arguments.range)
    },
  ]

  private static let numeric = Key.any("x", .numeric, "A number, vector or matrix.")
  private static let vector = Key.any("x", .vector, "A vector.")
  private static let condition = Key.any("c", .either([.truth, .numeric]), "0 or 1 by element.")
  private static let first = Key.any("a", "The value where c holds.")
  private static let second = Key.any("b", "The value elsewhere.")
  private static let left = Key.any("a", .numeric, "A number, vector or matrix.")
  private static let right = Key.any("b", .numeric, "Another.")
  private static let truths = Key.any("x", .either([.truth, .numeric]), "Elements.")
  private static let axis = Key.wholeNumber(
    "axis", .absent, in: 1...2, "1: over the rows, one result a column; 2: over the columns.")
  private static let further = Parameter("x", .numeric, "A number, vector or matrix.")

  private static func truthElements(_ arguments: Arguments) throws(Failure) -> [Bool] {
    let value = try arguments(truths)
    if case .truth(let truth) = value { return [truth] }
    guard let tensor = value.tensor else {
      throw notKnownYet(
        at: arguments.range, help: ["max(c) and min(c) of comparisons are 1 where any or all hold"])
    }
    return tensor.elements.map { $0 != 0 }
  }

  private static func requestedAxis(_ arguments: Arguments) throws(Failure) -> Axis {
    try arguments.optional(axis).flatMap { Axis(rawValue: $0) } ?? .all
  }

  private static func reduction(
    _ name: String, _ summary: String, examples: [BuiltinFunction.Example],
    ofNothing: Double? = nil, _ primitive: @escaping @Sendable (Axis) -> Primitive
  ) -> BuiltinFunction {
    BuiltinFunction(
      name, .mathematics, summary, parameters: [numeric.parameter, axis.parameter],
      examples: examples
    ) { arguments throws(Failure) in
      let value = try arguments(numeric)
      if value.shape?.count == 0 {
        if let ofNothing { return .number(ofNothing) }
        throw Failure("\(name) of nothing: it is empty", at: arguments.range(of: numeric))
      }
      return try apply(
        primitive(try requestedAxis(arguments)), to: [value],
        names: [arguments.given(numeric)?.name], at: arguments.range(of: numeric))
    }
  }

  private static func extremum(
    _ name: String, _ summary: String, _ pair: Primitive,
    _ primitive: @escaping @Sendable (Axis) -> Primitive
  ) -> BuiltinFunction {
    BuiltinFunction(
      name, .mathematics, summary, parameters: [axis.parameter], rest: further,
      examples: [
        .init("\(name) [3, 1, 2]", prints: name == "max" ? "3" : "1"),
        .init("\(name)(0, [-1, 2])", prints: name == "max" ? "[0, 2]" : "[-1, 0]"),
      ]
    ) { arguments throws(Failure) in
      guard let first = arguments.rest.first else {
        throw Failure("\(name) needs at least one value", at: arguments.range)
      }
      if arguments.rest.count == 1 {
        guard first.value.shape?.count != 0 else {
          throw Failure("\(name) of nothing: it is empty", at: first.range)
        }
        return try apply(
          primitive(try requestedAxis(arguments)), to: [first.value], names: [first.name],
          at: first.range)
      }
      var result = first.value
      for next in arguments.rest.dropFirst() {
        result = try apply(
          pair, to: [result, next.value], names: [first.name, next.name], at: arguments.range)
      }
      return result
    }
  }

  /// A number made of all elements.
  private static func statistic(
    _ name: String, _ summary: String, _ output: String, ofNothing: Double? = nil,
    _ compute: @escaping @Sendable (Value, Arguments) throws(Failure) -> Value
  ) -> BuiltinFunction {
    BuiltinFunction(
      name, .mathematics, summary, parameters: [numeric.parameter],
      examples: [.init("\(name) [2, 3, 4]", prints: output)]
    ) { arguments throws(Failure) in
      let value = try arguments(numeric)
      if value.shape?.count == 0 {
        guard let ofNothing else {
          throw Failure("\(name) of nothing: it is empty", at: arguments.range(of: numeric))
        }
        return .number(ofNothing)
      }
      return try compute(value, arguments)
    }
  }

  @Sendable private static func product(
    _ value: Value, _ arguments: Arguments
  ) throws(Failure) -> Value {
    guard case .traced(let node) = value else {
      return .number(value.tensor?.elements.reduce(1, *) ?? 1)
    }
    let row = try apply(
      .reshape(to: .vector(node.shape.count)), to: [value], at: arguments.range)
    var product = Value.number(1)
    for element in try elements(of: row, at: arguments.range) {
      try arguments.runtime.countRound(at: arguments.range)
      product = try apply(.multiply, to: [product, element], at: arguments.range)
    }
    return product
  }

  @Sendable private static func variance(
    _ value: Value, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let distance = try distances(value, arguments)
    let square = try apply(.multiply, to: [distance, distance], at: arguments.range)
    return try apply(.mean(), to: [square], at: arguments.range)
  }

  /// The distance of each element from the mean.
  private static func distances(
    _ value: Value, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let mean = try apply(.mean(), to: [value], at: arguments.range)
    return try apply(.subtract, to: [value, mean], at: arguments.range)
  }

  private static func position(
    _ name: String, _ summary: String, _ isBetter: @escaping @Sendable (Double, Double) -> Bool
  ) -> BuiltinFunction {
    BuiltinFunction(
      name, .mathematics, summary, parameters: [numeric.parameter],
      examples: [.init("\(name) [3, 1, 2]", prints: name == "argmax" ? "1" : "2")]
    ) { arguments throws(Failure) in
      let value = try arguments(numeric)
      guard let tensor = value.tensor else { throw arguments.unrecorded(at: arguments.range) }
      guard !tensor.elements.isEmpty else {
        throw Failure("\(name) of nothing: it is empty", at: arguments.range(of: numeric))
      }
      // Where an element is no number, that is the extreme, as it is for max and min.
      func best(_ elements: ArraySlice<Double>) -> Double {
        if let odd = elements.firstIndex(where: { $0.isNaN }) {
          return Double(odd - elements.startIndex + 1)
        }
        var best = elements.startIndex
        for place in elements.indices where isBetter(elements[place], elements[best]) {
          best = place
        }
        return Double(best - elements.startIndex + 1)
      }
      guard case .matrix(let rows, let columns) = tensor.shape else {
        return .number(best(tensor.elements[...]))
      }
      return .tensor(
        Tensor(
          vector: (0..<rows).map { best(tensor.elements[$0 * columns..<($0 + 1) * columns]) }))
    }
  }
}
