import Differentiation
import Syntax

/// A variable that can be assigned to.
class StoreCode {
  let name: String

  init(name: String) {
    self.name = name
  }

  func store(_ value: Value, _ slots: Slots, _ machine: Machine) {}

  /// The value, taken out of the variable so that it can be changed without a copy.
  func take(_ slots: Slots, _ machine: Machine) -> Value { .unassigned }
}

final class LocalStore: StoreCode {
  let slot: Int

  init(slot: Int, name: String) {
    self.slot = slot
    super.init(name: name)
  }

  override func store(_ value: Value, _ slots: Slots, _ machine: Machine) {
    if case .number = slots[slot], case .number(let number) = value {
      // A number over a number: nothing is released.
      (slots + slot).initialize(to: .number(number))
      return
    }
    slots[slot] = remembering(value, name: name, old: slots[slot])
  }

  override func take(_ slots: Slots, _ machine: Machine) -> Value {
    let value = slots[slot]
    slots[slot] = .nothing
    return value
  }
}

final class CellStore: StoreCode {
  let slot: Int

  init(slot: Int, name: String) {
    self.slot = slot
    super.init(name: name)
  }

  override func store(_ value: Value, _ slots: Slots, _ machine: Machine) {
    if case .cell(let cell) = slots[slot] {
      cell.value = remembering(value, name: name, old: cell.value)
    } else {
      slots[slot] = .cell(Cell(value))
    }
  }

  override func take(_ slots: Slots, _ machine: Machine) -> Value {
    guard case .cell(let cell) = slots[slot] else { return .unassigned }
    let value = cell.value
    cell.value = .nothing
    return value
  }
}

final class GlobalStore: StoreCode {
  let place: Int

  init(place: Int, name: String) {
    self.place = place
    super.init(name: name)
  }

  override func store(_ value: Value, _ slots: Slots, _ machine: Machine) {
    if case .number = machine.globals[place], case .number(let number) = value {
      (machine.globals + place).initialize(to: .number(number))
      return
    }
    let old = machine.globals[place]
    switch old {
    case .unassigned: machine.session.noteIfHidden(name)
    case .function(let function): machine.session.noteIfReplaced(name, function, by: value)
    default: break
    }
    machine.globals[place] = remembering(value, name: name, old: old)
  }

  override func take(_ slots: Slots, _ machine: Machine) -> Value {
    let value = machine.globals[place]
    if case .unassigned = value { return value }
    machine.globals[place] = .nothing
    return value
  }
}

/// A parameter that is assigned to takes the new value and no history, and stays a parameter;
/// what else is computed takes its first name.
private func remembering(_ value: Value, name: String, old: Value) -> Value {
  if case .traced(let node) = old, node.isParameter, node.name == name, let tensor = value.tensor {
    return .traced(Node.parameter(tensor, name: name))
  }
  if case .traced(let node) = value, node.name == nil { node.name = name }
  return value
}

/// `x = 1`, `x += 1`
final class AssignmentCode: Code {
  let target: StoreCode
  let value: Code

  init(target: StoreCode, value: Code, range: SourceRange) {
    self.target = target
    self.value = value
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ machine: Machine) throws(Failure) -> Flow {
    target.store(try value.evaluate(slots, machine), slots, machine)
    return .next
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

    override func evaluate(_ slots: Slots, _ machine: Machine) throws(Failure) -> Value { value }
  }

  init(targets: [Code], assigned: UnpackedElement, value: Code, range: SourceRange) {
    self.targets = targets
    self.assigned = assigned
    self.value = value
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ machine: Machine) throws(Failure) -> Flow {
    let whole = try value.evaluate(slots, machine)
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
      _ = try target.execute(slots, machine)
    }
    assigned.value = .nothing
    return .next
  }
}

/// `param w5 = .40`
final class ParameterCode: Code {
  let target: StoreCode
  let value: Code

  init(target: StoreCode, value: Code, range: SourceRange) {
    self.target = target
    self.value = value
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ machine: Machine) throws(Failure) -> Flow {
    let value = try self.value.evaluate(slots, machine)
    guard let tensor = value.tensor else {
      throw Failure(
        "a parameter is a number, vector or matrix, not \(value.kind)", at: self.value.range)
    }
    target.store(.traced(Node.parameter(tensor, name: target.name)), slots, machine)
    return .next
  }
}

