import Differentiation
import Learning
import Syntax

/// One argument of a call as it is written.
struct ArgumentCode {
  let name: Name?
  let code: Code
  /// The bare word or the call of a bare word that the argument is written as: it may name a
  /// choice (`adam`, `momentum(0.9)`) rather than a variable.
  let word: Word?

  final class Word: Sendable {
    let name: Name
    /// nil for a bare word.
    nonisolated let hasArguments: Bool

    init(name: Name, hasArguments: Bool) {
      self.name = name
      self.hasArguments = hasArguments
    }
  }

  /// The arguments behind the word, where it is written as a call.
  let wordArguments: [ArgumentCode]
  /// The elements of a list with words in it: `[sgd, momentum(0.5)]`.
  var elements: [ArgumentCode] = []

  var range: SourceRange { name.map { $0.range.union(code.range) } ?? code.range }
}

/// Matches the arguments of a call to the declared parameters of a catalog function.
struct Binding {
  let function: BuiltinFunction
  let call: SourceRange
  let slots: Slots
  let runtime: Runtime

  /// - Throws: for a missing, unknown, repeated or unsuitable argument, pointing at it.
  func bind(_ codes: [ArgumentCode]) throws(Failure) -> Arguments {
    var arguments = Arguments(
      function: function, runtime: runtime, range: call,
      bound: Array(repeating: nil, count: function.parameters.count))
    var position = 0
    for code in codes {
      if let name = code.name {
        try bindOption(name, code, among: codes, into: &arguments)
        continue
      }
      // A positional argument goes to the next parameter that is not given by name.
      while position < function.parameters.count, arguments.bound[position] != nil {
        position += 1
      }
      if position < function.positionalCount {
        arguments.bound[position] = try argument(code, for: function.parameters[position])
        position += 1
      } else if let rest = function.rest {
        arguments.rest.append(try argument(code, for: rest))
      } else {
        throw tooMany(codes, from: code)
      }
    }
    for (place, parameter) in function.parameters.enumerated()
    where parameter.isRequired && arguments.bound[place] == nil {
      throw function.missing(parameter, at: call)
    }
    return arguments
  }

  private func tooMany(_ codes: [ArgumentCode], from extra: ArgumentCode) -> Failure {
    function.tooMany(
      given: codes.count { $0.name == nil }, at: extra.range,
      help: nestedCall(codes, before: extra) ?? ForeignName.calls[function.name]
        ?? looseNumbers(codes))
  }

  /// The help for `sum 1 2 3`, where the numbers of a vector stand side by side.
  private func looseNumbers(_ codes: [ArgumentCode]) -> String? {
    let numbers = codes.compactMap { $0.name == nil ? $0.code.literals?.first : nil }
    guard numbers.count == codes.count, let first = function.parameters.first,
      first.kind.converted(.tensor(Tensor(vector: [1, 2]))) != nil
    else { return nil }
    return "the numbers of a vector stand in brackets: "
      + "\(function.name) [\(numbers.joined(separator: ", "))]"
  }

  /// `f g x` is meant as `f (g x)` where g is a function.
  private func nestedCall(_ codes: [ArgumentCode], before extra: ArgumentCode) -> String? {
    runtime.nestedCall(of: function.name, codes, before: extra)
  }

  private func bindOption(
    _ name: Name, _ code: ArgumentCode, among codes: [ArgumentCode],
    into arguments: inout Arguments
  ) throws(Failure) {
    let place = function.parameters.firstIndex {
      $0.name == name.text || $0.aliases.contains(name.text)
    }
    // What is handed on to a function that names it is no option of this one.
    let isPassed: Bool =
      if function.passesOptions, case .function(let subject)? = arguments.rest.first?.value {
        subject.parameterNames.contains(name.text)
      } else {
        false
      }
    guard let place, !isPassed else {
      if function.passesOptions {
        let value = try code.code.evaluate(slots, runtime)
        arguments.options.append(
          (
            name,
            BoundArgument(value: value, range: code.range, name: code.code.variableName)
          ))
        return
      }
      throw runtime.unknownOption(
        name, of: function,
        among: codes.compactMap { $0.word?.hasArguments == false ? $0.word?.name.text : nil })
    }
    let parameter = function.parameters[place]
    if parameter.name != name.text {
      runtime.session.noteOnce("\(name.text) is called \(parameter.name) here")
    }
    if let earlier = arguments.bound[place] {
      throw Failure(
        "\(parameter.name) is given twice", at: name.range,
        labels: [.init(earlier.range, "first here")])
    }
    arguments.bound[place] = try argument(code, for: parameter)
  }

  // MARK: One argument

