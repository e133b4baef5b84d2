import Differentiation
import Syntax

extension Runtime {
  /// Makes room for the variables of `user`; the slots are not yet initialised.
  @inline(__always)
  func pushFrame(
    _ user: UserFunction, slotCount: Int, at range: SourceRange
  ) throws(Failure) -> Slots {
    let frame = top
    if depth >= limits.callDepth || frame + slotCount > stackEnd
      || stackAddress() < lowestStackAddress
    {
      throw tooDeep(user, at: range)
    }
    top = frame + slotCount
    depth &+= 1
    return frame
  }

  @inline(never)
  private func tooDeep(_ user: UserFunction, at range: SourceRange) -> Failure {
    Failure(
      Diagnostic(
        .limit, "more than \(depth) calls are under way at once", at: range,
        label: "in \(user.name)", help: ["does the recursion of \(user.name) end?"]))
  }

  @inline(__always)
  func popFrame(_ frame: Slots, initialized count: Int) {
    var slot = frame
    let end = frame + count
    while slot < end {
      // A number holds nothing that would have to be released.
      if case .number = slot.pointee {} else { slot.deinitialize(count: 1) }
      slot += 1
    }
    top = frame
    depth &-= 1
  }

  /// Runs `user` in a frame whose first `filled` slots hold the arguments.
  func enter(
    _ user: UserFunction, _ frame: Slots, filled: Int, at range: SourceRange
  ) throws(Failure) -> Value {
    var slot = frame + filled
    let end = frame + user.slotCount
    while slot < end {
      slot.initialize(to: .unassigned)
      slot += 1
    }
    defer { popFrame(frame, initialized: user.slotCount) }
    do {
      try countRound(at: range)
      if user.needsCells { prepareCells(user, frame) }
      guard user.code.isBlock else { return try user.code.code.evaluate(frame, self) }
      result = .nothing
      _ = try user.code.code.execute(frame, self)
      return takeResult()
    } catch {
      throw error.located(in: user.source).inside(call: user.name, at: range)
    }
  }

  @inline(never)
  private func prepareCells(_ user: UserFunction, _ frame: Slots) {
    bringCaptures(user, frame)
    for (slot, parameter) in user.parameters.enumerated() where parameter.isCaptured {
      if case .cell = frame[slot] { continue }
      frame[slot] = .cell(Cell(frame[slot]))
    }
  }

  /// Brings the cells of outer functions into the last slots of the frame.
  private func bringCaptures(_ user: UserFunction, _ frame: Slots) {
    let first = user.slotCount - user.captures.count
    for (offset, cell) in user.captures.enumerated() { frame[first + offset] = .cell(cell) }
  }

  /// Calls a user's function; what is nil takes its default.
  /// - Throws: where arguments are missing or too many; what the function throws.
  package func call(
    _ user: UserFunction, _ given: [Value?], at range: SourceRange
  ) throws(Failure) -> Value {
    let missing = zip(user.parameters, given).first { $0.defaultValue == nil && $1 == nil }
    if let missing {
      throw user.form.missing(missing.0.name, at: range)
    }
    let frame = try pushFrame(user, slotCount: user.slotCount, at: range)
    for (slot, value) in given.enumerated() {
      (frame + slot).initialize(to: value ?? .unassigned)
    }
    (frame + given.count).initialize(repeating: .unassigned, count: user.slotCount - given.count)
    bringCaptures(user, frame)
    do {
      // A default may use the parameters before it.
      for (slot, value) in given.enumerated() where value == nil {
        if let code = user.parameters[slot].defaultValue {
          frame[slot] = try code.evaluate(frame, self)
        }
      }
    } catch {
      popFrame(frame, initialized: user.slotCount)
      throw error.located(in: user.source)
    }
    return try enter(user, frame, filled: user.slotCount, at: range)
  }

  /// The defaults of a user's function, in the order of its parameters; nil where there is none.
  func defaults(of user: UserFunction, at range: SourceRange) throws(Failure) -> [Value?] {
    let frame = try pushFrame(user, slotCount: user.slotCount, at: range)
    frame.initialize(repeating: .unassigned, count: user.slotCount)
    defer { popFrame(frame, initialized: user.slotCount) }
    bringCaptures(user, frame)
    var values: [Value?] = []
    do {
      for (slot, parameter) in user.parameters.enumerated() {
        let value = try parameter.defaultValue?.evaluate(frame, self)
        if let value { frame[slot] = value }
        values.append(value)
      }
    } catch {
      throw error.located(in: user.source)
    }
    return values
  }

