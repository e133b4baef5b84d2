import Differentiation
import Syntax

/// `W[1,2] = 0.3`, `net.b1 = [0.35, 0.35]`, `counts.a += 1`
final class PartAssignmentCode: Code {
  /// One step from a value to a part of it.
  enum Step {
    case field(Name)
    case index(IndexCodes, SourceRange)
  }

  /// A step whose index has its values.
  private enum Place {
    case field(Name)
    case index([IndexValue], SourceRange)
  }

  let root: Code
  let target: VariableStore
  /// Whether a function changes what is not its own: allowed for things with identity only.
  let isForeign: Bool
  let steps: [Step]
  /// The index, where it is the only step.
  private let onlyIndex: IndexCodes?
  let operation: BinaryOperator?
  let value: Operand
  let source: SourceID

  init(
    root: Code, target: VariableStore, isForeign: Bool, steps: [Step], operation: BinaryOperator?,
    value: Code, source: SourceID, range: SourceRange
  ) {
    self.source = source
    self.root = root
    self.target = target
    self.isForeign = isForeign
    self.steps = steps
    if steps.count == 1, case .index(let codes, _) = steps[0] {
      onlyIndex = codes
    } else {
      onlyIndex = nil
    }
    self.operation = operation
    self.value = Operand(value)
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    let newValue = try value.evaluate(slots, runtime)
    if try changesShared(newValue, slots, runtime) { return .next }
    if isForeign {
      throw Failure(
        "\(target.name) is not the function's own, so a part of it cannot be changed here",
        at: range, help: ["copy it to a new name, change that, and return it"])
    }
    // The indexes have their values before the variable is taken: they may read it.
    let places: [Place]
    if let onlyIndex, onlyIndex.form != .other {
      let first = try onlyIndex.first.evaluate(slots, runtime)
      let second =
        onlyIndex.form == .two ? try onlyIndex.second.evaluate(slots, runtime) : .nothing
      if changeNumber(at: first, second, to: newValue, slots, runtime) { return .next }
      var values: [IndexValue] = [.value(first, onlyIndex.first.code)]
      if onlyIndex.form == .two { values.append(.value(second, onlyIndex.second.code)) }
      places = [.index(values, steps[0].range ?? range)]
    } else {
      places = try self.places(slots, runtime)
    }
    var whole = target.take(slots, runtime)
    do {
      try assign(newValue, into: &whole, places[...], runtime)
    } catch {
      target.store(whole, slots, runtime)
      throw error
    }
    if whole.nesting > runtime.limits.nesting {
      let tooDeep = whole
      target.store(.nothing, slots, runtime)
      try runtime.checkNesting(of: tooDeep, at: range)
    }
    target.store(whole, slots, runtime)
    return .next
  }

  /// Changes a thing with identity, if the variable holds one. A function of its own, so that
  /// nothing keeps a second reference to the value: then it is changed in place.
  @inline(never)
  private func changesShared(
    _ newValue: Value, _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> Bool {
    // Reading first makes sure that the variable exists and the error names it.
    var current = try root.evaluate(slots, runtime)
    switch (current, steps.first) {
    case (.data, .field?), (.function, .field?):
      // What the catalog has under the name is no variable that could be taken.
      throw Failure(
        "parts of \(current.kind) cannot be assigned to", at: range, label: current.kind,
        help: current.isFunction ? [] : ["data X T makes a data set of two matrices"])
    default:
      guard current.isShared else { return false }
    }
    try assign(newValue, into: &current, try places(slots, runtime)[...], runtime)
    return true
  }

  private func places(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> [Place] {
    var places: [Place] = []
    for step in steps {
      switch step {
      case .field(let name): places.append(.field(name))
      case .index(let codes, let range):
        places.append(.index(try codes.evaluate(slots, runtime), range))
      }
    }
    return places
  }

  /// A number over a number of a vector or matrix, the assignment of most loops.
  private func changeNumber(
    at first: Value, _ second: Value, to newValue: Value, _ slots: Slots, _ runtime: Runtime
  ) -> Bool {
    guard case .number(let new) = newValue, case .number(let row) = first else { return false }
    var column: Double?
    if case .number(let number) = second {
      column = number
    } else if !second.isNothing {
      return false
    }
    var whole = target.take(slots, runtime)
    let isDone = whole.changeElement(row, column) { old in
      let value: Double
      switch operation {
      case nil: return new
      case .add: value = old + new
      case .subtract: value = old - new
      case .multiply: value = old * new
      case .divide: value = old / new
      default: return nil
      }
      return value.isFinite ? value : nil
    }
    target.store(whole, slots, runtime)
    return isDone
  }

  private func assign(
    _ newValue: Value, into whole: inout Value, _ places: ArraySlice<Place>, _ runtime: Runtime
  ) throws(Failure) {
    guard let place = places.first else {
      whole = try combined(whole, newValue, runtime)
      return
    }
    let rest = places.dropFirst()
    switch place {
    case .field(let name):
      if var record = whole.takeRecord() {
        var part = record.take(name.text)
        defer { whole = .record(record) }
        if part == nil, !rest.isEmpty || operation != nil {
          throw Failure("the record has no field \(name.text)", at: name.range)
        }
        var updated = part ?? .nothing
        part = nil
        do {
          try assign(newValue, into: &updated, rest, runtime)
        } catch {
          record[name.text] = updated
          throw error
        }
        record[name.text] = updated
      } else {
        var part =
          rest.isEmpty && operation == nil
          ? .nothing : try field(name, of: whole, at: range, runtime)
        try assign(newValue, into: &part, rest, runtime)
        try setField(name, of: whole, to: part, at: value.range, runtime)
      }
    case .index(let values, let range):
      let selection = try IndexSelection(values, of: whole, at: range)
      if rest.isEmpty, operation == nil {
        try selection.set(newValue, in: &whole, at: value.range, runtime)
      } else {
        let isTaken: Bool
        var part: Value
        if let taken = selection.takePart(of: &whole) {
          (part, isTaken) = (taken, true)
        } else {
          (part, isTaken) = (try selection.value(in: whole, at: range, runtime), false)
        }
        do {
          try assign(newValue, into: &part, rest, runtime)
        } catch {
          if isTaken { try selection.set(part, in: &whole, at: value.range, runtime) }
          throw error
        }
        try selection.set(part, in: &whole, at: value.range, runtime)
      }
    }
  }

  private func combined(
    _ old: Value, _ new: Value, _ runtime: Runtime
  ) throws(Failure) -> Value {
    guard let operation else { return new }
    return try runtime.checked(
      arithmetic(
        operation, old, new,
        ArithmeticPlace(
          left: range, right: value.range, operatorRange: range, leftName: nil,
          rightName: value.variableName, source: source), runtime), at: range)
  }
}

extension PartAssignmentCode.Step {
  fileprivate var range: SourceRange? {
    if case .index(_, let range) = self { range } else { nil }
  }
}

extension Value {
  fileprivate var isNothing: Bool { if case .nothing = self { true } else { false } }

  /// Whether changing a part of the value changes the thing itself, wherever it is known.
  var isShared: Bool {
    switch self {
    case .network, .run: true
    default: false
    }
  }
}
