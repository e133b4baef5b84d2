import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  /// One function for each generator.
  static let generatorFunctions: [BuiltinFunction] = DataGenerator.all.map { generator in
    let name = generator.name
    return function(of: generator) { () throws(LearningError) in
      try DataGenerator.required(name, as: .data)
    }
  }

  /// A generator as a function of its settings: `circles n=500 noise=0.1`.
  /// - Parameter find: gives the same generator at every call.
  package static func function(
    of generator: DataGenerator, find: @escaping @Sendable () throws(LearningError) -> DataGenerator
  ) -> BuiltinFunction {
    let (name, settings) = (generator.name, generator.settings)
    return BuiltinFunction(
      name, aliases: generator.aliases, .data, generator.summary,
      parameters: settings.map { $0.asArgument },
      examples: [
        .init(
          "print (\(name)()).n",
          prints: (try? find()).map { String($0.generated().count) } ?? "")
      ]
    ) { arguments throws(Failure) in
      let named = arguments.namedSettings(settings)
      return .data(
        try arguments.mappingErrors(find().configured(named: named).generated()))
    }
  }

  static let dataFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "data", .data,
      "A data set of a matrix of samples and their targets: numbers, or a label for each sample.",
      parameters: [
        samples.parameter, targets.parameter, featureNames.parameter, categories.parameter,
      ],
      examples: [
        .init("d = data [[0,0],[1,1]] [0,1]; print d.n", prints: "2"),
        .init(
          "print (data [[0],[1],[2]] [\"low\",\"high\",\"low\"]).classes",
          prints: "[\"high\", \"low\"]"),
      ]
    ) { arguments throws(Failure) in
      let x = try arguments(samples)
      if let labels = try arguments.labels(
        try arguments(targets), at: arguments.range(of: targets))
      {
        return .data(try labelled(x, labels, arguments))
      }
      let t = try arguments(targets).tensor ?? Tensor(vector: [])
      func rows(_ tensor: Tensor) -> Tensor {
        tensor.shape.rank == 2 ? tensor : Tensor(.matrix(tensor.shape.count, 1), tensor.elements)
      }
      if t.shape.rank < 2, x.shape.count != t.shape.count || x.shape.rank == 2 {
        try refuseDoubt(x, t, arguments)
      }
      let (inputs, outputs) = (rows(x), rows(t))
      let columns = try arguments.optional(featureNames)?.compactMap { name -> String? in
        if case .string(let text) = name { text } else { nil }
      }
      // Names for all columns name the targets as well.
      let names = columns ?? []
      let width = inputs.shape.columns
      let namesTargets = names.count == width + outputs.shape.columns
      let data = try arguments.mappingErrors(
        DataSet(
          x: inputs, target: .values(outputs),
          featureNames: namesTargets ? Array(names.prefix(width)) : names,
          targetNames: namesTargets ? Array(names.dropFirst(width)) : []))
      return .data(try arguments.categorized(data, categories))
    },
    BuiltinFunction(
      "split", .data, "Two parts of a data set, drawn at random: the fraction and the rest.",
      parameters: [data.parameter, fraction.parameter, seed.parameter, stratified.parameter],
      examples: [.init("a, b = split circles 0.8; print a.n, b.n", prints: "80 20")]
    ) { arguments throws(Failure) in
      let data = try arguments(data)
      let (fraction, isStratified) = (try arguments(fraction), try arguments(stratified))
      let seed = try arguments.optional(seed) ?? arguments.session.seed
      let parts = try arguments.mappingErrors(
        data.split(fraction: fraction, seed: seed, stratified: isStratified))
      return .list([.data(parts.first), .data(parts.second)])
    },
    BuiltinFunction(
      "shuffle", .data, "The rows of a data set in random order.",
      parameters: [data.parameter, seed.parameter],
      examples: [.init("d = shuffle circles; print d.n, d.x == circles.x", prints: "100 false")]
    ) { arguments throws(Failure) in
      let data = try arguments(data)
      let seed = try arguments.optional(seed) ?? arguments.session.seed
      return .data(try arguments.mappingErrors(data.shuffled(seed: seed)))
    },
  ]

  /// A data set of samples with a label each.
  private static func labelled(
    _ x: Tensor, _ labels: [String], _ arguments: Arguments
  ) throws(Failure) -> DataSet {
    let isOneSample = x.shape.rank < 2 && labels.count == 1
    let inputs =
      x.shape.rank == 2
      ? x : Tensor(isOneSample ? .matrix(1, x.shape.count) : .matrix(x.shape.count, 1), x.elements)
    let names = try arguments.optional(featureNames)?.compactMap { name -> String? in
      if case .string(let text) = name { text } else { nil }
    }
    let columns = names ?? []
    let width = inputs.shape.columns
    let namesTarget = columns.count == width + 1
    let target = DataSet.Target.classes(
      numbers: try arguments.mappingErrors(classNumbers(of: labels, in: classOrder(Set(labels)))),
      names: classOrder(Set(labels)))
    let data = try arguments.mappingErrors(
      DataSet(
        x: inputs, target: target,
        featureNames: namesTarget ? Array(columns.prefix(width)) : columns,
        targetNames: namesTarget ? Array(columns.dropFirst(width)) : []))
    let result = try arguments.categorized(data, categories)
    if result.classes == data.classes { arguments.noteClasses(of: data) }
    return result
  }

  /// A vector beside another of a different length is one sample or a row too few: that is not guessed.
  private static func refuseDoubt(
    _ x: Tensor, _ t: Tensor, _ arguments: Arguments
  ) throws(Failure) {
    let (rows, targets) = (x.shape.rows, t.shape.count)
    guard x.shape.rank < 2 || rows != targets else { return }
    func row(_ tensor: Tensor, _ argument: BoundArgument?) -> String {
      if let name = argument?.name { return tensor.shape.rank == 2 ? name : "[\(name)]" }
      guard tensor.shape.count <= 16 else { return "[[…]]" }
      let numbers = tensor.elements.map { arguments.session.style.text($0) }
      return "[[\(numbers.joined(separator: ", "))]]"
    }
    let places: [(range: SourceRange, text: String)] = [
      (arguments.range(of: Self.samples), counted(x.shape.count, "number")),
      (arguments.range(of: Self.targets), counted(targets, "number")),
    ]
    let one =
      "data \(row(x, arguments.given(Self.samples))) \(row(t, arguments.given(Self.targets)))"
    guard x.shape.rank < 2 else {
      throw arguments.failure(
        rows == 1
          ? "there is 1 sample, but there are \(counted(targets, "target"))"
          : "there are \(counted(rows, "sample")) but \(counted(targets, "target"))",
        [(places[0].range, counted(rows, "row")), places[1]],
        help: rows == 1 ? ["the targets of one sample are one row: write \(one)"] : [])
    }
    let several = counted(x.shape.count, "sample")
    throw arguments.failure(
      x.shape.count == 1
        ? "this is one sample with \(counted(targets, "target")), or \(counted(targets - 1, "sample")) too few"
        : "this can be read as one sample or as \(several) with \(counted(targets, "target"))",
      places,
      help: [
        "for one sample, write \(one)",
        "\(several) of one feature need \(counted(x.shape.count, "target"))",
      ])
  }

  private static let samples = Key.numeric("X", "One row a sample.")
  private static let targets = Key<Value>(
    Parameter("T", .either([.numeric, .list]), "One row, number or label a sample.")
  ) { $0.plain }
  private static let categories = Key<Value>(
    Parameter(
      "categories", .either([.truth, .list, .string]), .absent,
      "Makes classes of whole numbers: true, or the labels in the order of the outputs; or names of columns, as in csv."
    )
  ) { $0 }
  private static let featureNames = Key.list(
    "names", .absent, "Names of the features, or of features and targets.")
  private static let data = Key.data()
  private static let fraction = Key.number(
    "fraction", .number(0.8), from: 0, to: 1, "The share of the first part.")
  private static let seed = Key.wholeNumber("seed", .absent, "Where the drawing starts.")
  private static let stratified = Key.truth(
    "stratified", .truth(false), "Whether both parts keep the shares of the classes.")
}

extension Parameter {
  /// A setting as a parameter of the function that makes the entry, which itself checks words and
  /// says which there are.
  var asArgument: Parameter {
    guard case .word = kind, case .word(let word) = standard else { return self }
    return Parameter(name, .string, .string(word), aliases: aliases, summary)
  }
}

extension Arguments {
  /// The settings that were given, by name, for the record that checks them.
  func namedSettings(_ settings: [Parameter]) -> [(name: String, value: Parameter.Value)] {
    zip(settings, bound).compactMap { setting, argument in
      if case .traced(let node)? = argument?.value { runtime.droppedHistory.append(node) }
      return switch argument?.value.plain {
      case .number(let number)?: (setting.name, .number(number))
      case .string(let word)?: (setting.name, .word(word))
      default: nil
      }
    }
  }
}