  /// Runs a catalog function with bound arguments.
  func run(_ function: BuiltinFunction, _ arguments: Arguments) throws(Failure) -> Value {
    try checkInterrupt(at: arguments.range)
    let known = droppedHistory.count
    defer { droppedHistory.removeSubrange(known...) }
    let value = try checked(carryOut(function, arguments), at: arguments.range)
    if let listener = session.deedListener { listener(.called(function, arguments, value)) }
    guard droppedHistory.count > known else { return value }
    return try arguments.marked(value, without: Array(droppedHistory[known...]))
  }

  /// Calls a function that runs elsewhere.
  /// - Throws: where arguments are missing, too many or of no parameter; what the function throws.
  func call(
    _ foreign: ForeignFunction, named function: String, _ given: [(value: Value, name: Name?)],
    at range: SourceRange
  ) throws(Failure) -> Value {
    var values: [Value?] = Array(repeating: nil, count: foreign.parameterNames.count)
    var position = 0
    for (value, name) in given {
      let place = name.map { name in foreign.parameterNames.firstIndex(of: name.text) } ?? position
      if name == nil { position += 1 }
      guard let place, values.indices.contains(place), values[place] == nil else {
        throw Failure(
          name.map { "\(function) has no parameter \($0.text), or it is given twice" }
            ?? "\(function) takes \(values.count) arguments, not \(given.count)",
          at: name?.range ?? range, help: [foreign.signature])
      }
      values[place] = value
    }
    guard values.prefix(foreign.requiredCount).allSatisfy({ $0 != nil }) else {
      throw Failure(
        "\(function) takes \(values.count) arguments, not \(given.count)", at: range,
        help: [foreign.signature])
    }
    return try foreign.evaluate(values, range)
  }

  /// Applies any function to values by position, as `map` and `grad` do.
  /// - Throws: where arguments are missing or too many; what the function throws.
  package func call(_ function: Function, _ values: [Value], at range: SourceRange) throws(Failure)
    -> Value
  {
    switch function.body {
    case .user(let user):
      guard values.count >= user.requiredCount, values.count <= user.parameters.count else {
        throw Failure(
          "\(user.name) takes \(user.parameters.count) arguments, not \(values.count)", at: range,
          help: [user.signature])
      }
      return try call(
        user, user.parameters.indices.map { $0 < values.count ? values[$0] : nil },
        at: range)
    case .builtin(let builtin):
      let codes = values.map {
        ArgumentCode(
          name: nil, code: ConstantCode($0, range: range), word: nil, wordArguments: [])
      }
      return try run(
        builtin,
        try Binding(function: builtin, call: range, slots: top, runtime: self).bind(codes))
    case .derivative(let inner):
      guard values.count == 1, values[0].isNumeric else {
        throw Failure(
          "\(function.name) takes one number, vector or matrix", at: range,
          label: values.first?.kind ?? "no argument")
      }
      return try derivative(of: inner, at: values[0], range: range)
    case .foreign(let foreign):
      return try call(foreign, named: function.name, values.map { ($0, nil) }, at: range)
    }
  }
}

/// A name in head position: it looks for something that can be applied and skips bindings that
/// cannot, so that `loss = 0.3` may stand beside `loss net circles`.
final class HeadCode: Code {
  let name: String
  /// The variable of the name in the function at hand and those around it, innermost first.
  let locals: [Code]
  let place: GlobalPlace
  /// What the catalog has under the name.
  let builtin: Function?

  init(
    name: String, locals: [Code], place: GlobalPlace, builtin: BuiltinFunction?, range: SourceRange
  ) {
    self.name = name
    self.locals = locals
    self.place = place
    self.builtin = builtin.map { Function(name: $0.name, body: .builtin($0)) }
    super.init(range: range)
  }

  override var form: Form { .head(self) }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    var found: Value?
    for local in locals {
      if let value = try? local.evaluate(slots, runtime) {
        if value.isApplicable { return value }
        found = found ?? value
      }
    }
    let value = place.value
    if value.isApplicable { return value }
    if let builtin { return .function(builtin) }
    if case .unassigned = value {} else { found = found ?? value }
    guard let found else {
      throw runtime.session.unknownName(name, at: range, isHead: true, runtime)
    }
    // The call says what would work.
    return found
  }

  override var variableName: String? { name }
}
