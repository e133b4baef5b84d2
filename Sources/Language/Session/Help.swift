import Differentiation
import Learning
import Rendering

/// The texts of `help`, all made from the catalog and the user's definitions.
enum Help {
  /// The help on a name, or the list of everything; nil where the name means nothing.
  static func text(
    for name: String?, session: Session, runtime: Runtime
  ) -> ((Display) -> String)? {
    guard let name else { return { overview(width: $0.columns) } }
    if case .function(let function)? = runtime.global(name), case .user(let user) = function.body {
      return { _ in page(of: user) }
    }
    if let function = Catalog.function(name) { return { page(of: function, display: $0) } }
    if let constant = Catalog.constant(name) {
      return { _ in
        "\(constant.name) = \(NumberStyle.standard.text(constant.value))\n\(constant.summary)"
      }
    }
    if let topic = Topic(rawValue: name) { return { page(of: topic, display: $0) } }
    for kind in Choice.Kind.allCases {
      if kind.rawValue == name || kind.rawValue + "s" == name {
        return { page(of: kind, display: $0) }
      }
      if let choice = Choice.named(name, kind: kind) { return { page(of: choice, display: $0) } }
    }
    if let statement = StatementHelp.all.first(where: { $0.words.contains(name) }) {
      return { _ in "\(statement.form)\n\(statement.summary)" }
    }
    if let value = runtime.global(name) {
      let text = session.echo(value, name: name)
      return { _ in text }
    }
    return page(ofOption: name)
  }

  private static func overview(width: Int) -> String {
    var lines = ["help NAME explains one of these; help TOPIC lists a topic with summaries.", ""]
    for topic in Topic.allCases {
      let names = Catalog.functions.filter { $0.topic == topic }.map { $0.name }
      lines += wrapped("\(topic.rawValue): ", names.joined(separator: " "), width: width)
    }
    for kind in Choice.Kind.allCases where ![.activation, .loss, .data].contains(kind) {
      lines += wrapped(
        "\(kind.rawValue)s: ", Catalog.choiceNames(of: kind).joined(separator: " "), width: width)
    }
    lines += wrapped(
      "statements: ", StatementHelp.all.flatMap { $0.words }.joined(separator: " "), width: width)
    return lines.joined(separator: "\n")
  }

  private static func page(of user: UserFunction) -> String {
    [user.signature, user.help].compactMap { $0 }.joined(separator: "\n")
  }

  private static func page(of function: BuiltinFunction, display: Display) -> String {
    var lines = wrapped("", function.signature, width: display.columns)
    lines += wrapped("", function.summary, width: display.columns)
    if let activation = activationBeside(function) {
      lines += wrapped("", activation, width: display.columns)
    } else {
      lines += formulas(of: function.name)
    }
    let parameters = function.parameters + (function.rest.map { [$0] } ?? [])
    if !parameters.isEmpty {
      lines.append("")
      let width = parameters.map { $0.signature.count }.max() ?? 0
      for parameter in parameters {
        let name = TextWidth.padded(parameter.signature, to: min(width, 24), .left)
        let other =
          parameter.aliases.isEmpty ? "" : " Also \(parameter.aliases.joined(separator: ", "))."
        let choices = parameter.kind.choices
        let rule = rule(of: parameter)
        lines += wrapped("  \(name)  ", parameter.summary + rule + other, width: display.columns)
        if choices.count > 2 {
          lines += wrapped(
            String(repeating: " ", count: min(width, 24) + 4), choices.joined(separator: ", "),
            width: display.columns)
        }
      }
    }
    for example in function.examples {
      lines += ["", "  \(example.code)"]
      lines += example.output.split(separator: "\n").map { "  # \($0)" }
    }
    if !function.aliases.isEmpty {
      lines += ["", "also called \(function.aliases.joined(separator: ", "))"]
    }
    return lines.joined(separator: "\n")
  }

  /// What is said where an activation has the name of a function that computes something else.
  static func activationBeside(_ function: BuiltinFunction) -> String? {
    guard function.topic != .activations else { return nil }
    for name in [function.name] + function.aliases {
      guard let activation = Choice.named(name, kind: .activation) else { continue }
      return "in a net, \(name) is the activation with the value \(activation.formula)"
    }
    return nil
  }

  /// What a value must be; nothing where the choices that are listed below say it all.
  private static func rule(of parameter: Parameter) -> String {
    guard let rule = parameter.kind.rule else { return "" }
    let choices = parameter.kind.choices
    let alternatives = rule.replacing(" or ", with: ", ").split(separator: ", ").map(String.init)
    return choices.count > 2 && Set(alternatives).isSubset(of: choices)
      ? "" : " \(capitalized(rule))."
  }

