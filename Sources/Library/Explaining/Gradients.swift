import Differentiation
import Language
import Learning
import Syntax

extension Catalog {
  static let differentiationFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "grad", .differentiation,
      "The derivative of a computed number, of a function at a point, or of a net's loss.",
      parameters: objectiveOptions + [preparedOption.parameter],
      rest: Parameter("e", .any, "E w5, f x=1 y=2, or net data."), passesOptions: true,
      examples: [
        .init("f(x, y, z) = (x + y)*z; print grad f x=-2 y=5 z=-4", prints: "[x: -4, y: -4, z: 3]"),
        .init("param w = 3; E = w^2; print grad E w", prints: "6"),
      ]
    ) { arguments throws(Failure) in
      guard let subject = arguments.rest.first else {
        throw Failure(
          "grad needs something to derive", at: arguments.range,
          help: ["grad E w5", "grad f x=1 y=2", "grad net circles"])
      }
      switch subject.value {
      case .traced(let node): return try gradient(of: node, subject, arguments)
      case .function(let function): return try gradient(of: function, subject, arguments)
      case .network(let network): return try gradient(of: network, subject, arguments)
      case .run(let run): return try gradient(of: run.network, subject, arguments)
      default:
        let target = arguments.rest.dropFirst().first
        throw Failure(
          "\(subject.name ?? "this") was not computed from any parameter", at: subject.range,
          label: subject.value.kind,
          help: [
            target.flatMap { declaration($0, arguments.session) }
              ?? "declare what it depends on: param w = 0.5"
          ]
            + (subject.name == nil
              ? ["a function is derived by grad f 3, without its parentheses"] : []))
      }
    },
    BuiltinFunction(
      "value", .differentiation, "The value alone, without the history of its computation.",
      parameters: [anything.parameter],
      examples: [.init("param w = 3; print value(w^2)", prints: "9")]
    ) { arguments throws(Failure) in try arguments(anything).plain },
  ]

  static let lossOption = Key.choice("loss", .loss, .absent, "Another loss, for this call.")
  static let reductionOption = Key.word(
    "reduction", of: ["mean", "sum"], .absent, "How the losses of samples become one.")
  static let preparedOption = Key.truth(
    "prepared", .truth(false), "Whether the rows went through the net's preparing already.")
  /// The options of a training that say what is minimised, and the mask of dropout, for what asks
  /// about a net's loss.
  static let objectiveOptions =
    TrainingOption.all.filter { $0.traits.contains(.actsInLoss) }
    .map { $0.name == lossOption.parameter.name ? lossOption.parameter : $0.parameter }
    + [maskOption.parameter]
  /// For what makes or trains a net, which keeps the loss.
  static let netLoss = Key.choice(
    "loss", .loss, .absent,
    "What is minimised; where left out, bce for sigmoid, ce for softmax, else mse.")
  static let netReduction = Key.word(
    "reduction", of: ["mean", "sum"], .absent, "How the losses of samples become one; mean first.")
  private static let anything = Key.any("x", "Any value.")

  // MARK: Expressions

  private static func gradient(
    of node: Node, _ subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) -> Value {
    try refuseOptions(arguments)
    try refuseObjective(arguments)
    let graph = allNodes(behind: node)
    guard arguments.rest.count > 1 else {
      let parameters = graph.filter { $0.isParameter && $0.name != nil }
      let values = try derivatives(
        of: node, by: parameters, at: subject.range, arguments)
      return .record(
        Record(zip(parameters, values).map { ($0.name ?? "", $1) }))
    }
    var targets: [Node] = []
    var parts: [[Primitive]] = []
    for argument in arguments.rest.dropFirst() {
      let (whole, steps) = whole(of: argument, in: graph)
      parts.append(steps)
      targets.append(try target(whole, in: graph, of: subject, arguments))
    }
    var values = try derivatives(of: node, by: targets, at: subject.range, arguments)
    for place in values.indices {
      for step in parts[place] {
        values[place] = try apply(step, to: [values[place]], at: arguments.rest[place + 1].range)
      }
    }
    if values.count == 1 { return values[0] }
    return .record(
      Record(zip(arguments.rest.dropFirst(), values).map { ($0.name ?? "", $1) }))
  }

  /// What an element or part that is read anew, `W[1,2]`, is a part of, and how it is taken: its
  /// derivative is the same part of the derivative by the whole.
  private static func whole(
    of argument: BoundArgument, in graph: [Node]
  ) -> (BoundArgument, [Primitive]) {
    guard case .traced(var node) = argument.value else { return (argument, []) }
    let nodes = Set(graph.map { ObjectIdentifier($0) })
    var steps: [Primitive] = []
    while !nodes.contains(ObjectIdentifier(node)), let primitive = node.primitive,
      primitive.isView, let input = node.inputs.first
    {
      steps.insert(primitive, at: 0)
      node = input
    }
    guard !steps.isEmpty, node.isParameter || nodes.contains(ObjectIdentifier(node)) else {
      return (argument, [])
    }
    return (BoundArgument(value: .traced(node), range: argument.range, name: node.name), steps)
  }

  /// The node of the graph that an argument means: itself, or the parameter of its name.
  static func target(
    _ argument: BoundArgument, in graph: [Node], of subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) -> Node {
    let name = argument.name ?? "this"
    guard case .traced(let node) = argument.value else {
      let help = declaration(argument, arguments.session).map { [$0] } ?? []
      throw Failure(
        "\(name) is no parameter and was not computed from one", at: argument.range,
        label: argument.value.kind, help: help)
    }
    if graph.contains(where: { $0 === node }) { return node }
    let older = graph.last { $0.isParameter && $0.name == (node.name ?? argument.name) }
    if node.isParameter, let older {
      arguments.session.noteOnce(
        "\(subject.name ?? "the value") is older than \(name): the derivative is at the \(name) of that time"
      )
      return older
    }
    if let primitive = node.primitive, primitive.isView, let matrix = node.inputs.first?.name,
      graph.contains(where: { $0.name == matrix })
    {
      throw Failure(
        "this part of \(matrix) was read after \(subject.name ?? "the value") was computed",
        at: argument.range, label: "no step of it",
        help: [
          "its derivative is (grad \(subject.name ?? "E") \(matrix))\(indexes(primitive, of: node.inputs[0].shape))"
        ])
    }
    throw Failure(
      "\(subject.name ?? "this") does not depend on \(name)", at: argument.range,
      label: "no part of it", labels: [.init(subject.range, "computed without \(name)")])
  }

  /// The indexes of one element that was read, from 1: `[1,2]`.
  private static func indexes(_ primitive: Primitive, of shape: Shape) -> String {
    guard let places = primitive.selection, places.count == 1 else { return "[…]" }
    guard case .matrix(_, let columns) = shape else { return "[\(places[0] + 1)]" }
    return "[\(places[0] / columns + 1),\(places[0] % columns + 1)]"
  }

  /// How the constant that a derivative is asked for becomes a parameter.
  private static func declaration(_ argument: BoundArgument, _ session: Session) -> String? {
    guard argument.value.isNumeric, let name = argument.name else { return nil }
    if case .traced = argument.value {
      return
        "what goes through a data set or a text keeps no history: mse (net \(name)) t is a loss of "
        + "a net's answer to \(name)"
    }
    let text = argument.value.isMatrix ? "…" : session.brief(argument.value)
    return "declare it before it is used: param \(name) = \(text)"
  }

  private static func derivatives(
    of node: Node, by targets: [Node], at range: SourceRange, _ arguments: Arguments
  ) throws(Failure) -> [Value] {
    let (session, isRecording) = (arguments.session, arguments.runtime.differentiating > 0)
    if !isRecording { try refuseNotFinite(node, at: range, arguments) }
    let derivatives: [Node]
    do throws(DifferentiationError) { derivatives = try gradients(of: node, by: targets) } catch {
      throw Failure(error.message, at: range, help: error.help.map { [$0] } ?? [])
    }
    // A function that is being derived itself goes on with the slope's own history.
    if isRecording { return derivatives.map { .traced($0) } }
    for (target, derivative) in zip(targets, derivatives) {
      try refuseNotFinite(derivative, by: target, of: node, at: range, arguments)
      guard let value = derivative.value else { continue }
      session.remember { $0.add(node, by: target, value) }
    }
    return derivatives.map { $0.value.map { Value($0) } ?? .nothing }
  }

  // MARK: Functions

  /// The arguments for a function's parameters, by position and as options.
  static func given(
    for function: Function, _ arguments: Arguments
  ) throws(Failure) -> [(name: String, argument: BoundArgument)] {
    let names = function.parameterNames
    var given: [(name: String, argument: BoundArgument)] = []
    for (place, argument) in arguments.rest.dropFirst().enumerated() {
      guard place < names.count else {
        throw Failure(
          "\(function.name) takes \(names.count) arguments", at: argument.range,
          label: "one too many", help: [function.signature])
      }
      given.append((names[place], argument))
    }
    for (name, argument) in arguments.options {
      guard names.contains(name.text) else {
        throw Failure(
          "\(function.name) has no parameter \(name.text)", at: name.range, label: "unknown",
          help: [function.signature])
      }
      guard !given.contains(where: { $0.name == name.text }) else {
        throw Failure("\(name.text) is given twice", at: name.range)
      }
      given.append((name.text, argument))
    }
    return given
  }

  private static func gradient(
    of function: Function, _ subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let names = function.parameterNames
    try refuseObjective(arguments)
    let given = try given(for: function, arguments)
    let (result, nodes) = try arguments.runtime.traced(
      function, given, at: subject.range)
    guard case .traced(var output) = result else {
      guard result.number != nil else { throw notOneNumber(result, function, subject.range) }
      return gradientValue(
        nodes.map { ($0.name, Value(Tensor(repeating: 0, shape: $0.node.shape))) }, names)
    }
    guard output.shape.count == 1 else { throw notOneNumber(result, function, subject.range) }
    if output.shape != .scalar,
      case .traced(let number) = try apply(
        .sum(), to: [result], at: subject.range)
    {
      output = number
    }
    let values = try derivatives(
      of: output, by: nodes.map { $0.node }, at: subject.range, arguments)
    return gradientValue(Array(zip(nodes.map { $0.name }, values)), names)
  }

  private static func gradientValue(_ parts: [(String, Value)], _ names: [String]) -> Value {
    if names.count == 1, parts.count == 1 { return parts[0].1 }
    return .record(Record(names.compactMap { name in parts.first { $0.0 == name } }))
  }

  static func notOneNumber(
    _ value: Value, _ function: Function, _ range: SourceRange
  ) -> Failure {
    Failure(
      "\(function.name) must give one number to have a gradient", at: range,
      label: "gives \(value.kind)", help: ["take the sum or the mean of its value"])
  }

  // MARK: Nets

  private static func gradient(
    of network: Network, _ subject: BoundArgument, _ arguments: Arguments
  ) throws(Failure) -> Value {
    try refuseOptions(arguments)
    if let extra = arguments.rest.dropFirst(2).first {
      var help: [String] = []
      if case .string(let text) = extra.value {
        help = ["one derivative is (grad \(subject.name ?? "net") …).\(text)"]
      }
      throw Failure(
        "grad of a net takes the net and one data set", at: extra.range, label: "one too many",
        help: help)
    }
    let data = try arguments.data(network, arguments.rest.dropFirst().first)
    let objective = try arguments.objective(of: network, rows: data.count)
    let parts = try arguments.mappingErrors(network.gradient(on: data, objective))
    arguments.session.remember { memory in
      memory.add(network, data, objective, parts.map { ($0.name, $0.value) })
    }
    return .record(Record(parts.map { ($0.name, Value($0.value)) }))
  }

  /// Options that say what is minimised are of a net's loss only.
  static func refuseObjective(_ arguments: Arguments) throws(Failure) {
    let names = objectiveOptions.map { $0.name }
    for (parameter, argument) in zip(arguments.function.parameters, arguments.bound) {
      guard let argument, names.contains(parameter.name) else { continue }
      throw Failure(
        "\(parameter.name) is an option of a net's loss", at: argument.range, label: "of no net",
        help: ["\(arguments.function.name) net data \(parameter.name)=…"])
    }
  }

  static func refuseOptions(_ arguments: Arguments) throws(Failure) {
    guard let option = arguments.options.first else { return }
    let words = arguments.rest.compactMap { $0.name }
    if arguments.runtime.owner(of: option.name.text, among: words) != nil {
      throw arguments.runtime.unknownOption(option.name, of: arguments.function, among: words)
    }
    throw Failure(
      "only the arguments of a function are given as options", at: option.name.range,
      help: ["\(arguments.function.name) f \(option.name.text)=… takes a function f"])
  }
}