/// `W[1,2] = 0.3`, `net.b1 = [0.35, 0.35]`, `counts.a += 1`
final class PlaceAssignmentCode: Code {
  /// One step from a value to a part of it.
  enum Step {
    case field(Name)
    case index([IndexItemCode], SourceRange)
  }

  let root: Code
  let target: StoreCode
  /// Whether a function changes what is not its own: allowed for things with identity only.
  let isForeign: Bool
  /// Whether an index reads the variable that is changed: then it must keep its value meanwhile.
  let readsItself: Bool
  let steps: [Step]
  let operation: BinaryOperator?
  let value: Code
  let source: SourceID

  init(
    root: Code, target: StoreCode, isForeign: Bool, readsItself: Bool, steps: [Step],
    operation: BinaryOperator?, value: Code, source: SourceID, range: SourceRange
  ) {
    self.readsItself = readsItself
    self.source = source
    self.root = root
    self.target = target
    self.isForeign = isForeign
    self.steps = steps
    self.operation = operation
    self.value = value
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ machine: Machine) throws(Failure) -> Flow {
    let newValue = try value.evaluate(slots, machine)
    // Reading first makes sure that the variable exists and the error names it.
    let current = try root.evaluate(slots, machine)
    if current.isShared {
      var part = current
      try assign(newValue, into: &part, steps[...], slots, machine)
      return .next
    }
    if isForeign {
      throw Failure(
        "\(target.name) is not the function's own, so a part of it cannot be changed here",
        at: range, help: ["copy it to a new name, change that, and return it"])
    }
    if readsItself {
      var whole = current
      try assign(newValue, into: &whole, steps[...], slots, machine)
      try machine.checkNesting(of: whole, at: range)
      target.store(whole, slots, machine)
      return .next
    }
    var whole = target.take(slots, machine)
    do {
      try assign(newValue, into: &whole, steps[...], slots, machine)
    } catch {
      target.store(whole, slots, machine)
      throw error
    }
    if whole.nesting > machine.limits.nesting {
      let tooDeep = whole
      target.store(.nothing, slots, machine)
      try machine.checkNesting(of: tooDeep, at: range)
    }
    target.store(whole, slots, machine)
    return .next
  }

  private func assign(
    _ newValue: Value, into whole: inout Value, _ steps: ArraySlice<Step>, _ slots: Slots,
    _ machine: Machine
  ) throws(Failure) {
    guard let step = steps.first else {
      whole = try combined(whole, newValue, machine)
      return
    }
    let rest = steps.dropFirst()
    switch step {
    case .field(let name):
      if case .record(var record) = whole {
        // Releases the first reference, so that the record is changed in place.
        whole = .nothing
        var part = record.take(name.text)
        defer { whole = .record(record) }
        if part == nil, !rest.isEmpty || operation != nil {
          throw Failure("the record has no field \(name.text)", at: name.range)
        }
        var updated = part ?? .nothing
        part = nil
        do {
          try assign(newValue, into: &updated, rest, slots, machine)
        } catch {
          record[name.text] = updated
          throw error
        }
        record[name.text] = updated
      } else {
        var part =
          rest.isEmpty && operation == nil
          ? .nothing : try field(name, of: whole, at: range, machine)
        try assign(newValue, into: &part, rest, slots, machine)
        try setField(name, of: whole, to: part, at: value.range, machine)
      }
    case .index(let items, let range):
      let selection = try IndexSelection(items, of: whole, at: range, slots, machine)
      if rest.isEmpty, operation == nil {
        try selection.set(newValue, in: &whole, at: value.range, machine)
      } else {
        var part = try selection.value(in: whole, at: range, machine)
        try assign(newValue, into: &part, rest, slots, machine)
        try selection.set(part, in: &whole, at: value.range, machine)
      }
    }
  }

  private func combined(
    _ old: Value, _ new: Value, _ machine: Machine
  ) throws(Failure) -> Value {
    guard let operation else { return new }
    return try machine.checked(
      arithmetic(
        operation, old, new,
        ArithmeticPlace(
          left: range, right: value.range, operatorRange: range, leftName: nil,
          rightName: value.variableName, source: source), machine), at: range)
  }
}

extension Value {
  /// Whether changing a part of the value changes the thing itself, wherever it is known.
  var isShared: Bool {
    switch self {
    case .network, .run: true
    default: false
    }
  }
}
