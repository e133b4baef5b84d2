import Learning
import Syntax

extension Session {
  /// What the catalog has under a name that no variable has: a constant, a data set with its
  /// defaults, or a function.
  func catalogValue(
    of name: String, at range: SourceRange, _ runtime: Runtime
  ) throws(Failure) -> Value {
    if let blank = blank(of: name) { throw .blank(blank) }
    if let constant = catalog.constant(name) { return .number(constant.value) }
    if let function = catalog.function(name) {
      if let generator = catalog.generator(name) { return .data(generator.generated()) }
      return .function(Function(name: function.name, body: .builtin(function)))
    }
    throw unknownName(name, at: range, isHead: false, runtime)
  }

  /// Whether the name is a variable or in the catalog.
  func knows(_ name: String, _ runtime: Runtime) -> Bool {
    runtime.global(name) != nil || catalog.constant(name) != nil || catalog.function(name) != nil
  }

  /// The user's own value of a name that is written as an argument.
  func userBinding(
    _ name: String, _ code: Code, _ slots: Slots, _ runtime: Runtime
  ) -> Value? {
    if case .localVariable = code.form { return try? code.evaluate(slots, runtime) }
    return runtime.global(name)
  }

  /// The error of a name that means nothing, with what was probably meant.
  func unknownName(
    _ name: String, at range: SourceRange, isHead: Bool, _ runtime: Runtime
  ) -> Failure {
    if let blank = blank(of: name) { return .blank(blank) }
    let variables = runtime.globalNames.filter { runtime.global($0) != nil }
    var help: [String] = []
    let kind = Choice.Kind.allCases.first { Choice.named(name, kind: $0) != nil }
    if let kind {
      help.append("\(name) is \(kind.withArticle) and stands where one is chosen")
    } else if let foreign = ForeignName.help(for: name) {
      help.append(foreign)
    } else if let factors = product(of: name, among: variables) {
      help.append("a product needs its sign: \(factors.joined(separator: "*"))")
    } else if let owner = owner(of: name, among: variables, runtime) {
      help.append("the values are \(owner.net).\(owner.parameter)")
      help.append("explain and diagnose take the name of a weight as a string: \"\(owner.weight)\"")
    } else if let near = Spelling.nearest(
      to: name,
      in: variables + catalog.names + (isHead ? StatementHelp.all.flatMap({ $0.words }) : []))
    {
      help.append("did you mean \(near)?")
    } else if isHead {
      help.append("help lists what there is")
    }
    return Failure(
      isHead ? "there is no function \(name)" : "\(name) has no value", at: range,
      label: "unknown name", help: help)
  }

  /// The net that has a parameter of this name, in either case, and how one of its weights is named.
  private func owner(
    of name: String, among variables: [String], _ runtime: Runtime
  ) -> (net: String, parameter: String, weight: String)? {
    for variable in variables {
      guard case .network(let network)? = runtime.global(variable),
        let parameter = network.parameterNames.first(where: {
          $0 == name || $0.lowercased() == name.lowercased()
        })
      else { continue }
      let index = parameter.hasPrefix("W") ? "[1,1]" : parameter.hasPrefix("b") ? "[1]" : ""
      return (variable, parameter, parameter + index)
    }
    return nil
  }

  /// The known names that an unknown one is put together from: `xy` from x and y.
  private func product(of name: String, among variables: [String]) -> [String]? {
    guard name.count <= 12 else { return nil }
    for variable in variables where variable != name && name.hasPrefix(variable) {
      let rest = String(name.dropFirst(variable.count))
      if variables.contains(rest) { return [variable, rest] }
      if let others = product(of: rest, among: variables) { return [variable] + others }
    }
    return nil
  }
}

extension Runtime {
  /// The help for `f g x`, which is f of two arguments, where g is a function.
  func nestedCall(
    of function: String, _ codes: [ArgumentCode], before extra: ArgumentCode
  ) -> String? {
    guard let place = codes.firstIndex(where: { $0.code === extra.code }), place > 0,
      let word = codes[place - 1].word, !word.hasArguments
    else { return nil }
    let name = word.name.text
    guard session.catalog.function(name) != nil || global(name)?.isFunction == true else {
      return nil
    }
    return "a call in a call needs parentheses: \(function) (\(name) …)"
  }
}

extension Runtime {
  /// The error of an option that a function does not take.
  ///
  /// - Parameters:
  ///   - more: what it takes besides the options it declares.
  ///   - words: the bare words among its arguments; the option may be meant for one of them.
  package func unknownOption(
    _ name: Name, of function: BuiltinFunction, besides more: [String] = [], among words: [String]
  ) -> Failure {
    let names = more + function.parameters.filter { !$0.isRequired }.map { $0.name }
    var help: [String] = []
    if let foreign = ForeignName.options[name.text], names.contains(foreign.own) {
      help = [foreign.help]
    } else if let owner = owner(of: name.text, among: words) {
      help = [owner]
    } else if names.contains("optimizer"), Choice.named(name.text, kind: .optimizer) != nil {
      help = ["\(name.text) is an optimizer: optimizer=\(name.text)(0.9)"]
    } else {
      if let near = Spelling.nearest(
        to: name.text, in: names + function.parameters.flatMap({ $0.aliases }))
      {
        help.append("did you mean \(near)?")
      }
      if let rest = function.rest, name.text.hasPrefix(rest.name) {
        help.append("\(rest.name) stands without a name: \(function.order)")
      }
      help.append(
        names.isEmpty
          ? "\(function.name) takes no options" : "its options: \(names.joined(separator: ", "))")
    }
    return Failure(
      "\(function.name) has no option \(name.text)", at: name.range, label: "unknown option",
      help: help)
  }

  /// The help for `f g n=5`, where n is an option of the catalog's function g.
  package func owner(of option: String, among words: [String]) -> String? {
    words.first { word in
      global(word) == nil
        && session.catalog.function(word)?.parameters.contains { $0.name == option } == true
    }.map { "\(option) belongs to \($0): write (\($0) \(option)=…)" }
  }
}