  private func argument(
    _ code: ArgumentCode, for parameter: Parameter
  ) throws(Failure) -> BoundArgument {
    let value = try value(of: code, as: parameter.kind, parameter)
    return BoundArgument(value: value, code: code.code)
  }

  /// Closed words come before variables; a variable of an accepted kind comes before a choice.
  private func value(
    of code: ArgumentCode, as kind: Parameter.Kind, _ parameter: Parameter
  ) throws(Failure) -> Value {
    if case .alternatives(let one) = kind, !code.elements.isEmpty,
      !(one.choiceKinds.isEmpty && one.words.isEmpty)
    {
      var values: [Value] = []
      for element in code.elements { values.append(try value(of: element, as: one, parameter)) }
      return .list(values)
    }
    if let word = code.word {
      if !word.hasArguments, kind.takesBareWords || kind.words.contains(word.name.text) {
        return .string(word.name.text)
      }
      for choiceKind in kind.choiceKinds {
        if let value = try choice(word, code, choiceKind) { return value }
      }
    }
    let value: Value
    do {
      value = try code.code.evaluate(slots, runtime)
    } catch {
      if let word = code.word, !word.hasArguments, !kind.choices.isEmpty,
        !runtime.session.knows(word.name.text, runtime)
      {
        throw kind.unknownWord(word.name, of: parameter, in: function)
      }
      if let word = code.word, !word.hasArguments, let help = help(forUnknown: word.name.text, kind)
      {
        throw error.helped(by: help)
      }
      // `csv table.csv`: what looks like a field is the ending of a file.
      if let path = code.code.variableName, case .string = kind, path.contains("."),
        let first = path.split(separator: ".").first,
        !runtime.session.knows(String(first), runtime)
      {
        throw error.helped(by: "the name of a file stands in double quotes: \"\(path)\"")
      }
      throw error
    }
    if let converted = kind.converted(value) { return converted }
    let brief = runtime.session.brief(value)
    var choices =
      kind.isClosed && kind.choices.count > 1
      ? ["choose one of \(kind.choices.joined(separator: ", "))"] : []
    if case .function(let function) = value, kind.words.contains(function.name) {
      choices = ["a word that goes through a variable is a string: \"\(function.name)\""]
    }
    if case .function(let other) = value, let word = code.word, !word.hasArguments,
      other.name == word.name.text || runtime.session.catalog.function(word.name.text) != nil,
      !parameterTakesFunctions(kind)
    {
      choices = [
        "a call in a call needs parentheses: \(function.name) (\(word.name.text) …)"
      ]
    }
    if case .wholeNumber = kind, let sizes = wholeNumbers(value),
      Help.activationBeside(function) == nil
    {
      choices.append("write \(function.name) \(sizes.joined(separator: " "))")
    }
    if case .list(let list) = value, kind.takesRecords,
      list.allSatisfy({ if case .string = $0 { true } else { false } })
    {
      choices.append("names go with their numbers in a record: \(function.name) [a: 3, b: 5]")
    }
    if let rank = value.shape?.rank, rank > 0, kind.choiceKinds.contains(.data) || kind.takesData {
      choices = ["data X T makes a data set of samples and their targets"]
    }
    if value.isNumeric, kind.choiceKinds.contains(.activation) {
      choices.insert("sizes stand in brackets: mlp [2,20,1] relu sigmoid", at: 0)
    }
    if value.isNumeric, let other = Help.activationBeside(function) { choices.append(other) }
    if case .wholeNumber(let range) = kind, value.number != nil, range.upperBound < 10 {
      choices.append("\(parameter.name): \(parameter.summary)")
    }
    if let foreign = ForeignName.values[parameter.name] { choices = [foreign] }
    // `save "net.onnx" net`
    if case .string = kind, parameter.name == "file", code.name == nil,
      case .written = function.files
    {
      let name = code.word?.name.text ?? value.kind
      choices = ["the file comes last: \(function.name) \(name) \"file.ending\""]
    }
    // `train net data`, as help writes the places of the arguments.
    if case .function(let other) = value, other.name == "data",
      kind.takesData || kind.choiceKinds.contains(.data)
    {
      choices = ["data stands for the data set that you mean: circles, or d = data X T"]
    }
    // `predict net 1 2`: the second number came to an option.
    if code.name == nil, !parameter.isRequired, value.number != nil, kind.takesNumbers == false {
      choices = ["numbers that belong together stand in brackets: [1, 2]"]
    }
    // `train(net circles)`
    if case .call = code.code.form, case .network = kind, value.isNumeric {
      choices = ["arguments in parentheses have commas between them: \(function.name)(net, …)"]
    }
    if case .stream = value, kind.takesData {
      choices = ["the rows of a stream are not in memory; s[1..1000] is a data set of some of them"]
    }
    guard parameter.isRequired, code.name == nil else {
      throw Failure(
        "\(parameter.name) must be \(kind.expectation)", at: code.code.range, label: brief,
        help: choices)
    }
    let contrast = value.number == nil || kind.takesNumbers == false ? ", not \(value.kind)" : ""
    throw Failure(
      "\(function.name) takes \(kind.expectation) here\(contrast)", at: code.code.range,
      label: brief == value.kind ? "" : brief,
      help: choices.isEmpty ? ["in order: \(function.order)"] : choices)
  }

