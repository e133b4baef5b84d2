import Differentiation
import Learning

/// How a program trains a net: as bp did last, or as it would where nothing else is said.
struct ProgramTraining {
  let options: TrainingOptions
  let rate: Double
  let metric: Metric
  private let network: Network
  private let data: String?

  /// - Parameter run: the last training of the net; nil where it had none.
  init(_ network: Network, _ run: TrainingRun?) {
    self.network = network
    var options = run?.options ?? TrainingOptions()
    options.resumed = nil
    self.options = options
    rate = options.rate ?? network.standardRate(options.optimizer)
    data = run?.data.title
    let isOfClasses =
      network.learnedCode != nil || network.output.activation.isDistribution
      || network.output.activation.range == 0...1
    metric =
      run.flatMap { Metric(rawValue: $0.metricName) } ?? (isOfClasses ? .accuracy : .rSquared)
  }

  /// Names of options that a program of a framework has no counterpart for.
  typealias Missing = [String]

  /// Comment lines: how bp trained, and what of it is not in the program.
  func comment(missing: Missing, remarks: [String]) -> String {
    let told = options.told.map { "\($0.name)=\($0.text)" }.joined(separator: " ")
    var lines = [
      data.map { "bp trained it by: train net \(visible($0)) \(told)" }
        ?? "bp has not trained it; train would take \(told)."
    ]
    if network.rule == .perceptron {
      lines.append(
        "A perceptron has a rule of its own in bp: by the gradient of a step it learns nothing.")
    }
    let absent = options.told.map { $0.name }.filter(missing.contains)
    if !absent.isEmpty { lines.append("Left out here: \(absent.joined(separator: ", ")).") }
    return (lines + remarks).map { "# \($0)\n" }.joined()
  }

  /// The optimizer as an expression, and the class that it needs where the framework has none.
  struct Step {
    var expression: String
    var definition = ""
    var remarks: [String] = []
  }

  /// - Parameters:
  ///   - parameters: what the constructor takes before the rate, with a comma.
  ///   - rateName: what it calls the rate.
  ///   - more: further arguments, which every constructor takes.
  func step(
    in framework: FrameworkOptimizer.Framework, parameters: String, rate: String, more: [String]
  ) -> Step {
    let optimizer = options.optimizer
    let dialect = framework == .keras ? Dialect.keras : .torch
    let module = framework == .keras ? "keras.optimizers" : "torch.optim"
    func call(_ name: String, _ arguments: [String]) -> String {
      "\(name)(\(([parameters + rate] + arguments + more).joined(separator: ", ")))"
    }
    let isSteady = options.schedule.isConstant
    if let constructor = optimizer.constructor(in: framework, rateIsSteady: isSteady) {
      return Step(
        expression: call(
          "\(module).\(constructor.name)",
          constructor.arguments(optimizer.values) { dialect.number($0) }),
        remarks: constructor.remark.isEmpty ? [] : [constructor.remark])
    }
    let name = "Rule"
    guard let definition = try? OptimizerClass(optimizer, named: name, in: dialect).text else {
      return Step(
        expression: call("\(module).SGD", []),
        remarks: [
          "\(dialect.rawValue) has no counterpart of bp's optimizer \(visible(optimizer.title)):",
          "plain descent with its rate stands for it.",
        ])
    }
    return Step(
      expression: call(name, []), definition: definition,
      remarks: [
        "\(dialect.rawValue) has no constructor for \(visible(optimizer.title)): \(name) is its rule."
      ])
  }

  /// `rate_factor(epoch, epochs)` in Python, which the schedule multiplies the rate with; nothing
  /// where the rate stays as it is.
  var schedule: String? {
    guard !options.schedule.isConstant else { return nil }
    let schedule = options.schedule
    let python = schedule.formula.map { $0 == "^" ? "**" : String($0) }.joined()
    let formula = TemplatePiece.filled(python) { word in
      switch word {
      case "floor", "cos", "pi": return "math.\(word)"
      default:
        guard schedule.settings.contains(where: { $0.name == word }) else { return nil }
        return Dialect.numpy.number(schedule.values.number(String(word)))
      }
    }
    return """
      def rate_factor(epoch, epochs):
          \(ProgramText.quoted("The schedule \(schedule.title); epochs count from 0."))
          return \(formula)



      """
  }

  /// The rows of a step; nil for all of them.
  var batch: Int? { if case .rows(let count) = options.batch { count } else { nil } }

  /// The share of the rows that is set apart, where one is.
  var validationShare: Double? {
    if case .fraction(let share)? = options.validation { share } else { nil }
  }

  /// Whether a layer's parameters stay as they are: all of them, some, or none.
  func frozen(in layer: Int) -> (all: Bool, some: Bool) {
    let own = network.parameters.filter { $0.layer == layer }
    let fixed = own.count { $0.isFrozen(by: options.frozen) }
    return (fixed == own.count, fixed > 0 && fixed < own.count)
  }
}

