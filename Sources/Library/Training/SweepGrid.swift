import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let sweepFunction = BuiltinFunction(
    "sweep", .training,
    "Trains copies of a net with every combination of the options that are given as lists.",
    traits: .endsByItself,
    parameters: [net.parameter, TrainArgument.heldData.parameter]
      + TrainingOption.all.map { $0.isSweepable ? $0.parameter.withAlternatives : $0.parameter }
      + [
        TrainArgument.until.parameter, VariantSeeds.key.parameter, sweepIsQuiet.parameter,
        preparedOption.parameter,
      ],
    passesOptions: true,
    examples: [
      .init(
        "net = mlp [2,4,1] tanh sigmoid; s = sweep net moons lr=[0.01, 0.1, 1] optimizer=[sgd, adam] epochs=20; print length s.runs, s.best.options.lr",
        prints: "6 0.1"),
      .init(
        "s = sweep (h -> mlp [2,h,1] tanh sigmoid) moons h=[1, 8] epochs=100 lr=1; print s.best.net.sizes",
        prints: "[2, 8, 1]"),
      .init(
        "s = sweep (mlp [2,4,1] tanh sigmoid) moons lr=[0.1, 1] seeds=5 epochs=20; print length s.runs, length s.losses, min s.losses_sd > 0",
        prints: "10 2 true"),
    ]
  ) { arguments throws(Failure) in
    try SweepRun(SweepGrid(arguments), arguments).report()
  }

  private static let net = Key.any(
    "net", .either([.network, .function]),
    "The net, or a function of further options that makes one: (h -> mlp [2,h,1] tanh sigmoid).")
  static let sweepIsQuiet = Key.truth(
    "quiet", .truth(false), "Whether to show no progress on a terminal.")
}

/// The options with several values, in the order in which they are written: the last one changes
/// fastest.
struct SweepGrid {
  struct Axis {
    let name: String
    let values: [Value]
    let range: SourceRange
    /// Whether it is an argument of the function that makes the net.
    let isOfNet: Bool
  }

  /// Options with one value are none of them.
  let axes: [Axis]
  /// The arguments of the function that makes the net that have one value.
  let fixed: [Axis]
  /// With how many seeds each combination is trained; nil where nets keep the weights that they have.
  let seeds: VariantSeeds?
  /// Trainings, all seeds included.
  let count: Int

  init(_ arguments: Arguments) throws(Failure) {
    seeds = try VariantSeeds(arguments)
    var all: [Axis] = []
    for (parameter, argument) in zip(arguments.function.parameters, arguments.bound) {
      guard case .alternatives = parameter.kind, let argument, let values = argument.value.parts
      else { continue }
      all.append(
        Axis(name: parameter.name, values: values, range: argument.range, isOfNet: false))
    }
    let maker: Function? =
      if case .function(let function)? = arguments.bound[0]?.value { function } else { nil }
    for (name, argument) in arguments.options {
      guard let maker, maker.parameterNames.contains(name.text) else {
        throw arguments.runtime.unknownOption(
          name, of: arguments.function, besides: maker?.parameterNames ?? [],
          among: arguments.bound.compactMap { $0?.name })
      }
      all.append(
        Axis(
          name: name.text, values: argument.value.parts ?? [argument.value], range: argument.range,
          isOfNet: true))
    }
    all.sort { $0.range.start < $1.range.start }
    axes = all.filter { $0.values.count > 1 }
    fixed = all.filter { $0.values.count == 1 && $0.isOfNet }
    var count = 1
    for axis in axes {
      count = count.multipliedReportingOverflow(by: axis.values.count).partialValue
      guard count > 0, count <= VariantSeeds.mostTrainings else {
        throw Failure(
          "these lists make more than \(VariantSeeds.mostTrainings) trainings", at: axis.range,
          label: "\(axis.values.count) values", help: ["sweep fewer options at a time"])
      }
    }
    guard !axes.isEmpty || seeds != nil else {
      throw Failure(
        "nothing varies: sweep takes lists of values", at: arguments.range,
        help: [
          "sweep net data lr=[0.01, 0.1, 1] optimizer=[sgd, adam] epochs=50",
          "sweep net data seeds=20",
        ])
    }
    self.count = try seeds?.trainings(of: count, arguments) ?? count
  }

  /// The place of a training's combination, counted from 0.
  func place(of number: Int) -> Int { seeds?.variant(of: number) ?? number }

  /// The seed of a training's weights and shuffling; nil where it has none of its own.
  func seed(of number: Int) -> Int? { seeds?.seed(of: number) }

  /// One value for each axis of a training.
  func combination(_ number: Int) -> [(axis: Axis, value: Value)] {
    var rest = place(of: number)
    var chosen: [(axis: Axis, value: Value)] = []
    for axis in axes.reversed() {
      chosen.append((axis, axis.values[rest % axis.values.count]))
      rest /= axis.values.count
    }
    return chosen.reversed()
  }
}
