import Differentiation
import Language
import Learning
import Syntax

extension Catalog {
  /// Data sets made of a function of the plane, of other columns, or of several data sets.
  static let dataShapingFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "grid", .data, "Points of the plane, classed by a condition on x and y.",
      parameters: [condition.parameter, count.parameter, reach.parameter, seed.parameter],
      examples: [
        .init(
          "d = grid ((x, y) -> x^2 + y^2 < 1) n=50; print d.n, d.classes",
          prints: "50 [0, 1]")
      ]
    ) { arguments throws(Failure) in
      let condition = try arguments(condition)
      let reach = try arguments(reach)
      var random = RandomSource(
        seed: try arguments.optional(seed) ?? 1, stream: "data grid")
      var points: [Double] = []
      var numbers: [Int] = []
      for _ in 0..<(try arguments(count)) {
        let (x, y) = (
          random.uniform(from: -reach, to: reach), random.uniform(from: -reach, to: reach)
        )
        let range = arguments.range(of: Self.condition)
        let answer = try arguments.runtime.call(condition, [.number(x), .number(y)], at: range)
        guard case .truth(let holds) = answer else {
          throw Failure(
            "the condition of grid answers true or false", at: range, label: "gave \(answer.kind)")
        }
        points += [x, y]
        numbers.append(holds ? 2 : 1)
      }
      return .data(
        try arguments.mappingErrors(
          DataSet(
            title: "grid", x: Tensor(.matrix(numbers.count, 2), points),
            target: .classes(numbers: numbers, names: ["0", "1"]))))
    },
    BuiltinFunction(
      "derive", .data, "The data with one more feature, a function of features by their names.",
      parameters: [data.parameter, name.parameter, function.parameter],
      examples: [
        .init(
          "d = derive (data [[1,2],[3,4]] [0,1]) \"r\" ((x1, x2) -> x1^2 + x2^2); print d.x[2]",
          prints: "[3, 4, 25]")
      ]
    ) { arguments throws(Failure) in
      let data = try arguments(data)
      let function = try arguments(function)
      let range = arguments.range(of: Self.function)
      let places = try function.parameterNames.map { name throws(Failure) in
        guard let place = data.featureNames.firstIndex(of: name) else {
          throw Failure(
            "there is no feature \(name)", at: range,
            help: ["its features: \(data.featureNames.prefix(12).joined(separator: ", "))"])
        }
        return place
      }
      var column: [Double] = []
      for row in 0..<data.count {
        try arguments.runtime.countRound(at: arguments.range)
        let values = places.map { Value.number(data.x.elements[row * data.featureCount + $0]) }
        let answer = try arguments.runtime.call(function, values, at: range)
        guard let number = answer.number else {
          throw Failure("a feature is a number", at: range, label: "gave \(answer.kind)")
        }
        column.append(number)
      }
      let name = try arguments(name)
      return .data(try arguments.mappingErrors(data.adding(name, column)))
    },
    BuiltinFunction(
      "features", .data, "The data with only some of its features, by name, in that order.",
      parameters: [data.parameter, chosen.parameter],
      examples: [
        .init("d = features (data [[1,2],[3,4]] [0,1]) [\"x2\"]; print d.x[2]", prints: "[4]")
      ]
    ) { arguments throws(Failure) in
      let data = try arguments(data)
      guard data.pipeline == nil else {
        throw Failure(
          "features are chosen before the data are prepared", at: arguments.range(of: Self.data),
          label: "went through \(data.pipeline?.title ?? "")")
      }
      let places = try arguments.texts(chosen).map { name throws(Failure) in
        guard let place = data.featureNames.firstIndex(of: name) else {
          throw Failure(
            "there is no feature \(name)", at: arguments.range(of: chosen),
            help: ["its features: \(data.featureNames.prefix(12).joined(separator: ", "))"])
        }
        return place
      }
      guard !places.isEmpty else {
        throw Failure("no feature is named", at: arguments.range(of: chosen))
      }
      return .data(data.selectingFeatures(places))
    },
    BuiltinFunction(
      "stack", .data, "The rows of two data sets, one after the other.",
      parameters: [data.parameter, other.parameter],
      examples: [.init("print (stack circles circles).n", prints: "200")]
    ) { arguments throws(Failure) in
      let (first, second) = (try arguments(data), try arguments(other))
      return .data(try arguments.mappingErrors(first.joined(second)))
    },
  ]

  private static let data = Key.data()
  private static let other = Key<DataSet>(
    Parameter("other", .data, "Data with the same columns.")
  ) { if case .data(let data) = $0 { data } else { nil } }
  private static let condition = Key.function("condition", "Of x and y, true or false.")
  private static let count = Key.wholeNumber(
    "n", .number(200), in: 1...10_000_000, "How many points.")
  private static let reach = Key.number(
    "range", .number(1.5), from: 0, aboveLow: true, "Both coordinates lie between -range and range."
  )
  private static let seed = Key.wholeNumber("seed", .absent, "Where the drawing starts.")
  private static let name = Key.string("name", "What the new feature is called.")
  private static let function = Key.function("f", "Its parameters are names of features.")
  private static let chosen = Key.any("names", .either([.string, .list]), "Names of features.")
}
