import Differentiation
import Syntax

/// A variable that can be assigned to.
final class VariableStore {
  enum Kind {
    /// A slot of the function at hand.
    case local(Int)
    /// A slot with a cell, because a function further in uses the variable too.
    case cell(Int)
    case global(GlobalPlace)
  }

  let name: String
  private let kind: Kind
  let place: ValuePlace

  init(_ kind: Kind, name: String) {
    self.kind = kind
    self.name = name
    place =
      switch kind {
      case .local(let slot), .cell(let slot): ValuePlace(slot: slot)
      case .global(let global): ValuePlace(at: global.address)
      }
  }

  /// Where the value of a plain variable is, for as long as the function runs; a cell has its own.
  @inline(__always)
  func address(_ slots: Slots) -> UnsafeMutablePointer<Value> { place.address(slots) }

  /// Puts a number in the place of a number, without a call.
  /// - Returns: whether there was one.
  @inline(__always)
  func replaceNumber(_ number: Double, _ slots: Slots) -> Bool {
    place.replaceNumber(number, slots)
  }

  @inline(__always)
  func store(_ value: Value, _ slots: Slots, _ runtime: Runtime) {
    if case .number(let number) = value, replaceNumber(number, slots) { return }
    storeAny(value, slots, runtime)
  }

  /// The same for what is no number in the place of one.
  @inline(never)
  func storeAny(_ value: Value, _ slots: Slots, _ runtime: Runtime) {
    switch kind {
    case .local(let place): slots[place] = remembering(value, old: slots[place])
    case .cell(let place):
      if case .cell(let cell) = slots[place] {
        cell.value = remembering(value, old: cell.value)
      } else {
        slots[place] = .cell(Cell(value))
      }
    case .global(let place):
      let old = place.value
      switch old {
      case .unassigned: runtime.session.noteIfHidden(name)
      case .function(let function): runtime.session.noteIfReplaced(name, function, by: value)
      default: break
      }
      runtime.setGlobal(at: place, to: remembering(value, old: old))
    }
  }

  /// The value, taken out of the variable so that it can be changed without a copy.
  func take(_ slots: Slots, _ runtime: Runtime) -> Value {
    switch kind {
    case .local(let place):
      let value = slots[place]
      slots[place] = .nothing
      return value
    case .cell(let place):
      guard case .cell(let cell) = slots[place] else { return .unassigned }
      let value = cell.value
      cell.value = .nothing
      return value
    case .global(let place):
      let value = place.value
      if case .unassigned = value { return value }
      runtime.setGlobal(at: place, to: .nothing)
      return value
    }
  }

  /// A parameter that is assigned to takes the new value and no history, and stays a parameter;
  /// what else is computed takes its first name.
  private func remembering(_ value: Value, old: Value) -> Value {
    if case .traced(let node) = old, node.isParameter, node.name == name, let tensor = value.tensor
    {
      return .traced(Node.parameter(tensor, name: name))
    }
    if case .traced(let node) = value, node.name == nil { node.name = name }
    return value
  }
}

/// `x = 1`, `x += 1`
final class AssignmentCode: Code {
  let target: VariableStore
  let value: Code
  let source: SourceID

  init(target: VariableStore, value: Code, source: SourceID, range: SourceRange) {
    self.target = target
    self.value = value
    self.source = source
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let new = try value.evaluate(slots, runtime)
    if case .data = new { remember(new, runtime) }
    target.store(new, slots, runtime)
    return .next
  }

  // What is rare stands apart, so that a plain assignment needs little of the stack.
  @inline(never)
  private func remember(_ value: Value, _ runtime: Runtime) {
    guard case .data(let data) = value else { return }
    runtime.session.remember(data, named: target.name, madeAt: self.value.range, in: source)
  }
}