  /// The functions that have an option, each with what it says about it.
  private static func page(ofOption name: String) -> ((Display) -> String)? {
    let owners = Catalog.functions.flatMap { function in
      function.parameters.filter { $0.name == name }.map { (function.name, $0) }
    }
    guard !owners.isEmpty else { return nil }
    return { display in
      let width = owners.map { $0.0.count }.max() ?? 0
      return
        (["\(name) is an option of"]
        + owners.flatMap { function, parameter in
          wrapped(
            "  \(TextWidth.padded(function, to: width, .left))  ",
            "\(parameter.signature)  \(parameter.summary)\(rule(of: parameter))",
            width: display.columns)
        }).joined(separator: "\n")
    }
  }

  /// The formula of an activation or loss, and the derivative where the engine has one in words.
  private static func formulas(of name: String) -> [String] {
    var lines: [String] = []
    for kind in [Choice.Kind.activation, .loss] {
      guard let choice = Choice.named(name, kind: kind), !choice.formula.isEmpty else { continue }
      lines.append("  \(kind == .loss ? "loss" : "value"):       \(choice.formula)")
      break
    }
    let primitive = Primitive.all.first { $0.name == name && $0.derivativeFormula != nil }
    if let slope = primitive?.derivativeFormula {
      if lines.isEmpty, let formula = primitive?.formula, !formula.isEmpty {
        lines.append("  value:       \(formula)")
      }
      lines.append("  derivative:  \(slope)\(slope.contains("y") ? ", with y the value" : "")")
    }
    return lines
  }

  private static func page(of topic: Topic, display: Display) -> String {
    let functions = Catalog.functions.filter { $0.topic == topic }
    let width = functions.map { $0.name.count }.max() ?? 0
    let hasFormulas = topic == .activations || topic == .losses
    return functions.flatMap { function in
      wrapped(
        TextWidth.padded(function.name, to: width, .left) + "  ", function.summary,
        width: display.columns) + (hasFormulas ? formulas(of: function.name) : [])
    }.joined(separator: "\n")
  }

  private static func page(of kind: Choice.Kind, display: Display) -> String {
    let choices = Catalog.choices(of: kind)
    let width = choices.map { $0.signature.count }.max() ?? 0
    return choices.flatMap {
      wrapped(
        TextWidth.padded($0.signature, to: min(width, 32), .left) + "  ", $0.summary,
        width: display.columns)
    }.joined(separator: "\n")
  }

  private static func page(of choice: Choice, display: Display) -> String {
    var lines = ["\(choice.signature): \(choice.kind.withArticle)", choice.summary]
    if !choice.formula.isEmpty { lines.append("  \(choice.formula)") }
    for setting in choice.settings {
      lines += wrapped(
        "  \(setting.name)=\(setting.standard)  ",
        "\(setting.summary) \(capitalized(setting.expectation)).", width: display.columns)
    }
    return lines.joined(separator: "\n")
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  /// Words behind a head, broken at the width and set under each other.
  static func wrapped(_ head: String, _ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = head
    let indent = String(repeating: " ", count: min(TextWidth.columns(of: head), width / 2))
    var isFirst = true
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !isFirst, TextWidth.columns(of: line) + TextWidth.columns(of: String(word)) + 1 > width {
        lines.append(line)
        line = indent + word
      } else {
        line += isFirst ? String(word) : " \(word)"
      }
      isFirst = false
    }
    return lines + [line]
  }
}

/// The statements, for help and completion.
struct StatementHelp: Sendable {
  let words: [String]
  let form: String
  let summary: String

  static let all: [StatementHelp] = [
    .init(
      words: ["param"], form: "param w1 = 0.15, w2 = 0.20",
      summary: "Names what derivatives are taken with respect to."),
    .init(words: ["print"], form: "print a, b", summary: "Writes values, one blank between."),
    .init(
      words: ["check"], form: "check a ≈ 0.593, \"what it means when this fails\"",
      summary: "Says when a condition does not hold; the exit status is then 1."),
    .init(
      words: ["if", "else"], form: "if c { … } else { … }",
      summary: "Chooses; as an expression it has the value of the block taken."),
    .init(
      words: ["for", "in"], form: "for x in xs { … }",
      summary: "Runs the block for each element of a range, vector, list or matrix (its rows)."),
    .init(words: ["while"], form: "while c { … }", summary: "Runs the block as long as c holds."),
    .init(words: ["repeat"], form: "repeat 10 { … }", summary: "Runs the block so many times."),
    .init(
      words: ["break", "continue"], form: "break, continue",
      summary: "Leave the innermost loop, or go to its next round."),
    .init(words: ["return"], form: "return e", summary: "Ends a function with a value."),
    .init(words: ["import"], form: "import \"lib.bp\"", summary: "Runs another script here."),
    .init(words: ["time"], form: "time e", summary: "Says how long a statement takes."),
    .init(
      words: ["exercise", "hint", "mistake"],
      form: "exercise \"Title\" points=2 { hint \"…\"; check …; mistake …, \"…\" }",
      summary: "A task for students with its checks."),
  ]
}
