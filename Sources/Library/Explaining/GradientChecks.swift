import Differentiation
import Explanation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let gradientCheckFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "gradcheck", .differentiation,
      "Compares derivatives with central differences (f(x+h) - f(x-h))/2h and gives a verdict.",
      parameters: objectiveOptions + [preparedOption.parameter],
      rest: Parameter("e", .any, "E, f x=1 y=2, or net data."), passesOptions: true,
      examples: [
        .init("param w = 3; E = w^3; c = gradcheck E; print c.verdict", prints: "agrees")
      ]
    ) { arguments throws(Failure) in
      guard let subject = arguments.rest.first else {
        throw Failure(
          "gradcheck needs something to check", at: arguments.range,
          help: ["gradcheck E", "gradcheck f x=1 y=2", "gradcheck net circles"])
      }
      switch subject.value {
      case .traced(let node):
        try refuseOptions(arguments)
        try refuseObjective(arguments)
        try refuseNotFinite(node, at: subject.range, arguments)
        let order = allNodes(behind: node)
        var targets: [(name: String, node: Node)] = []
        for argument in arguments.rest.dropFirst() {
          let target = try target(argument, in: order, of: subject, arguments)
          targets.append((target.name ?? argument.name ?? "it", target))
        }
        let chosen = targets
        return try review(arguments) { watcher throws(LearningError) in
          try GradientReview(of: node, by: chosen, watcher: watcher)
        }
      case .function(let function):
        try refuseObjective(arguments)
        let (output, inputs) = try arguments.tracedCall(of: function, subject)
        try refuseNotFinite(output, at: subject.range, arguments)
        return try again(function, subject, output, inputs, arguments)
      case .network(let network): return try review(of: network, arguments)
      case .run(let run): return try review(of: run.network, arguments)
      default:
        throw Failure(
          "\(subject.name ?? "this") was not computed from any parameter", at: subject.range,
          label: subject.value.kind, help: ["declare what it depends on: param w = 0.5"])
      }
    }
  ]

  private static func review(
    of network: Network, _ arguments: Arguments
  ) throws(Failure) -> Value {
    try refuseOptions(arguments)
    if let extra = arguments.rest.dropFirst(2).first {
      throw Failure(
        "gradcheck of a net takes the net and one data set", at: extra.range, label: "one too many")
    }
    let data = try arguments.data(network, arguments.rest.dropFirst().first)
    let objective = try arguments.objective(of: network, rows: data.count)
    try arguments.mappingErrors(network.lossGraph(data, objective).checkIsFinite())
    return try review(arguments) { watcher throws(LearningError) in
      try GradientReview(network, data, objective, watcher: watcher)
    }
  }

  /// A function is called anew for every value of its arguments: it may take another branch there.
  private static func again(
    _ function: Function, _ subject: BoundArgument, _ output: Node, _ inputs: [Node],
    _ arguments: Arguments
  ) throws(Failure) -> Value {
    let given = try given(for: function, arguments)
    let traced = given.indices.filter { given[$0].argument.value.isNumeric }
    let targets = inputs.map { (name: $0.name ?? "x", node: $0) }
    return try review(arguments) { watcher throws(LearningError) in
      try GradientReview(of: output, targets, watcher: watcher) { point throws(LearningError) in
        try arguments.runtime.carrying { () throws(Failure) in
          var moved = given
          for (place, tensor) in zip(traced, point) {
            moved[place].argument.value = Value(tensor)
          }
          let (value, _) = try arguments.runtime.traced(function, moved, at: subject.range)
          return value.number ?? .nan
        }
      }
    }
  }

  private static func review(
    _ arguments: Arguments, _ work: (GradientReview.Watcher) throws(LearningError) -> GradientReview
  ) throws(Failure) -> Value {
    let progress = WorkProgress(arguments.session)
    defer { progress.end() }
    let review = try arguments.mappingErrors(
      work { done, count in progress.show("derivative", done, of: count) })
    return report(review, arguments)
  }

  private static func report(_ review: GradientReview, _ arguments: Arguments) -> Value {
    let words: String =
      switch review.verdict {
      case .agrees where review.worst == nil: "undecided"
      case .agrees: "agrees"
      case .doubtful: "doubtful"
      case .disagrees: "disagrees"
      }
    let worst = review.worst
    let fields = Record([
      ("verdict", .string(words)), ("error", .number(worst?.error ?? 0)),
      ("worst", worst.map { .string($0.name) } ?? .nothing),
      ("checked", .number(Double(review.entries.count))),
      ("kinks", .list(review.kinks.map { .string($0.name) })),
    ])
    let style = arguments.session.style
    return .report(
      Report(title: "gradient check", fields: fields) { display in
        let text = text(of: review, style)
        return display.isASCII ? PlainCharacters.ascii(text) : text
      })
  }

  private static func text(of review: GradientReview, _ style: NumberStyle) -> String {
    let short = NumberStyle.significantDigits(2)
    let all = review.entries.count
    var lines = [
      all == review.count
        ? "\(all) derivative\(all == 1 ? "" : "s") against central differences"
        : "\(all) of \(review.count) derivatives, evenly chosen, against central differences"
    ]
    let error = short.text(review.worst?.error ?? 0)
    switch review.verdict {
    case .agrees where review.worst == nil: lines.append("undecided: there is nothing to compare")
    case .agrees:
      lines.append("agrees: no relative error above \(error) (right is up to 1e-6)")
    case .doubtful:
      lines.append("doubtful: a relative error of \(error) (right is up to 1e-6, wrong from 1e-3)")
    case .disagrees:
      lines.append("disagrees: a relative error of \(error) (wrong from 1e-3)")
    }
    let shown = review.entries.filter { !$0.crossesKink && !$0.isZero }
      .sorted { $0.error > $1.error }.prefix(5)
    if !shown.isEmpty {
      let rows = shown.map { entry in
        [
          entry.name, style.text(entry.gradient), style.text(entry.difference),
          short.text(entry.error),
        ]
      }
      lines.append(
        Table(
          [
            .init(review.worst.map { "worst: \($0.name)" } ?? ""), .init("derivative", .right),
            .init("difference", .right), .init("relative error", .right),
          ], rows: rows
        ).text())
    }
    let zeros = review.entries.count(where: { $0.isZero })
    if zeros > 0 {
      lines.append("\(zeros) \(zeros == 1 ? "is" : "are") 0 both ways, which is agreement")
    }
    if !review.kinks.isEmpty {
      let names = review.kinks.prefix(5).map { $0.name }.joined(separator: ", ")
      let more = review.kinks.count > 5 ? ", …" : ""
      let count = review.kinks.count
      lines.append(
        count == 1
          ? "1 crosses a kink within the step and says nothing: \(names)"
          : "\(count) cross a kink within the step and say nothing: \(names)\(more)")
    }
    return (lines + review.notes).joined(separator: "\n")
  }
}
