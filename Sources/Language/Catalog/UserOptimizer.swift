import Differentiation
import Learning
import Syntax

/// A user's function as an optimizer: `my_rule(w, g, m=0, beta=0.9) = [w: …, m: …]`.
///
/// Fields of its answer that are named like parameters are arrays kept beside w, which begin at the
/// parameter's default; other parameters are settings, but for `lr` and `step`, which the training
/// gives.
extension Runtime {
  private static let operandNames = ["w", "g", "lr", "step"]
  private static let ruleHelp = "my_rule(w, g, lr=0.1) = [w: w - lr*g]"
  /// Where a rule says nothing of the learning rate.
  private static let standardRate = 0.1

  /// Whether a function looks like an update rule.
  static func isUpdateRule(_ function: Function) -> Bool {
    let names = function.parameterNames
    return names.contains("w") && names.contains("g")
  }

  /// - Throws: where the function is no update rule, and what it throws itself.
  package func optimizer(_ function: Function, at range: SourceRange) throws(Failure) -> Optimizer {
    guard case .user(let user) = function.body else {
      throw Failure(
        "\(function.name) is no update rule", at: range, label: "a function of the catalog",
        help: [
          Self.ruleHelp,
          "choose one of \(EntryKind.optimizer.names.joined(separator: ", "))",
        ])
    }
    for name in ["w", "g"] where !function.parameterNames.contains(name) {
      throw Failure(
        "an update rule takes the parameter w and its gradient g", at: range,
        label: "\(user.name) has no parameter \(name)", help: [Self.ruleHelp])
    }
    var rate = Self.standardRate
    var numbers: [(name: String, number: Double)] = []
    for (parameter, value) in zip(user.parameters, try defaults(of: user, at: range)) {
      let isOperand = Self.operandNames.contains(parameter.name)
      guard let value else {
        if isOperand { continue }
        throw Failure(
          "\(parameter.name) of \(user.name) needs a default", at: range,
          label: "nothing gives \(parameter.name) a value",
          help: ["a state begins at its default, and a setting has it: \(parameter.name)=0"])
      }
      if isOperand, parameter.name != "lr" { continue }
      guard let number = value.number, number.isFinite else {
        throw Failure(
          "the default of \(parameter.name) must be a finite number", at: range,
          label: "it is \(value.kind)", help: [user.signature])
      }
      if isOperand { rate = number } else { numbers.append((parameter.name, number)) }
    }
    let stateNames = try stateNames(of: user, numbers, at: range)
    let optimizer = Optimizer(
      userFunction: user.name, rate: rate,
      settings: numbers.filter { !stateNames.contains($0.name) }.map {
        Parameter.number($0.name, $0.number, "A setting of \(user.name).")
      },
      states: numbers.filter { stateNames.contains($0.name) }.map {
        Optimizer.State($0.name, from: $0.number)
      }
    ) { operands throws(LearningError) in
      try self.carrying { () throws(Failure) in
        try self.answer(of: user, operands, at: range)
      }
    }
    try check(optimizer, at: range)
    return optimizer
  }

  /// Tries the rule on a parameter of two numbers, so that a mistake is an error before a training begins.
  private func check(_ optimizer: Optimizer, at range: SourceRange) throws(Failure) {
    do throws(LearningError) {
      _ = try optimizer.graph(for: .vector(2))
    } catch {
      throw failure(behind: error)
        ?? Failure(
          error.message, at: range, label: error.notes.first?.text ?? "", help: error.help)
    }
  }

  /// The fields of the answer besides w: found by a call in which no array is kept yet.
  private func stateNames(
    of user: UserFunction, _ numbers: [(name: String, number: Double)], at range: SourceRange
  ) throws(Failure) -> Set<String> {
    var settings: [String: Node] = [:]
    for (name, number) in numbers { settings[name] = Node(number: number) }
    let operands = UpdateOperands(shape: .vector(2), states: [], settings: settings)
    let names = try answer(of: user, operands, at: range).keys
    for name in names.sorted() where name != "w" && settings[name] == nil {
      if Self.operandNames.contains(name) {
        throw Failure(
          "\(user.name) gives \(name), which the training gives itself", at: range,
          help: ["a rule gives the next w and the next values of its states"])
      }
      var help = [user.signature]
      if let near = Spelling.nearest(to: name, in: numbers.map { $0.name }) {
        help.insert("did you mean \(near)?", at: 0)
      }
      throw Failure(
        "\(user.name) gives \(name), which is no parameter of it", at: range,
        label: "a state is a parameter with a default", help: help)
    }
    return Set(names)
  }

  /// The nodes of the answer by the names of its fields.
  private func answer(
    of user: UserFunction, _ operands: UpdateOperands, at range: SourceRange
  ) throws(Failure) -> [String: Node] {
    let values = user.parameters.map { parameter -> Value? in
      switch parameter.name {
      case "w": return .traced(operands.w)
      case "g": return .traced(operands.g)
      case "lr": return .traced(operands.lr)
      case "step": return .traced(operands.step)
      default:
        if let state = operands.states.first(where: { $0.name == parameter.name }) {
          return .traced(state.node)
        }
        return .number(operands.settings[parameter.name]?.value?.number ?? .nan)
      }
    }
    differentiating += 1
    defer { differentiating -= 1 }
    let result = try call(user, values, at: range)
    guard case .record(let record) = result else {
      throw Failure(
        "\(user.name) must give the next w and states as a record", at: range,
        label: "gives \(result.kind)", help: [Self.ruleHelp])
    }
    guard record["w"] != nil else {
      throw Failure(
        "the answer of \(user.name) has no field w", at: range,
        label: "gives \(record.names.joined(separator: ", "))", help: [Self.ruleHelp])
    }
    var nodes: [String: Node] = [:]
    for field in record {
      if case .traced(let node) = field.value {
        nodes[field.name] = node
      } else if let tensor = field.value.tensor {
        nodes[field.name] = .constant(tensor)
      } else {
        throw Failure(
          "\(field.name) of the answer of \(user.name) must be numbers", at: range,
          label: "gives \(field.value.kind)")
      }
    }
    return nodes
  }

  /// The error of a setting that an optimizer does not have.
  /// - Parameter function: of the user, where the optimizer is one.
  package func unknownSetting(
    _ name: Name, at range: SourceRange, of choice: Choice, _ function: Function?
  ) -> Failure {
    var help: [Advice] = []
    let isParameter = function?.parameterNames.contains(name.text) ?? false
    if isParameter, name.text == "lr" {
      help.append("the learning rate stands beside the rule: optimizer=\(choice.name) lr=…")
    } else if isParameter, Self.operandNames.contains(name.text) {
      help.append("the training gives \(name.text)")
    } else if isParameter {
      help.append("\(name.text) is a state: it begins at its default")
    } else if choice.kind == .optimizer, Choice.named(name.text, kind: .optimizer) != nil {
      help.append("\(name.text) is an optimizer of its own: optimizer=\(name.text)(0.9)")
    } else if let near = Spelling.nearest(to: name.text, in: choice.settings.map { $0.name }) {
      help.append(.nearest(near, to: name.range))
    }
    if !choice.settings.isEmpty { help.append(Advice(choice.signature)) }
    return Failure(
      "\(choice.name) has no setting \(name.text)", at: range, label: "unknown", advice: help)
  }
}
