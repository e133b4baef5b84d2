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
    return unknownName(name, at: range, isHead: isHead, among: variables, runtime)
  }

  /// - Parameter variables: the names that have a value.
  package func unknownName(
    _ name: String, at range: SourceRange, isHead: Bool, among variables: [String],
    _ runtime: Runtime
  ) -> Failure {
    var help: [Advice] = []
    let spellings = [name, name.lowercased()]
    let choice = Choice.Kind.allCases.compactMap { kind in
      spellings.first { Choice.named($0, kind: kind) != nil }.map { (name: $0, kind: kind) }
    }.first
    if let choice {
      help.append(
        "\(choice.name) is \(choice.kind.withArticle) and stands where one is chosen")
    } else if let sign = commentSign(before: name, at: range) {
      help.append(Advice(sign))
    } else if let foreign = foreignHelp(for: name, at: range) {
      help.append(Advice(foreign))
      // A variable may be meant all the same: alpha for alpha1.
      if let near = Spelling.nearest(to: name, in: variables) {
        help.append(.nearest(near, to: range))
      }
    } else if let factors = product(of: name, among: variables) {
      help.append("a product needs its sign: \(factors.joined(separator: "*"))")
    } else if let weight = weightWord(name, among: variables, runtime) {
      help.append(Advice(weight))
    } else if let owner = owner(of: name, among: variables, runtime) {
      help.append("the values are \(owner.net).\(owner.parameter)")
      help.append("explain and diagnose take the name of a weight as a string: \"\(owner.weight)\"")
    } else if let near = Spelling.nearest(
      to: name,
      in: variables + catalog.names + (isHead ? StatementHelp.all.flatMap({ $0.words }) : []))
    {
      help.append(.nearest(near, to: range))
    } else if let placeholder = placeholder(name, at: range) {
      help.append(Advice(placeholder))
    } else if isHead, name == "d" {
      help.append("grad E w gives a derivative, f' that of a function")
    } else if isHead {
      help.append("help lists what there is")
    }
    return Failure(
      isHead ? "there is no function \(name)" : "\(name) has no value", at: range,
      label: "unknown name", advice: help)
  }

  /// How what a name means elsewhere is said here; of a module, what stands behind its point.
  private func foreignHelp(for name: String, at range: SourceRange) -> String? {
    if ForeignWord.isModule(name), let path = source.flatMap(source)?.path(from: range),
      path.hasPrefix("\(name)."), let member = path.split(separator: ".").last, member != "add"
    {
      if let function = catalog.function(String(member)) {
        return "functions stand alone here: \(function.order)"
      }
      if let foreign = ForeignWord.named(path) { return foreign.help }
    }
    if let foreign = ForeignName.help(for: name) { return foreign }
    if Concept.named(name) != nil { return "help \(name) explains the word" }
    if HelpTopic.all.contains(where: { $0.name == name }) { return "help \(name) lists them" }
    // A short name is rather a variable that is not there yet.
    guard name.count > 3 else { return nil }
    let owner = catalog.functions.first { function in
      function.parameters.contains { $0.name == name && !$0.isRequired }
    }
    return owner.map { "\(name) is an option, as in \($0.order) \(name)=…" }
  }

  /// `x = 3 % note`: what stands behind the sign was to be a comment.
  private func commentSign(before name: String, at range: SourceRange) -> String? {
    guard let text = source.flatMap(source), text.text(of: range) == name else { return nil }
    let before = text.bytes[..<max(0, min(range.start, text.bytes.count))]
    guard let sign = before.lastIndex(where: { $0 != 0x20 }), before[sign] == UInt8(ascii: "%"),
      sign + 1 < range.start
    else { return nil }
    return "a comment begins with #, not with %"
  }

  /// `w11` where there is a net: the symbol of a weight in formulas.
  private func weightWord(
    _ name: String, among variables: [String], _ runtime: Runtime
  ) -> String? {
    guard let letter = name.first, "wWbvθ".contains(letter), name.count > 1,
      name.dropFirst().allSatisfy({ $0.isNumber || $0 == "_" }),
      let net = variables.first(where: {
        if case .network? = runtime.global($0) { true } else { false }
      }), owner(of: name, among: variables, runtime) == nil
    else { return nil }
    return "explain and diagnose take the name of a weight as a string: \"\(name)\" or "
      + "\"W1[1,1]\"; its value is \(net).W1[1,1]"
  }

  /// The x of `plot sin(x)` and the X of `data X T`, which stand for something in books and in help.
  private func placeholder(_ name: String, at range: SourceRange) -> String? {
    guard let text = source.flatMap(source), text.text(of: range) == name, name.count == 1 else {
      return nil
    }
    let line = text.text(of: text.range(ofLine: text.line(at: range.start)))
    if line.hasPrefix("plot ") || line.hasPrefix("plot(") || line.hasPrefix("landscape ") {
      return "a function is drawn by its name, plot sin, or as plot (\(name) -> \(name)^2)"
    }
    if line.contains(part: "data \(name) ") || name == "X" {
      return "rows stand in brackets, and their targets: data [[1, 2], [3, 4]] [0, 1]"
    }
    return nil
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

extension SourceText {
  /// The names with points between them that begin at a range: `np.linalg.norm`.
  fileprivate func path(from range: SourceRange) -> String {
    let rest = bytes[max(0, min(range.start, bytes.count))...]
    let path = rest.prefix { byte in
      byte == 0x2E || byte == 0x5F || (0x30...0x39).contains(byte)
        || (0x41...0x5A).contains(byte & 0xDF)
    }
    return String(decoding: path, as: UTF8.self)
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
    return Self.nestedCallHelp(of: function, word: name)
  }

  package static func nestedCallHelp(of function: String, word: String) -> String {
    "a call in a call needs parentheses: \(function) (\(word) …)"
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
    var help: [Advice] = []
    if let foreign = ForeignName.options[name.text], names.contains(foreign.own) {
      help = [Advice(foreign.help)]
    } else if let owner = owner(of: name.text, among: words) {
      help = [Advice(owner)]
    } else if names.contains("optimizer"), Choice.named(name.text, kind: .optimizer) != nil {
      help = ["\(name.text) is an optimizer: optimizer=\(name.text)(0.9)"]
    } else {
      if let near = Spelling.nearest(
        to: name.text, in: names + function.parameters.flatMap({ $0.aliases }))
      {
        help.append(.nearest(near, to: name.range))
      }
      if let own = function.parameters.first(where: {
        $0.isRequired && $0.name.lowercased() == name.text.lowercased()
      }) {
        help.append("\(own.name) stands without a name: \(function.order)")
      }
      if let rest = function.rest, name.text.hasPrefix(rest.name) {
        help.append("\(rest.name) stands without a name: \(function.order)")
      }
      help.append(
        names.isEmpty
          ? "\(function.name) takes no options"
          : "its options: \(names.joined(separator: ", "))")
    }
    return Failure(
      "\(function.name) has no option \(name.text)", at: name.range, label: "unknown option",
      advice: help)
  }

  /// The help for `f g n=5`, where n is an option of the catalog's function g.
  package func owner(of option: String, among words: [String]) -> String? {
    words.first { word in
      global(word) == nil
        && session.catalog.function(word)?.parameters.contains { $0.name == option } == true
    }.map { "\(option) belongs to \($0): write (\($0) \(option)=…)" }
  }
}
