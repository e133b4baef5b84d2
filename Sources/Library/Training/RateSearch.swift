import Differentiation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let rateSearchFunction = BuiltinFunction(
    "lrfind", aliases: ["lr_find"], .training,
    "Tries ever larger learning rates on a copy of the net, and draws what becomes of the loss.",
    parameters: [
      TrainArgument.network.parameter, optionalData.parameter, low.parameter, high.parameter,
      steps.parameter,
    ] + taken + [ViewOption.scale.parameter, preparedOption.parameter] + PictureOption.parameters,
    examples: [
      .init(
        "net = mlp [2,20,1] relu sigmoid; found = lrfind net circles; print 0.01 < found.lr < 10",
        prints: "true")
    ]
  ) { arguments throws(Failure) in
    let network = try arguments(TrainArgument.network)
    let data = try arguments.data(network, arguments.given(optionalData))
    let ends = (try arguments(low), try arguments(high))
    guard ends.0 < ends.1, ends.1.isFinite else {
      throw Failure(
        "the rates rise: low must be below high", at: arguments.range(of: high),
        label: briefText(ends.1))
    }
    let options = try arguments.trainingOptions(StopCondition())
    let steps = try arguments(steps)
    let progress = WorkProgress(arguments.session)
    defer { progress.end() }
    let test = try arguments.mappingErrors(
      RateRangeTest(
        of: network, on: data, options, rates: ends, steps: steps,
        isStopped: arguments.runtime.stopsTraining,
        onStep: { done, loss in
          progress.show("step", done, of: steps, [NamedNumber("loss", loss)])
        }))
    if arguments.runtime.isStopped() { throw .interrupted }
    func vector(_ numbers: [Double]) -> Value { .tensor(Tensor(vector: numbers)) }
    let fields = Record([
      ("lr", test.suggestion.map { .number($0) } ?? .nothing),
      ("turn", test.turn.map { .number(test.rates[$0]) } ?? .nothing),
      ("rates", vector(test.rates)), ("losses", vector(test.losses)),
      ("diverged", .truth(test.isDiverged)),
    ])
    var picture = try curve(test, title: "\(network.title) on \(data.title)", arguments)
    picture.notes = verdict(test, high: ends.1)
    return try arguments.drawn(picture, fields: fields)
  }

  private static let optionalData = Key<DataSet>.lastData()
  private static let low = Key.number(
    "low", .number(1e-6), from: 0, aboveLow: true, "The first learning rate.")
  private static let high = Key.number(
    "high", .number(10), from: 0, aboveLow: true, "The last learning rate.")
  private static let steps = Key.wholeNumber(
    "steps", .number(200), in: 10...100_000, "Steps from the first rate to the last.")
  /// The options of `train` that a single step knows.
  private static let taken = TrainingOption.all.filter { $0.traits.contains(.actsInStep) }
    .map { $0.parameter }

  private static func verdict(_ test: RateRangeTest, high: Double) -> [String] {
    let style = NumberStyle.significantDigits(2)
    guard let rate = test.suggestion, let turn = test.turn else {
      return [
        "No rate is suggested: the loss fell at none of them.",
        test.isDiverged
          ? "It grew beyond all bounds: low= begins further down."
          : "high= goes further up; a net that is trained has nothing left to gain.",
      ]
    }
    let end =
      if test.isDiverged {
        "and ran away at \(style.text(test.rates[test.rates.count - 1]))"
      } else if turn == test.rates.count - 1 {
        "and still falls at \(style.text(high))"
      } else {
        "and rises beyond \(style.text(test.rates[turn]))"
      }
    let tries = [rate / 3, rate, rate * 3].map(style.text).joined(separator: ", ")
    return [
      "The loss fell fastest near lr=\(style.text(rate)) \(end).",
      "One short run says this, and for this net, batch and optimizer only: a guess to",
      "be tried beside others, as sweep net data lr=[\(tries)] does.",
    ]
  }

  private static func curve(
    _ test: RateRangeTest, title: String, _ arguments: Arguments
  ) throws(Failure) -> Picture {
    let isLogarithmic = try arguments.optional(ViewOption.scale) ?? false
    let curve = zip(test.rates, test.losses).map { Point($0, $1) }
    let scale: PlotAxis.Scale = isLogarithmic ? .logarithmic : .linear
    // A loss that runs away would press the rest of the curve flat.
    let top = 1.5 * max(test.firstLoss, test.losses.min() ?? 0)
    let shown = test.losses.map { min($0, isLogarithmic ? $0 : top) }
    var marks: [Plot.Mark] = [.line(curve, series: 0)]
    var legend: [LegendEntry] = []
    if let rate = test.suggestion, let place = test.rates.firstIndex(of: rate) {
      marks.append(.points([Point(rate, test.losses[place])], series: 1))
      legend.append(
        LegendEntry(
          .point(series: 1), "suggested: \(NumberStyle.significantDigits(2).text(rate))"))
    }
    return Picture(
      title: "loss by learning rate, \(title)",
      .plot(
        Plot(
          x: PlotAxis.fitting("learning rate (log)", test.rates, scale: .logarithmic),
          y: PlotAxis.fitting(
            isLogarithmic ? "loss (log)" : "loss", shown, scale: scale, margin: 0.04),
          marks: marks)), legend: legend)
  }
}
