import Differentiation
import Explanation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let landscapeFunction = BuiltinFunction(
    "landscape", .pictures,
    "The loss over two weights, or a function of two numbers: with the way of a training, or of steps of descent.",
    parameters: [
      subject.parameter, data.parameter, first.parameter, second.parameter, steps.parameter,
      rate.parameter, span.parameter, FunctionLandscape.start.parameter,
      FunctionLandscape.path.parameter, lossOption.parameter, preparedOption.parameter,
    ] + PictureOption.parameters,
    examples: [
      .init(
        "landscape (mlp [2,1] sigmoid) xor to=\"picture.svg\"", prints: "picture.svg is written")
    ]
  ) { arguments throws(Failure) in
    if case .function(let function) = try arguments(subject) {
      let surface = try FunctionLandscape(
        of: function, arguments, at: arguments.range(of: subject))
      return try arguments.drawn(
        surface.picture(
          steps: arguments(steps), rate: arguments(rate), span: arguments.optional(span)))
    }
    let (network, run) = try subject(arguments)
    let data =
      if arguments.given(data) == nil, let table = run?.data.table {
        table
      } else {
        try arguments.data(network, arguments.given(data))
      }
    // A run's own way is drawn over what it minimised.
    var objective = run?.options.objective ?? Objective()
    if let loss = try arguments.loss(lossOption) { objective.loss = loss }
    if run?.data.table != data { objective.sampleWeights = nil }
    let surface = objective
    let (names, places) = try weights(of: network, arguments)
    // The net itself stays where it is.
    let walker = network.copy()
    let path =
      if let run {
        try path(of: run, places, arguments)
      } else {
        try descent(walker, on: data, surface, places, arguments)
      }
    let room = try arguments.optional(span)
    func axis(_ name: String, _ values: [Double]) -> PlotAxis {
      let low = values.min() ?? 0
      let high = values.max() ?? 0
      let middle = low / 2 + high / 2
      let half = room ?? max(0.75 * (high - low), 0.5 * abs(middle), 1)
      return PlotAxis(name, from: middle - half, to: middle + half)
    }
    let (x, y) = (axis(names.0, path.map { $0.x }), axis(names.1, path.map { $0.y }))
    let (columns, rows) = (40, 30)
    let progress = WorkProgress(arguments.session)
    defer { progress.end() }
    var values: [Double] = []
    for row in 0..<rows {
      if arguments.runtime.isStopped() { throw .interrupted }
      progress.show("row", row, of: rows)
      for column in 0..<columns {
        let point = Point(
          x.value(at: (Double(column) + 0.5) / Double(columns)),
          y.value(at: (Double(row) + 0.5) / Double(rows)))
        values.append(
          try arguments.mappingErrors { () throws(LearningError) in
            try places.put(point, into: walker)
            return try walker.loss(on: data, surface)
          })
      }
    }
    var picture = LossLandscape.picture(
      title: "loss of \(network.title) on \(data.title)", x: x, y: y, columns: columns, rows: rows,
      values: values, path: path.count > 1 ? path : [])
    if network.count > 2, path.count > 1 {
      picture.notes.append("the other weights are those at the end of the path")
    }
    return try arguments.drawn(picture)
  }

  private static let subject = Key.any(
    "net", .either([.run, .network, .function]),
    "The net, which goes downhill from where it is, a run, whose own way is drawn, or a function of two numbers."
  )
  private static let data = Key<DataSet>.lastData()
  private static let first = Key.bareWord(
    "across", .absent, "The weight across: \"W1[1,1]\"; the first where left out.")
  private static let second = Key.bareWord("up", .absent, "The weight upwards: \"W1[1,2]\".")
  private static let steps = Key.wholeNumber(
    "steps", .number(50), in: 0...100_000, "Steps of descent, on a copy of a net.")
  private static let rate = Key.number(
    "lr", .number(0.5), from: 0, aliases: TrainingOption.rateNames,
    "The learning rate of the steps.")
  private static let span = Key.number(
    "span", .absent, from: 0, aboveLow: true, "How far to look to each side.")

  private static func subject(
    _ arguments: Arguments
  ) throws(Failure) -> (network: Network, run: TrainingRun?) {
    switch try arguments(subject) {
    case .run(let run): return (run.network, run)
    case .network(let network): return (network, nil)
    default:
      throw Failure(
        "landscape needs a net, a run or a function of two numbers",
        at: arguments.range(of: subject))
    }
  }

  /// Points of a way that are drawn at most.
  private static let mostPoints = 2000

  /// Where the two weights were before a training and after each of its epochs.
  private static func path(
    of run: TrainingRun, _ places: Pair, _ arguments: Arguments
  ) throws(Failure) -> [Point] {
    let interval = run.epochs.count / mostPoints + 1
    let progress = WorkProgress(arguments.session)
    defer { progress.end() }
    var path: [Point] = []
    var seen = 0
    try arguments.mappingErrors { () throws(LearningError) in
      try run.retraced(isStopped: arguments.runtime.stopsTraining) {
        network throws(LearningError) in
        if seen % interval == 0 { path.append(places.point(in: network)) }
        progress.show("epoch", seen, of: run.epochs.count)
        seen += 1
      }
    }
    if arguments.runtime.isStopped() { throw .interrupted }
    return path
  }

  private static func descent(
    _ walker: Network, on data: DataSet, _ objective: Objective, _ places: Pair,
    _ arguments: Arguments
  ) throws(Failure) -> [Point] {
    var path = [places.point(in: walker)]
    let rate = try arguments(rate)
    let count = try arguments(steps)
    let progress = WorkProgress(arguments.session)
    defer { progress.end() }
    for step in 0..<count {
      if arguments.runtime.isStopped() { throw .interrupted }
      progress.show("step", step, of: count)
      _ = try arguments.mappingErrors(walker.descend(on: data, rate: rate, objective))
      path.append(places.point(in: walker))
    }
    return path
  }

  /// Where two numbers of a net are kept.
  private struct Pair {
    let x: (parameter: String, index: Int)
    let y: (parameter: String, index: Int)

    func point(in network: Network) -> Point {
      func value(_ place: (parameter: String, index: Int)) -> Double {
        network.parameters.first { $0.name == place.parameter }?.value.elements[place.index] ?? 0
      }
      return Point(value(x), value(y))
    }

    func put(_ point: Point, into network: Network) throws(LearningError) {
      for (place, value) in [(x, point.x), (y, point.y)] {
        var tensor = try network.value(of: place.parameter)
        tensor.elements[place.index] = value
        try network.set(place.parameter, to: tensor)
      }
    }
  }

  private static func weights(
    of network: Network, _ arguments: Arguments
  ) throws(Failure) -> ((String, String), Pair) {
    var all: [(parameter: String, index: Int)] = []
    for parameter in network.parameters {
      all += parameter.value.elements.indices.prefix(2).map { (parameter.name, $0) }
    }
    func place(
      _ key: Key<String>, or standard: Int
    ) throws(Failure) -> (name: String, (parameter: String, index: Int)) {
      if let text = try arguments.optional(key) {
        let place = try parameterPlace(text, of: network, at: arguments.range(of: key))
        let columns = network.layers[place.layer - 1].inputs
        let index = place.source.map { (place.unit - 1) * columns + $0 - 1 } ?? place.unit - 1
        return (text, (place.parameter, index))
      }
      guard standard < all.count else {
        throw Failure("a landscape needs two weights", at: arguments.range)
      }
      let (parameter, index) = all[standard]
      let tensor = try arguments.mappingErrors(network.value(of: parameter))
      let name =
        if case .matrix(_, let columns) = tensor.shape {
          "\(parameter)[\(index / columns + 1),\(index % columns + 1)]"
        } else {
          "\(parameter)[\(index + 1)]"
        }
      return (name, (parameter, index))
    }
    let across = try place(first, or: 0)
    let up = try place(second, or: arguments.given(first) == nil ? 1 : 0)
    guard across.1.parameter != up.1.parameter || across.1.index != up.1.index else {
      throw Failure("a landscape needs two different weights", at: arguments.range(of: second))
    }
    return ((across.name, up.name), Pair(x: across.1, y: up.1))
  }
}