  private func parameterTakesFunctions(_ kind: Parameter.Kind) -> Bool {
    kind.converted(.function(Function(name: function.name, body: .builtin(function)))) != nil
  }

  /// The one or two whole numbers of a vector, as sizes are written elsewhere.
  private func wholeNumbers(_ value: Value) -> [String]? {
    guard case .tensor(let tensor) = value, tensor.shape.rank == 1,
      (1...2).contains(tensor.elements.count),
      tensor.elements.allSatisfy({ $0 == $0.rounded() && abs($0) < 1e9 })
    else { return nil }
    return tensor.elements.map { runtime.session.text(of: .number($0)) }
  }

  /// What an unknown word was probably meant as: an option without its =, or a string.
  private func help(forUnknown word: String, _ kind: Parameter.Kind) -> String? {
    guard !runtime.session.knows(word, runtime) else { return nil }
    let option = function.parameters.first { parameter in
      !parameter.isRequired
        && ([parameter.name] + parameter.aliases).contains {
          $0 == word || $0.hasPrefix("\(word)_")
        }
    }
    if let option { return "an option is written with =: \(option.name)=…" }
    if case .string = kind { return "the name of a file stands in double quotes" }
    return nil
  }

  /// The choice that a word names, unless the user has a fitting binding under that name.
  private func choice(
    _ word: ArgumentCode.Word, _ code: ArgumentCode, _ kind: Choice.Kind
  ) throws(Failure) -> Value? {
    if let own = runtime.session.userBinding(word.name.text, code.code, slots, runtime) {
      switch own {
      case .choice(let choice) where choice.kind == kind: return .choice(choice)
      case .function(let function) where kind == .optimizer:
        // A function that only happens to have the name of an optimizer hides none.
        guard Runtime.isUpdateRule(function) || Choice.named(function.name, kind: kind) == nil
        else { break }
        guard word.hasArguments else { return own }
        let rule = Choice.optimizer(try runtime.optimizer(function, at: word.name.range))
        return .choice(try configured(rule, with: code.wordArguments, function))
      case .function where kind.takesFunctions && !word.hasArguments:
        return Parameter.Kind.choice(kind).converted(own)
      default: break
      }
    }
    guard let choice = Choice.named(word.name.text, kind: kind) else { return nil }
    guard word.hasArguments else { return .choice(choice) }
    return .choice(try configured(choice, with: code.wordArguments))
  }

  /// - Parameter function: of the user, where the choice is one.
  private func configured(
    _ choice: Choice, with codes: [ArgumentCode], _ function: Function? = nil
  ) throws(Failure) -> Choice {
    var positional: [Parameter.Value] = []
    var named: [(name: String, value: Parameter.Value)] = []
    for code in codes {
      let value = try code.code.evaluate(slots, runtime)
      let setting: Parameter.Value
      if let number = value.number {
        setting = .number(number)
      } else if case .string(let text) = value {
        setting = .word(text)
      } else {
        throw Failure(
          "a setting of \(choice.name) is a number or a string", at: code.code.range,
          label: value.kind)
      }
      if let name = code.name {
        guard choice.settings.contains(where: { ([$0.name] + $0.aliases).contains(name.text) })
        else { throw runtime.unknownSetting(name, at: code.range, of: choice, function) }
        named.append((name.text, setting))
      } else {
        positional.append(setting)
      }
    }
    do throws(LearningError) {
      return try choice.configured(positional, named: named)
    } catch {
      throw failure(error, codes)
    }
  }

  private func failure(_ error: LearningError, _ codes: [ArgumentCode]) -> Failure {
    let notes = error.notes.compactMap { note -> (SourceRange, String)? in
      switch note.target {
      case .setting(let position):
        let places = codes.filter { $0.name == nil }
        return position < places.count ? (places[position].range, note.text) : nil
      case .option(let name):
        return codes.first { $0.name?.text == name }.map { ($0.range, note.text) }
      default: return nil
      }
    }
    return Failure(
      error.message, at: notes.first?.0 ?? call, label: notes.first?.1 ?? "",
      labels: notes.dropFirst().map { .init($0.0, $0.1) }, help: error.help)
  }
}
