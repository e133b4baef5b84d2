import Differentiation
import Learning
import Syntax

private func notApplicable(
  _ value: Value, name: String?, at range: SourceRange, help: [String]
) -> Failure {
  return Failure(
    "\(name.map { "\($0) is \(value.kind), which" } ?? value.kind) cannot be applied to arguments",
    at: range, label: value.kind, help: help)
}

/// `f(x, y)` and `train net circles epochs=100`
final class CallCode: Code {
  let callee: Code
  let arguments: [ArgumentCode]
  let source: SourceID
  /// The global place of the callee where it is a name that is called by position only: the
  /// quick way to a user's function.
  private let quickPlace: GlobalPlace?
  private let argumentCount: Int
  /// The function of one number that the catalog has under that name.
  private let quickBuiltin: BuiltinFunction?
  /// The function of two vectors or matrices, instead.
  private let quickPair: BuiltinFunction?
  /// The first two arguments, which most calls make do with.
  private let first: Operand
  private let second: Operand

  init(callee: Code, arguments: [ArgumentCode], source: SourceID, range: SourceRange) {
    self.source = source
    self.callee = callee
    self.arguments = arguments
    argumentCount = arguments.count
    first = Operand(arguments.first?.code ?? callee)
    second = Operand(arguments.count > 1 ? arguments[1].code : callee)
    if case .head(let head) = callee.form, head.locals.isEmpty,
      arguments.allSatisfy({ $0.name == nil })
    {
      quickPlace = head.place
      if arguments.count == 1, case .builtin(let function)? = head.builtin?.body,
        function.scalar != nil
      {
        quickBuiltin = function
      } else {
        quickBuiltin = nil
      }
      if arguments.count == 2, case .builtin(let function)? = head.builtin?.body,
        function.pair != nil
      {
        quickPair = function
      } else {
        quickPair = nil
      }
    } else {
      quickPlace = nil
      quickBuiltin = nil
      quickPair = nil
    }
    super.init(range: range)
  }

