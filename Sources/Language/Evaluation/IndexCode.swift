import Differentiation
import Learning
import Syntax

/// One place between the brackets of an index, resolved.
enum IndexItemCode {
  case all
  case value(Operand)
  case slice(RangeCode)

  init(_ code: Code) {
    self = if case .range(let range) = code.form { .slice(range) } else { .value(Operand(code)) }
  }

  func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> IndexValue {
    switch self {
    case .all: return .all
    case .value(let operand): return .value(try operand.evaluate(slots, runtime), operand.code)
    case .slice(let range):
      let low = try range.low.evaluate(slots, runtime)
      let high = try range.high.evaluate(slots, runtime)
      return .slice(
        low: low, high: high, step: try range.step?.evaluate(slots, runtime), range)
    }
  }
}

/// What stands between the brackets of an index: one number, two, or anything else.
struct IndexCodes {
  enum Form {
    case one, two, row, other
  }

  let form: Form
  /// The only number, or the row.
  let first: Operand
  /// The column.
  let second: Operand
  private let items: [IndexItemCode]

  init(_ items: [IndexItemCode], range: SourceRange) {
    self.items = items
    let none = Operand(Code(range: range))
    if items.count == 1, case .value(let only) = items[0] {
      (form, first, second) = (.one, only, none)
    } else if items.count == 2, case .value(let row) = items[0], case .value(let column) = items[1]
    {
      (form, first, second) = (.two, row, column)
    } else if items.count == 2, case .value(let row) = items[0], case .all = items[1] {
      (form, first, second) = (.row, row, none)
    } else {
      (form, first, second) = (.other, none, none)
    }
  }

  func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> [IndexValue] {
    var values: [IndexValue] = []
    for item in items { values.append(try item.evaluate(slots, runtime)) }
    return values
  }
}

/// `x[2]`, `W[1,:]`
final class IndexCode: Code {
  let base: Code
  private let index: IndexCodes

  init(base: Code, items: [IndexItemCode], range: SourceRange) {
    self.base = base
    index = IndexCodes(items, range: range)
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let whole = try base.evaluate(slots, runtime)
    let values: [IndexValue]
    // One element, the most frequent index, goes without the general way.
    switch index.form {
    case .one:
      let place = try index.first.evaluate(slots, runtime)
      if case .number(let number) = place, let element = whole.element(number) { return element }
      values = [.value(place, index.first.code)]
    case .two:
      let row = try index.first.evaluate(slots, runtime)
      let column = try index.second.evaluate(slots, runtime)
      if case .number(let i) = row, case .number(let j) = column,
        let element = whole.element(i, j)
      {
        return element
      }
      values = [.value(row, index.first.code), .value(column, index.second.code)]
    case .row:
      let row = try index.first.evaluate(slots, runtime)
      if case .number(let number) = row, let numbers = whole.row(number) { return numbers }
      values = [.value(row, index.first.code), .all]
    case .other: values = try index.evaluate(slots, runtime)
    }
    return try IndexSelection(values, of: whole, at: range).value(in: whole, at: range, runtime)
  }
}

extension Value {
  /// An element of a vector or list; nil where the index is out of range or the value another.
  @inline(__always)
  func element(_ index: Double) -> Value? {
    switch self {
    case .tensor(let tensor):
      guard case .vector(let count) = tensor.shape,
        let position = position(index, among: count)
      else { return nil }
      return .number(tensor.elements[position])
    case .list(let list):
      return position(index, among: list.count).map { list[$0] }
    default: return nil
    }
  }

  /// A row of a matrix of few columns, as a vector.
  func row(_ index: Double) -> Value? {
    guard case .tensor(let tensor) = self, case .matrix(let rows, let columns) = tensor.shape,
      columns <= FewNumbers.most, let i = position(index, among: rows)
    else { return nil }
    return .tensor(Tensor(vector: Array(tensor.elements[(i * columns)..<((i + 1) * columns)])))
  }

  /// An element of a matrix.
  @inline(__always)
  func element(_ row: Double, _ column: Double) -> Value? {
    guard case .tensor(let tensor) = self, case .matrix(let rows, let columns) = tensor.shape,
      let i = position(row, among: rows), let j = position(column, among: columns)
    else { return nil }
    return .number(tensor.elements[i * columns + j])
  }

  /// Changes an element of a vector, a list or a matrix (with `column`) in place, where it is
  /// there and `change` gives a number.
  /// - Returns: whether it did.
  mutating func changeElement(
    _ row: Double, _ column: Double?, _ change: (Double) -> Double?
  ) -> Bool {
    guard case .tensor = self, let shape else { return false }
    let place: Int
    switch (shape, column) {
    case (.vector(let count), nil):
      guard let position = position(row, among: count) else { return false }
      place = position
    case (.matrix(let rows, let columns), let column?):
      guard let i = position(row, among: rows), let j = position(column, among: columns) else {
        return false
      }
      place = i * columns + j
    default: return false
    }
    guard var tensor = takeTensor() else { return false }
    defer { self = .tensor(tensor) }
    guard let number = change(tensor.elements[place]) else { return false }
    tensor.elements[place] = number
    return true
  }
}

// What holds other values is taken out, changed and put back: with the first reference released,
// it is changed in place.
extension Value {
  package mutating func takeTensor() -> Tensor? {
    guard case .tensor(let tensor) = self else { return nil }
    self = .nothing
    return tensor
  }

  package mutating func takeList() -> List? {
    guard case .list(let list) = self else { return nil }
    self = .nothing
    return list
  }

  mutating func takeRecord() -> Record? {
    guard case .record(let record) = self else { return nil }
    self = .nothing
    return record
  }
}

/// The position from 0 on of an index from 1 on, or from the end where it is negative.
@inline(__always)
private func position(_ index: Double, among count: Int) -> Int? {
  guard abs(index) <= Double(count) else { return nil }
  let whole = Int(index)
  guard Double(whole) == index, whole != 0 else { return nil }
  return whole > 0 ? whole - 1 : count + whole
}

/// `net.W1`, `run.loss`
final class FieldCode: Code {
  let base: Code
  let name: Name

  init(base: Code, name: Name, range: SourceRange) {
    self.base = base
    self.name = name
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    try field(name, of: try base.evaluate(slots, runtime), at: base.range, runtime)
  }

  override var variableName: String? { base.variableName.map { "\($0).\(name.text)" } }
}

/// `W'` of a matrix or vector, `f'` of a function of one argument.
final class TransposeCode: Code {
  let base: Code

  init(_ base: Code, range: SourceRange) {
    self.base = base
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let value = try base.evaluate(slots, runtime)
    switch value {
    case .number: return value
    case .tensor(let tensor) where tensor.elements.count <= FewNumbers.most:
      return .tensor(tensor.transposed)
    case .tensor, .traced:
      return try apply(.transpose, to: [value], names: [base.variableName], at: base.range)
    case .function(let function):
      guard function.parameterNames.count == 1 || function.requiredCount == 1 else {
        throw Failure(
          "f' is the derivative of a function of one argument", at: base.range,
          label: function.signature, help: ["grad \(function.name) … gives all derivatives"])
      }
      return .function(Function(name: "\(function.name)'", body: .derivative(function)))
    default:
      throw Failure(
        "' transposes a vector or matrix, or derives a function", at: base.range,
        label: value.kind)
    }
  }
}

/// `___`, which a student has yet to fill in.
final class BlankCode: Code {
  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    throw .blank(Blank(range: range, source: nil, cause: .blank))
  }
}
