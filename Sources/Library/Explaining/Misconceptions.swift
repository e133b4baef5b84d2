import Differentiation
import Explanation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let misconceptionFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "misconceptions", .differentiation,
      "What known misconceptions would make of a derivative, a loss or a weight, beside the right number.",
      parameters: [diagnosedSteps.parameter, diagnosedRate.parameter, freeze.parameter]
        + objectiveOptions + [preparedOption.parameter],
      rest: Parameter(
        "e", .any, "E w5, net data \"W1[1,2]\", or net data after=1 lr=0.5."),
      examples: [
        .init(
          "param w = 3; E = 1/2*(1 - w)^2; m = misconceptions E w; print m.right, length m.values > 0",
          prints: "2 true")
      ]
    ) { arguments throws(Failure) in
      guard let subject = arguments.rest.first else {
        throw Failure(
          "misconceptions needs what is derived, and by what", at: arguments.range,
          help: ["misconceptions E w5", "misconceptions net data \"W1[1,2]\""])
      }
      switch subject.value {
      case .traced(let node): return try misconceptions(of: node, subject, arguments)
      case .network(let network): return try misconceptions(of: network, arguments)
      case .run(let run): return try misconceptions(of: run.network, arguments)
      default:
        throw Failure(
          "\(subject.name ?? "this") was not computed from any parameter", at: subject.range,
          label: subject.value.kind, help: ["declare what it depends on: param w = 0.5"])
      }
    }
  ]

  private static func misconceptions(
    of node: Node, _ subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) -> Value {
    try refuseObjective(arguments)
    guard arguments.rest.count == 2 else {
      throw Failure(
        "misconceptions takes a value and one parameter of it",
        at: (arguments.rest.dropFirst(2).first ?? subject).range, help: ["misconceptions E w5"])
    }
    try refuseNotFinite(node, at: subject.range, arguments)
    let target = try target(
      arguments.rest[1], in: allNodes(behind: node), of: subject, arguments)
    let name = Symbol.derivative(
      of: Symbol(name: node.name ?? subject.name ?? "it"),
      by: Symbol(name: target.name ?? arguments.rest[1].name ?? "it"))
    let rate = try arguments.optional(diagnosedRate)
    return try wrongAnswers(
      to: .derivative(of: node, by: target, rate: rate), called: name.text, arguments)
  }

  private static func misconceptions(
    of network: Network, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let (question, name) = try diagnosedQuestion(
      of: network, arguments.rest.dropFirst(), arguments)
    return try wrongAnswers(to: .network(question), called: name, arguments)
  }

  private static func wrongAnswers(
    to subject: Diagnosis.Subject, called name: String, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let (right, wrong) = try arguments.mappingErrors { () throws(LearningError) in
      var series = try Diagnosis.Series(subject, pairWork: 0, guessesRates: false)
      return (series.right, try series.wrongAnswers())
    }
    let session = arguments.session
    // Those that come to the same number in the same words were made at places that are alike.
    let text = { (value: Tensor) in
      value.number.map(session.numberText) ?? session.brief(Value(value))
    }
    // What comes to the same digits teaches nothing.
    var answers: [WrongAnswer] = []
    for answer in wrong
    where text(answer.value) != text(right)
      && !answers.contains(where: {
        $0.description == answer.description && $0.value == answer.value
      })
    {
      answers.append(answer)
    }
    let fields = Record([
      ("right", Value(right)), ("values", .list(List(answers.map { Value($0.value) }))),
      ("kinds", .list(List(answers.map { .string($0.name) }))),
      ("explanations", .list(List(answers.map { .string($0.description) }))),
    ])
    return .report(
      .ofTables(title: "misconceptions", fields: fields) { display in
        var table = Table([.init(name, .right), .init("comes out if")])
        table.append([text(right), "it is derived right"])
        if !answers.isEmpty { table.appendRule() }
        for answer in answers { table.append([text(answer.value), answer.description]) }
        return TextBlocks(display.isASCII ? table.spelled : table)
      })
  }
}
