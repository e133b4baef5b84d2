import Differentiation
import Learning
import Rendering
import Syntax

/// The texts of `help`, all made from the catalog and the user's definitions.
package enum Help {
  /// The help on a name, or the list of everything; nil where the name means nothing.
  package static func text(
    for name: String?, session: Session, runtime: Runtime
  ) -> ((Display) -> String)? {
    guard let name else { return { HelpTopic.overview(width: $0.columns) } }
    if let text = page(of: name, session, runtime) { return text }
    if questions.contains(name.lowercased()) { return { HelpTopic.overview(width: $0.columns) } }
    let asked = asked(name)
    if asked != name, let text = page(of: asked, session, runtime) { return text }
    let lowered = asked.lowercased()
    return lowered == asked ? nil : page(of: lowered, session, runtime)
  }

  /// The help on a name of the session or the catalog, or on a term; not on words of other tools.
  package static func text(
    ofKnown name: String, session: Session, runtime: Runtime
  ) -> ((Display) -> String)? {
    page(ofNamed: name, session: session, runtime: runtime) ?? page(ofTerm: name, session.catalog)
  }

  private static func page(
    of name: String, _ session: Session, _ runtime: Runtime
  ) -> ((Display) -> String)? {
    if let text = page(ofNamed: name, session: session, runtime: runtime) { return text }
    if let text = page(ofTerm: name, session.catalog) { return text }
    // What a word is called elsewhere, with a module before it: np.zeros, layers.Dense.
    guard let point = name.lastIndex(of: "."), point != name.startIndex else {
      return page(ofForeign: name, session: session, runtime: runtime)
    }
    let last = String(name[name.index(after: point)...])
    return page(ofNamed: last, session: session, runtime: runtime)
      ?? page(ofForeign: name, session: session, runtime: runtime)
  }

  /// What is asked for, without the words of a question and the brackets of a call: `what is an
  /// epoch?`, `fit()`.
  private static func asked(_ name: String) -> String {
    var words = name.split(separator: " ").map { String($0) }
    while words.count > 1, let first = words.first, questions.contains(first.lowercased()) {
      words.removeFirst()
    }
    var text = words.joined(separator: " ")
    if text.count > 1, text.last == "?" { text.removeLast() }
    guard let open = text.firstIndex(of: "("), open != text.startIndex, text.last == ")" else {
      return text
    }
    return String(text[..<open])
  }

  private static let questions: Set<String> = [
    "what", "is", "are", "a", "an", "the", "how", "to", "do", "does", "i", "you", "can", "about",
    "on", "with", "me", "explain", "mean", "means", "meaning", "of", "for", "use", "why", "make",
  ]

  /// What the user or the catalog has under a name, and topics.
  private static func page(
    ofNamed name: String, session: Session, runtime: Runtime
  ) -> ((Display) -> String)? {
    if case .function(let function)? = runtime.global(name), case .user(let user) = function.body {
      return { _ in page(of: user) }
    }
    if let function = session.catalog.function(name) {
      return { display in
        var parts = [page(of: function, display: display)]
        if let topic = Topic(rawValue: name) {
          let names = session.catalog.functions.filter { $0.topic == topic }.map { $0.name }
          parts.append(
            TextWidth.hanging(
              "The topic \(name): ", names.joined(separator: " "), width: display.columns
            ).joined(separator: "\n"))
        }
        if let concept = Concept.all.first(where: { $0.words.first == name }) {
          parts.append(page(of: concept, display: display))
        }
        return parts.joined(separator: "\n\n")
      }
    }
    if let constant = session.catalog.constant(name) {
      return { _ in
        "\(constant.name) = \(NumberStyle.standard.text(constant.value))\n\(constant.summary)"
      }
    }
    if let topic = Topic(rawValue: name) {
      return { page(of: topic, session.catalog, display: $0) }
    }
    for kind in Choice.Kind.allCases {
      if kind.rawValue == name || kind.rawValue + "s" == name {
        return { page(of: kind, display: $0) }
      }
      if let choice = Choice.named(name, kind: kind) { return { page(of: choice, display: $0) } }
    }
    if let statement = StatementHelp.all.first(where: { $0.words.contains(name) }) {
      return { display in
        ([statement.form] + TextWidth.hanging("", statement.summary, width: display.columns))
          .joined(separator: "\n")
      }
    }
    if let value = runtime.global(name) {
      let text = session.echo(value, name: name)
      return { _ in text }
    }
    return nil
  }

  /// A word of another tool: how the same is said here, and what the words of ours do.
  private static func page(
    ofForeign name: String, session: Session, runtime: Runtime
  ) -> ((Display) -> String)? {
    let record = ForeignWord.named(name)
    guard let text = record?.help ?? ForeignName.help(for: name) else { return nil }
    let see = record?.see ?? []
    return { display in
      let further =
        see.isEmpty
        ? [] : ["", "more: " + see.map { "help \($0)" }.joined(separator: ", ")]
      return (TextWidth.hanging("", "\(name): \(text)", width: display.columns) + further)
        .joined(separator: "\n")
    }
  }

  private static func page(of concept: Concept, display: Display) -> String {
    (TextWidth.hanging("", concept.text, width: display.columns)
      + ["", "  \(concept.example)"]).joined(separator: "\n")
  }

  /// What has no name in the catalog: signs, terms of the field, and options.
  private static func page(ofTerm name: String, _ catalog: Catalog) -> ((Display) -> String)? {
    switch Concept.normalized(name) {
    case "statements", "statement": return { statements(width: $0.columns) }
    case "operators", "operator", "signs": return { OperatorHelp.table(width: $0.columns) }
    case "concepts", "concept", "terms", "words": return { concepts(width: $0.columns) }
    case "everything", "topics", "topic", "names", "functions of bp":
      return { everything(catalog, width: $0.columns) }
    default: break
    }
    if let sign = OperatorHelp.named(name) {
      return { display in
        ([sign.form] + TextWidth.hanging("", sign.summary, width: display.columns))
          .joined(separator: "\n")
      }
    }
    if let concept = Concept.named(name) {
      return { display in
        let option = page(ofOption: name, catalog).map { "\n\n\($0(display))" } ?? ""
        return page(of: concept, display: display) + option
      }
    }
    return page(ofOption: name, catalog)
  }

  private static func statements(width: Int) -> String {
    StatementHelp.all.flatMap {
      [$0.form] + TextWidth.hanging("  ", $0.summary, width: width)
    }.joined(separator: "\n")
  }

  private static func concepts(width: Int) -> String {
    TextWidth.hanging(
      "", Concept.all.compactMap { $0.words.first }.joined(separator: ", "), width: width
    ).joined(separator: "\n")
  }

  /// What `help` knows besides the names of the catalog, for suggestions and completion.
  package static var terms: [String] {
    HelpTopic.all.map { $0.name } + ["everything"] + Concept.all.flatMap { $0.words }
      + StatementHelp.all.flatMap { $0.words } + OperatorHelp.all.flatMap { $0.words }
  }

  private static func everything(_ catalog: Catalog, width: Int) -> String {
    var lines = ["All names by topic; help NAME explains one of them.", ""]
    for topic in Topic.allCases {
      let names = catalog.functions.filter { $0.topic == topic }.map { $0.name }
      lines += TextWidth.hanging("\(topic.rawValue): ", names.joined(separator: " "), width: width)
    }
    for kind in Choice.Kind.allCases where ![.activation, .loss, .data].contains(kind) {
      lines += TextWidth.hanging(
        "\(kind.rawValue)s: ", kind.names.joined(separator: " "), width: width)
    }
    lines += TextWidth.hanging(
      "statements: ", StatementHelp.all.flatMap { $0.words }.joined(separator: " "), width: width)
    lines += TextWidth.hanging(
      "operators: ", OperatorHelp.all.flatMap { $0.symbols }.joined(separator: " "), width: width)
    lines += TextWidth.hanging("concepts: ", concepts(width: .max), width: width)
    return lines.joined(separator: "\n")
  }

  /// The help on an option of a function, or on a setting of a choice.
  package static func text(
    ofOption parameter: Parameter, of owner: String, _ display: Display
  ) -> String {
    var lines = TextWidth.hanging(
      "", parameter.summary + rule(of: parameter), width: display.columns)
    let choices = parameter.kind.choices
    if choices.count > 2 {
      lines += TextWidth.hanging("  ", choices.joined(separator: ", "), width: display.columns)
    }
    return (["\(owner) … \(parameter.signature)"] + lines).joined(separator: "\n")
  }

  /// The help on a function of bp, whatever else has its name.
  package static func text(of function: BuiltinFunction, _ display: Display) -> String {
    page(of: function, display: display)
  }

  /// The help on an activation, a loss, an optimizer …
  package static func text(of choice: Choice, _ display: Display) -> String {
    page(of: choice, display: display)
  }

  private static func page(of user: UserFunction) -> String {
    [user.signature, user.help].compactMap { $0 }.joined(separator: "\n")
  }

  private static func page(of function: BuiltinFunction, display: Display) -> String {
    var lines = TextWidth.hanging("", function.signature, width: display.columns)
    lines += TextWidth.hanging("", function.summary, width: display.columns)
    if let activation = activationBeside(function) {
      lines += TextWidth.hanging("", activation, width: display.columns)
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
        lines += TextWidth.hanging(
          "  \(name)  ", parameter.summary + rule + other, width: display.columns)
        if choices.count > 2 {
          lines += TextWidth.hanging(
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
    let alternatives = rule.replacingEach("one of ", by: "").replacingEach(" or ", by: ", ")
      .replacingEach(", ", by: "\n").split(separator: "\n").map { String($0) }
    return choices.count > 2 && Set(alternatives).isSubset(of: choices)
      ? "" : " \(capitalized(rule))."
  }

  /// The functions that have an option, each with what it says about it.
  private static func page(ofOption name: String, _ catalog: Catalog) -> ((Display) -> String)? {
    let owners = catalog.functions.flatMap { function in
      function.parameters.filter { $0.name == name }.map { (function.name, $0) }
    }
    guard !owners.isEmpty else { return nil }
    return { display in
      let width = owners.map { $0.0.count }.max() ?? 0
      return
        (["\(name) is an option of"]
        + owners.flatMap { function, parameter in
          TextWidth.hanging(
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
    if let derivative = primitive?.derivativeFormula {
      if lines.isEmpty, let formula = primitive?.formula, !formula.isEmpty {
        lines.append("  value:       \(formula)")
      }
      let usesValue = derivative.contains("y")
      lines.append("  derivative:  \(derivative)\(usesValue ? ", with y the value" : "")")
    }
    return lines
  }

  private static func page(of topic: Topic, _ catalog: Catalog, display: Display) -> String {
    let functions = catalog.functions.filter { $0.topic == topic }
    let width = functions.map { $0.name.count }.max() ?? 0
    let hasFormulas = topic == .activations || topic == .losses
    return functions.flatMap { function in
      TextWidth.hanging(
        TextWidth.padded(function.name, to: width, .left) + "  ", function.summary,
        width: display.columns) + (hasFormulas ? formulas(of: function.name) : [])
    }.joined(separator: "\n")
  }

  private static func page(of kind: Choice.Kind, display: Display) -> String {
    let choices = kind.choices
    let width = choices.map { $0.signature.count }.max() ?? 0
    return choices.flatMap {
      TextWidth.hanging(
        TextWidth.padded($0.signature, to: min(width, 32), .left) + "  ", $0.summary,
        width: display.columns)
    }.joined(separator: "\n")
  }

  private static func page(of choice: Choice, display: Display) -> String {
    var lines = ["\(choice.signature): \(choice.kind.withArticle)", choice.summary]
    if !choice.formula.isEmpty { lines.append("  \(choice.formula)") }
    for setting in choice.settings {
      lines += TextWidth.hanging(
        "  \(setting.name)=\(setting.standardValue)  ",
        "\(setting.summary) \(capitalized(setting.kind.expectation)).", width: display.columns)
    }
    return lines.joined(separator: "\n")
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