/// The rule of an optimizer as a class of a framework, read from its graph.
struct OptimizerClass {
  let text: String

  /// - Throws: where the rule looks at more than one number of a parameter, or uses what the
  ///   language has no counterpart for; what a user's function throws.
  init(_ optimizer: Optimizer, named name: String, in dialect: Dialect) throws(FormatError) {
    guard try tracing(optimizer.graph(for: .vector(2))).isElementwise else {
      throw FormatError("the optimizer \(visible(optimizer.title)) looks at whole arrays")
    }
    let graph = try tracing(optimizer.graph(for: .scalar))
    let operands = graph.operands
    let states = operands.states.enumerated().map { (node: $1.node, name: "kept\($0 + 1)") }
    let leaves =
      [(operands.w, "w"), (operands.g, "g"), (operands.lr, "lr"), (operands.step, "step")]
      + states.map { ($0.node, $0.name) }
    let outputs = [(graph.w, "w")] + zip(graph.states, states).map { ($0, $1.name) }
    let names = leaves.map { $0.1 }.joined(separator: ", ")
    var text = ""
    for (node, output) in outputs {
      let traced = TracedGraph(
        node, leaves: leaves.map { (node: $0.0, name: $0.1) }, title: "the next \(output)")
      text += "def next_\(output)(\(names)):\n"
      let formula = try GraphText(traced, in: dialect)
      text += formula.statements.map { "    \($0)\n" }.joined()
      text += "    return \(formula.expression)\n\n\n"
    }
    let title = ProgramText.quoted("The steps of \(optimizer.title).")
    let starts = zip(states, optimizer.states).map { ($0.name, dialect.number($1.start)) }
    let kept = states.map { $0.name }
    let calls = outputs.map { "next_\($0.1)(\(names))" }
    self.text =
      dialect == .keras
      ? text + Self.keras(name, title, starts, kept, calls)
      : text + Self.torch(name, title, starts, kept, calls)
  }

  private static func keras(
    _ name: String, _ title: String, _ starts: [(String, String)], _ kept: [String],
    _ calls: [String]
  ) -> String {
    var text = "class \(name)(keras.optimizers.Optimizer):\n    \(title)\n\n"
    if !starts.isEmpty {
      text += """
            def build(self, variables):
                if self.built:
                    return
                super().build(variables)
                self.kept = [
                    [
                        self.add_variable_from_reference(
                            variable, name=name, initializer=keras.initializers.Constant(start))
                        for variable in variables
                    ]
                    for name, start in [\
        \(starts.map { "(\"\($0)\", \($1))" }.joined(separator: ", "))]
                ]


        """
    }
    text += "    def update_step(self, g, w, lr):\n"
    text += "        step = ops.cast(self.iterations + 1, w.dtype)\n"
    text += "        g, lr = ops.cast(g, w.dtype), ops.cast(lr, w.dtype)\n"
    if !kept.isEmpty {
      text += "        place = self._get_variable_index(w)\n"
      text += "        [\(kept.joined(separator: ", "))] = [kept[place] for kept in self.kept]\n"
    }
    text += "        values = [\(calls.joined(separator: ", "))]\n"
    text +=
      "        for variable, value in zip([\((["w"] + kept).joined(separator: ", "))], values):\n"
    text += "            self.assign(variable, value)\n\n\n"
    return text
  }

  private static func torch(
    _ name: String, _ title: String, _ starts: [(String, String)], _ kept: [String],
    _ calls: [String]
  ) -> String {
    var text = """
      class \(name)(torch.optim.Optimizer):
          \(title)

          def __init__(self, parameters, lr):
              super().__init__(parameters, {"lr": lr})

          @torch.no_grad()
          def step(self):
              for group in self.param_groups:
                  lr = torch.tensor(group["lr"], dtype=DTYPE)
                  for w in group["params"]:
                      if w.grad is None:
                          continue
                      g, state = w.grad, self.state[w]
                      if not state:
                          state["step"] = torch.zeros((), dtype=DTYPE)

      """
    let indent = "                "
    for (name, start) in starts {
      text += indent + "    state[\"\(name)\"] = torch.full_like(w, \(start))\n"
    }
    text += indent + "state[\"step\"] += 1\n"
    text += indent + "step = state[\"step\"]\n"
    for name in kept { text += indent + "\(name) = state[\"\(name)\"]\n" }
    text += indent + "values = [\(calls.joined(separator: ", "))]\n"
    text +=
      indent + "for array, value in zip([\((["w"] + kept).joined(separator: ", "))], values):\n"
    text += indent + "    array.copy_(value)\n\n\n"
    return text
  }
}