/// `xs = append xs x`: a variable takes one more element without a copy of those it has.
final class GrowthCode: Code {
  private let assignment: AssignmentCode
  private let call: CallCode
  private let head: HeadCode
  private let builtin: BuiltinFunction
  private let grow: BuiltinFunction.Growth

  /// Nil where the assignment is something else.
  init?(_ assignment: AssignmentCode) {
    guard case .call(let call) = assignment.value.form, case .head(let head) = call.callee.form,
      head.locals.isEmpty, case .builtin(let builtin)? = head.builtin?.body,
      let grow = builtin.grow, call.arguments.count == 2,
      call.arguments.allSatisfy({ $0.name == nil }),
      call.arguments[0].code.variableName == assignment.target.name
    else { return nil }
    (self.assignment, self.call, self.head, self.builtin, self.grow) =
      (assignment, call, head, builtin, grow)
    super.init(range: assignment.range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    guard case .unassigned = head.place.value, runtime.differentiating == 0 else {
      return try assignment.execute(slots, runtime)
    }
    var before = try call.arguments[0].code.evaluate(slots, runtime)
    guard let identity = before.storageIdentity else {
      return try assignment.execute(slots, runtime)
    }
    try runtime.checkInterrupt(at: call.range)
    let element = try call.arguments[1].code.evaluate(slots, runtime)
    var whole = assignment.target.take(slots, runtime)
    let isSame = whole.storageIdentity == identity
    // What the element was computed by may have changed the variable.
    if isSame { before = .nothing }
    do throws(Failure) {
      let isGrown = isSame ? try grow(&whole, element, runtime, call.range) : false
      if isGrown { whole = try runtime.checked(whole, at: call.range) }
      if !isGrown {
        let function = Function(name: builtin.name, body: .builtin(builtin))
        whole = try runtime.call(function, [isSame ? whole : before, element], at: call.range)
      }
    } catch {
      assignment.target.store(whole, slots, runtime)
      throw error
    }
    assignment.target.store(whole, slots, runtime)
    return .next
  }
}

extension Value {
  /// Where the elements of a vector, matrix or list lie; nil for what has none.
  fileprivate var storageIdentity: UInt? {
    switch self {
    case .tensor(let tensor):
      tensor.elements.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    case .list(let list):
      list.elements.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    default: nil
    }
  }
}

/// `a, b = split data 0.8`
final class UnpackingCode: Code {
  let targets: [Code]
  let assigned: UnpackedElement
  let value: Code

  /// Stands for the element that goes to the target at hand.
  final class UnpackedElement: Code {
    var value = Value.nothing

    override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value { value }
  }

  init(targets: [Code], assigned: UnpackedElement, value: Code, range: SourceRange) {
    self.targets = targets
    self.assigned = assigned
    self.value = value
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let whole = try value.evaluate(slots, runtime)
    if case .scalar? = whole.shape {
      throw Failure(
        "\(targets.count) names cannot take one number", at: value.range, label: "a number",
        help: ["the values stand in a bracket: [1, 2]"])
    }
    let list = try elements(of: whole, at: value.range)
    guard list.count == targets.count else {
      throw Failure(
        "\(targets.count) names cannot take \(list.count) values", at: range,
        labels: [.init(value.range, "\(list.count) values")])
    }
    for (target, element) in zip(targets, list) {
      assigned.value = element
      _ = try target.execute(slots, runtime)
    }
    assigned.value = .nothing
    return .next
  }
}

/// `param w5 = .40`
final class ParameterCode: Code {
  let target: VariableStore
  let value: Code

  init(target: VariableStore, value: Code, range: SourceRange) {
    self.target = target
    self.value = value
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let value = try self.value.evaluate(slots, runtime)
    guard let tensor = value.tensor else {
      throw Failure(
        "a parameter is a number, vector or matrix, not \(value.kind)", at: self.value.range)
    }
    target.store(.traced(Node.parameter(tensor, name: target.name)), slots, runtime)
    return .next
  }
}