  override var form: Form { .call(self) }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    if let user = quickPlace?.callable {
      // Who takes its name away while it runs keeps it.
      let result = user._withUnsafeGuaranteedRef { user in
        callQuickly(user, slots, runtime)
      }
      if let result { return try result.get() }
    }
    return try evaluateOther(slots, runtime)
  }

  // Apart, so that a call of a user's function needs little of the stack.
  @inline(never)
  private func evaluateOther(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    if let quickPlace, case .unassigned = quickPlace.value {
      if let quickBuiltin { return try apply(quickBuiltin, slots, runtime) }
      if let quickPair, let value = pair(quickPair, slots, runtime) { return value }
    }
    return try evaluateAny(slots, runtime)
  }

  @inline(never)
  private func evaluateAny(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    switch try callee.evaluate(slots, runtime) {
    case .function(let function): return try call(function, slots, runtime)
    case .network(let network): return try applyNetwork(network, slots, runtime)
    case .run(let run):
      // `run = train net data` must not take `run "lesson.bp"` away.
      if let name = callee.variableName,
        let builtin = runtime.session.catalog.function(name), builtin.traits.contains(.runsScript),
        arguments.count == 1, arguments[0].name == nil,
        case .string = try arguments[0].code.evaluate(slots, runtime)
      {
        return try call(
          Function(name: builtin.name, body: .builtin(builtin)), slots, runtime)
      }
      return try applyNetwork(run.network, slots, runtime)
    case let value:
      throw notApplicable(
        value, name: callee.variableName, at: callee.range, help: help(for: value, runtime))
    }
  }

  /// Nil where the function does not take as many arguments.
  @inline(__always)
  private func callQuickly(
    _ user: UserFunction, _ slots: Slots, _ runtime: Runtime
  ) -> Result<Value, Failure>? {
    guard user.parameterCount == argumentCount else { return nil }
    do throws(Failure) {
      // Those of one number are the frequent ones.
      if argumentCount == 1, user.plainCount == 1 {
        return .success(try callPlainly(user, slots, runtime))
      }
      return .success(try callByPosition(user, slots, runtime))
    } catch {
      return .failure(error)
    }
  }

  private func call(
    _ function: Function, _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> Value {
    switch function.body {
    case .user(let user):
      if user.parameters.count == arguments.count, arguments.allSatisfy({ $0.name == nil }) {
        return try callByPosition(user, slots, runtime)
      }
      return try callWithOptions(user, slots, runtime)
    case .builtin(let builtin):
      if builtin.scalar != nil, arguments.count == 1, arguments[0].name == nil {
        return try apply(builtin, slots, runtime)
      }
      return try callBuiltin(builtin, slots, runtime)
    case .derivative:
      var values: [Value] = []
      for argument in arguments { values.append(try argument.code.evaluate(slots, runtime)) }
      let result = try runtime.call(function, values, at: range)
      // At a pole there is none, as `grad` says; a plot passes over such a place.
      guard let odd = result.firstNotFinite, values.allSatisfy({ $0.firstNotFinite == nil }) else {
        return result
      }
      throw Failure(
        "\(function.name) is \(runtime.session.text(of: .number(odd))) here: there is no derivative",
        at: range, label: "at \(values.map { runtime.session.brief($0) }.joined(separator: ", "))")
    case .foreign(let foreign):
      var given: [(value: Value, name: Name?)] = []
      for argument in arguments {
        given.append((try argument.code.evaluate(slots, runtime), argument.name))
      }
      return try runtime.call(foreign, named: function.name, given, at: range)
    }
  }

  private func callBuiltin(
    _ builtin: BuiltinFunction, _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> Value {
    let binding = Binding(function: builtin, call: range, slots: slots, runtime: runtime)
    if builtin.traits.contains(.choosesByCondition) {
      let (bound, deciding) = try runtime.deciding { () throws(Failure) in
        try binding.bind(arguments)
      }
      let value = try runtime.run(builtin, bound)
      return deciding.isEmpty ? value : try value.chosen(over: deciding, at: range)
    }
    let bound = try binding.bind(arguments)
    let value = try runtime.run(builtin, bound)
    if case .network(let network) = value {
      runtime.session.remember(network, madeAt: range, in: source)
    }
    if builtin.isCalculation, value.firstNotFinite != nil {
      runtime.session.noteNotFinite(value, of: bound.all.map { $0.value }, range, source) {
        session in
        bound.text(in: session)
      }
    }
    return value
  }

  /// The value of a function for two variables that hold a few numbers each; nil for anything else.
  private func pair(
    _ function: BuiltinFunction, _ slots: Slots, _ runtime: Runtime
  ) -> Value? {
    guard runtime.session.deedListener == nil, case .tensor(let a) = first.variable(slots),
      case .tensor(let b) = second.variable(slots)
    else { return nil }
    return FewNumbers.value(a, b, function.pair)
  }

  /// Applies a function of the catalog that takes one number, vector or matrix.
  private func apply(
    _ function: BuiltinFunction, _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> Value {
    let value = try first.evaluate(slots, runtime)
    if case .number(let number) = value, let result = function.scalar?(number), result.isFinite {
      return .number(result)
    }
    if runtime.session.deedListener == nil, let scalar = function.scalar,
      let result = FewNumbers.mapped(value, scalar)
    {
      return result
    }
    let result = try runtime.run(
      function,
      Arguments(
        function: function, runtime: runtime, range: range,
        bound: [try checked(value, function, runtime)]
          + Array(repeating: nil, count: function.parameters.count - 1)))
    noteNotFinite(result, of: value, function, runtime)
    return result
  }

  private func noteNotFinite(
    _ result: Value, of value: Value, _ function: BuiltinFunction, _ runtime: Runtime
  ) {
    runtime.session.noteNotFinite(result, of: [value], range, source) { session in
      value.shape == .scalar
        ? "\(function.name)(\(session.text(of: value)))" : "an element of this \(function.name)"
    }
  }

  private func checked(
    _ value: Value, _ function: BuiltinFunction, _ runtime: Runtime
  ) throws(Failure) -> BoundArgument {
    let argument = arguments[0]
    guard let converted = function.parameters[0].kind.converted(value) else {
      throw Failure(
        "\(function.name) takes \(function.parameters[0].kind.expectation)",
        at: argument.code.range, label: value.kind)
    }
    return BoundArgument(
      value: converted, range: argument.code.range, name: argument.code.variableName)
  }

  /// Calls a function that is one expression of one variable.
  // A call of its own, as what is inlined into the closure above would answer through memory.
  @inline(never)
  private func callPlainly(
    _ user: UserFunction, _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> Value {
    // The frame comes first: from then on nobody lets go of a function that loses its name.
    let frame = try runtime.pushFrame(user, slotCount: 1, at: range)
    do throws(Failure) {
      frame.initialize(to: try first.evaluate(slots, runtime))
    } catch {
      runtime.popFrame(frame, initialized: 0)
      throw error
    }
    let result: Value
    do throws(Failure) {
      try runtime.countRound(at: range)
      result = try user.code.code.evaluate(frame, runtime)
    } catch {
      runtime.popFrame(frame, initialized: 1)
      throw error.located(in: user.source).inside(call: user.name, at: range)
    }
    runtime.popFrame(frame, initialized: 1)
    return result
  }

  /// Evaluates the arguments straight into the frame of the function called.
  @inline(never)
  private func callByPosition(
    _ user: UserFunction, _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> Value {
    let frame = try runtime.pushFrame(user, slotCount: user.slotCount, at: range)
    var filled = 0
    do throws(Failure) {
      if argumentCount > 0 {
        frame.initialize(to: try first.evaluate(slots, runtime))
        filled = 1
      }
      if argumentCount > 1 {
        (frame + 1).initialize(to: try second.evaluate(slots, runtime))
        filled = 2
        while filled < argumentCount {
          (frame + filled).initialize(to: try arguments[filled].code.evaluate(slots, runtime))
          filled += 1
        }
      }
    } catch {
      runtime.popFrame(frame, initialized: filled)
      throw error
    }
    return try runtime.enter(user, frame, filled: filled, at: range)
  }

  private func callWithOptions(
    _ user: UserFunction, _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> Value {
    var given: [Value?] = Array(repeating: nil, count: user.parameters.count)
    var position = 0
    for argument in arguments {
      let place: Int
      if let name = argument.name {
        guard let index = user.parameters.firstIndex(where: { $0.name == name.text }) else {
          throw user.form.unknownParameter(name)
        }
        place = index
      } else {
        place = position
        position += 1
      }
      guard place < given.count else {
        throw user.form.tooMany(
          given: arguments.count, at: argument.range,
          help: runtime.nestedCall(of: user.name, arguments, before: argument))
      }
      if given[place] != nil {
        throw Failure("\(user.parameters[place].name) is given twice", at: argument.range)
      }
      given[place] = try argument.code.evaluate(slots, runtime)
    }
    return try runtime.call(user, given, at: range)
  }

  /// What was probably meant by applying `value`, which is no function.
  private func help(for value: Value, _ runtime: Runtime) -> [String] {
    guard let source = runtime.session.source(source), let first = arguments.first,
      first.name == nil
    else { return [] }
    var name = callee.variableName ?? source.text(of: callee.range)
    if let word = first.word?.name.text, callee.variableName != nil, arguments.count < 3 {
      let right = arguments.count == 2 ? source.text(of: arguments[1].code.range) : "…"
      switch word {
      case "is", "eq": return ["equality is written \(name) == \(right)"]
      case "mod", "rem": return ["the remainder is written \(name) % \(right)"]
      case "div": return ["the integer part of a quotient is floor(\(name) / \(right))"]
      default: break
      }
    }
    if let passed = negatedArgument(in: source) {
      let others = arguments.map { source.text(of: $0.range) }.joined(separator: " ")
      return ["to pass -\(name), write \(passed) (-\(name)) \(others)"]
    }
    if let shape = value.shape, shape.rank == arguments.count, shape.rank == 2,
      arguments.allSatisfy({ $0.name == nil })
    {
      let index = arguments.map { source.text(of: $0.code.range) }.joined(separator: ", ")
      return ["an element is written \(name)[\(index)]"]
    }
    guard arguments.count == 1 else { return [] }
    if callee.variableName == nil, case .arithmetic = callee.form { name = "(\(name))" }
    let argument = source.text(of: first.code.range)
    var help: [String] = []
    if let shape = value.shape, shape.rank > 0, !argument.hasPrefix("[") {
      help.append("an element is written \(name)[\(argument == "end" ? "-1" : argument)]")
    }
    if value.isNumeric, argument != "end" {
      var factor = argument
      if case .arithmetic = arguments[0].code.form { factor = "(\(argument))" }
      help.append("to multiply, write \(name)*\(factor)")
    }
    return help
  }

  /// The word before the callee's sign in `max -x 2`, where a blank stands on one side of it only.
  private func negatedArgument(in source: SourceText) -> String? {
    let before = source.text(of: SourceRange(start: 0, end: callee.range.start))
    guard before.hasSuffix(" -") else { return nil }
    let word = before.dropLast(2).reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return word.isEmpty ? nil : String(word.reversed())
  }

  private func applyNetwork(
    _ network: Network, _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> Value {
    let options = arguments.filter { $0.name != nil }
    guard let first = arguments.first, first.name == nil,
      arguments.count - options.count == 1, options.allSatisfy({ $0.name?.text == "prepared" })
    else {
      throw Failure(
        "a net is applied to one sample or one matrix of samples", at: range,
        label: "\(arguments.count) arguments",
        help: ["the numbers of a sample stand in brackets: net [0.5, 1]"])
    }
    let value = try first.code.evaluate(slots, runtime)
    var isPrepared = false
    for option in options {
      guard case .truth(let truth) = try option.code.evaluate(slots, runtime) else {
        throw Failure("prepared must be true or false", at: option.code.range)
      }
      isPrepared = truth
    }
    let answer = try runtime.output(
      of: network, for: value, isPrepared: isPrepared, at: first.code.range)
    if let listener = runtime.session.deedListener { listener(.applied(network)) }
    return answer
  }
}
