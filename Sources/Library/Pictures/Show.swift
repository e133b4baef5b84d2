import Differentiation
import Interchange
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let pictureFunctions: [BuiltinFunction] =
    [
      BuiltinFunction(
        "show", .pictures,
        "Draws anything: a net, a net on data, runs, data, a matrix, a vector, a function.",
        parameters: [
          ViewOption.view.parameter, ViewOption.layer.parameter, ViewOption.units.parameter,
          ViewOption.scale.parameter,
        ]
          + [
            ViewOption.domain.parameter, ViewOption.names.parameter, ViewOption.features.parameter,
            drawnSample.parameter, maskOption.parameter, preparedOption.parameter,
          ]
          + PictureOption.parameters,
        rest: Parameter("x", .any, "A net, a net and data, runs, data, a matrix or a function."),
        passesOptions: true,
        examples: [
          .init(
            "show (mlp [2,3,1] tanh sigmoid) to=\"picture.svg\"", prints: "picture.svg is written")
        ]
      ) { arguments throws(Failure) in
        guard let subject = arguments.rest.first else {
          throw Failure(
            "show needs something to show", at: arguments.range,
            help: ["show net", "show net circles", "show run", "show relu"])
        }
        if case .function(let function) = subject.value {
          return try curve(of: function, subject, arguments)
        }
        try refuseOptions(arguments)
        if case .traced(let node) = subject.value, node.shape == .scalar, node.primitive != nil {
          return try computationalGraph(of: node, subject, arguments)
        }
        switch subject.value.plain {
        case .network(let network):
          let others = arguments.rest.dropFirst()
          let seesData = others.first != nil || arguments.given(ViewOption.units) != nil
          let view = try arguments.optional(ViewOption.view)
          if !seesData, arguments.given(maskOption) == nil,
            view == nil || view == "net" || view == "weights"
          {
            return try netPicture(of: network, view, arguments)
          }
          return try netView(
            of: network, on: try arguments.data(network, others.first), view, arguments)
        case .run: return try curves(arguments)
        case .data(let data): return try picture(of: data, arguments)
        case .report(let report):
          guard let picture = report.picture else {
            return try arguments.written(report.title, report.body)
          }
          return try arguments.drawn(picture)
        case .record(let record): return try bars(of: record, arguments)
        case .tensor(let tensor): return try picture(of: tensor, subject.name, arguments)
        case .list(let list):
          if case .run? = list.first(where: { _ in true }) { return try curves(arguments) }
        default: break
        }
        let text = arguments.rest.map { arguments.session.shownText(of: $0.value) }
          .joined(separator: "\n")
        return try arguments.written("value") { _ in TextBlocks([.lines(text)]) }
      }
    ] + plotFunctions + [landscapeFunction, boundaryFunction, pictureFormFunction]

  // MARK: Runs

  private static func curves(_ arguments: Arguments) throws(Failure) -> Value {
    var runs: [(name: String, run: TrainingRun)] = []
    for argument in arguments.rest {
      switch argument.value {
      case .run(let run): runs.append((argument.name ?? "run \(runs.count + 1)", run))
      case .list(let list):
        for value in list {
          guard case .run(let run) = value else { throw onlyRuns(argument) }
          runs.append(("run \(runs.count + 1)", run))
        }
      default: throw onlyRuns(argument)
      }
    }
    let isLogarithmic = try arguments.optional(ViewOption.scale)
    let view = try arguments.optional(ViewOption.view)
    guard view == nil || view == "metric" else {
      throw Failure(
        "a run is shown by its loss or by view=metric", at: arguments.range(of: ViewOption.view))
    }
    var lines: [LossCurves.Run] = []
    for (name, run) in runs {
      let isBeside = view == nil && !run.validationLosses.isEmpty
      lines.append(
        LossCurves.Run(
          isBeside ? "\(name), training" : name, view == "metric" ? run.metrics : run.losses))
      if view == nil, !run.validationLosses.isEmpty {
        lines.append(LossCurves.Run("\(name), validation", run.validationLosses))
      }
    }
    let label = view == "metric" ? runs.first?.run.metricName ?? "metric" : "loss"
    let names = Set(runs.map { view == "metric" ? $0.run.names.metric : $0.run.names.loss })
    let isBeside = view == nil && runs.contains { !$0.run.validationLosses.isEmpty }
    let title =
      if let run = runs.first?.run, names.count == 1 {
        isBeside ? lossTitle(of: run) : names.first ?? label
      } else {
        label
      }
    return try arguments.drawn(
      LossCurves.picture(
        title: "\(title) by epoch",
        lines, label: label,
        scale: isLogarithmic.map { $0 ? .logarithmic : .linear }))
  }

  private static func onlyRuns(_ argument: BoundArgument) -> Failure {
    Failure(
      "runs are shown beside runs only", at: argument.range, label: argument.value.kind)
  }

  // MARK: Values

  private static func picture(
    of tensor: Tensor, _ name: String?, _ arguments: Arguments
  ) throws(Failure) -> Value {
    if case .matrix(let rows, let columns) = tensor.shape {
      return try arguments.drawn(
        HeatMap.picture(
          title: name ?? "", elements: tensor.elements, rows: rows, columns: columns))
    }
    if arguments.rest.count > 1 { return try lines(arguments) }
    if tensor.elements.count > 24 {
      let points = tensor.elements.enumerated().map { Point(Double($0 + 1), $1) }
      return try arguments.drawn(
        Curves.picture(
          title: name ?? "", [.init("", points)], xLabel: "index",
          scale: try arguments.optional(ViewOption.scale) == true ? .logarithmic : .linear))
    }
    return try arguments.drawn(
      BarChart.picture(
        title: name ?? "",
        tensor.elements.enumerated().map { NamedNumber("\($0 + 1)", $1) }))
  }

  private static func lines(_ arguments: Arguments) throws(Failure) -> Value {
    var curves: [Curves.Curve] = []
    for argument in arguments.rest {
      guard let tensor = argument.value.tensor, tensor.shape.rank == 1 else {
        throw Failure(
          "vectors are shown beside vectors only", at: argument.range, label: argument.value.kind)
      }
      curves.append(
        .init(
          argument.name ?? "\(curves.count + 1)",
          tensor.elements.enumerated().map { Point(Double($0 + 1), $1) }))
    }
    return try arguments.drawn(Curves.picture(curves, xLabel: "index"))
  }

  static func bars(of record: Record, _ arguments: Arguments) throws(Failure) -> Value {
    let entries = record.compactMap { field in
      field.value.number.map { NamedNumber(field.name, $0) }
    }
    guard entries.count == record.count, !entries.isEmpty else {
      let text = arguments.session.shownText(of: .record(record))
      return try arguments.written("record") { _ in TextBlocks([.lines(text)]) }
    }
    return try arguments.drawn(BarChart.picture(entries))
  }

  // MARK: Data

  private static func picture(of data: DataSet, _ arguments: Arguments) throws(Failure) -> Value {
    let text = arguments.session.summary(of: data)
    func column(_ tensor: Tensor, _ place: Int, of width: Int) -> [Double] {
      stride(from: place, to: tensor.elements.count, by: width).map { tensor.elements[$0] }
    }
    func feature(_ place: Int) -> [Double] { column(data.x, place, of: data.featureCount) }
    if data.featureCount == 2, data.ownClasses?.numbers.isEmpty == false {
      return try arguments.drawn(
        Scatter.picture(
          title: text, classGroups(of: data), xLabel: data.featureNames[0],
          yLabel: data.featureNames[1], isPlane: true))
    }
    if data.featureCount == 1, data.outputCount == 1, data.count > 0 {
      let points = zip(feature(0), data.t.elements).map { Point($0, $1) }
      return try arguments.drawn(
        Scatter.picture(
          title: text, [.init("", points)], xLabel: data.featureNames[0],
          yLabel: data.targetNames.first ?? "t"))
    }
    let most = 6
    var histograms = (0..<min(data.featureCount, most)).map { place -> Picture in
      let present = feature(place).filter { !$0.isNaN }
      let name = visible(data.featureNames[place])
      guard let names = data.categories[place], names.count <= 12 else {
        return Histogram.picture(present, label: name)
      }
      return BarChart.picture(
        title: name,
        names.enumerated().map { number, category in
          NamedNumber(visible(category), Double(present.count { $0 == Double(number + 1) }))
        })
    }
    if case .values = data.target, data.outputCount > 0, histograms.count < most {
      histograms.append(
        Histogram.picture(
          column(data.t, 0, of: data.outputCount), label: data.targetNames.first ?? "t"))
    }
    return try arguments.drawn(
      Picture(
        title: text, .panels(histograms, columns: 2),
        notes: data.featureCount > most
          ? ["\(data.featureCount - most) more features are not drawn"] : []),
      below: { description(of: data).body($0) })
  }

  // MARK: Functions

  /// A function of one free argument as a curve with its derivative.
  private static func curve(
    of function: Function, _ subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let given = try given(for: function, arguments)
    let names = function.parameterNames
    let free = names.prefix(max(function.requiredCount, 1)).filter { name in
      !given.contains { $0.name == name }
    }
    if free.isEmpty { return try computationalGraph(of: function, subject, arguments) }
    guard free.count == 1 else {
      throw Failure(
        "a curve needs a function of one number", at: subject.range,
        label: "\(free.joined(separator: ", ")) are open",
        help: [
          "fix the others: show \(function.name) \(names.dropFirst().map { "\($0)=1" }.joined(separator: " "))"
        ])
    }
    let ends = try arguments.optional(ViewOption.domain)?.elements ?? [-5, 5]
    guard ends.count == 2, ends[0] < ends[1], (ends[1] - ends[0]).isFinite else {
      throw Failure(
        "a domain is two numbers, the lower first", at: arguments.range(of: ViewOption.domain),
        help: ["domain=[-5, 5]"])
    }
    let count = 201
    let places = (0..<count).map {
      ends[0] + (ends[1] - ends[0]) * Double($0) / Double(count - 1)
    }
    let curve = try arguments.runtime.curve(
      of: function, over: free[0], places, given, at: subject.range)
    return try arguments.drawn(
      ActivationPlot.picture(
        name: subject.name ?? function.name, variable: free[0], arguments: places,
        values: curve.values, derivatives: curve.slopes))
  }
}

extension Runtime {
  /// The values and slopes of a function of one number; no slopes where it has none.
  func curve(
    of function: Function, over name: String, _ places: [Double],
    _ given: [(name: String, argument: BoundArgument)], at range: SourceRange
  ) throws(Failure) -> (values: [Double], slopes: [Double]) {
    var values: [Double] = []
    var slopes: [Double]? = []
    for place in places {
      try checkInterrupt(at: range)
      let argument = BoundArgument(value: .number(place), range: range, name: nil)
      let (result, nodes) = try traced(function, [(name, argument)] + given, at: range)
      guard let value = result.number else {
        throw Failure(
          "a curve needs a function that gives one number", at: range, label: "gives \(result.kind)"
        )
      }
      values.append(value)
      guard case .traced(let output) = result else {
        slopes?.append(0)
        continue
      }
      guard let input = nodes.first(where: { $0.name == name })?.node,
        let slope = try? gradients(of: output, by: [input]).first?.value?.elements.first
      else {
        slopes = nil
        continue
      }
      slopes?.append(slope)
    }
    return (values, slopes ?? [])
  }
}
