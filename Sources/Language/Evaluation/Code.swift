import Differentiation
import Syntax

/// The variables of the function under way.
typealias Slots = UnsafeMutablePointer<Value>

/// A piece of a program with its names resolved, ready to run.
///
/// Classes with `let` children, because calling a stored child costs no reference counting:
/// that makes the evaluator several times faster than walking the syntax tree.
/// The base class is the literal `nothing`.
class Code {
  let range: SourceRange

  init(range: SourceRange) {
    self.range = range
  }

  /// The value of an expression.
  func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value { .nothing }

  /// Runs a statement and says how to go on.
  func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    _ = try evaluate(slots, runtime)
    return .next
  }

  /// The value, and for a single comparison both of its sides, so that a failed check can show
  /// what it found.
  func evaluateWithSides(
    _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> (value: Value, sides: ComparedSides?) {
    (try evaluate(slots, runtime), nil)
  }

  /// The plain variable that the code reads, if it is one: a constant in a derivation is
  /// shown by this name.
  var variableName: String? { nil }

  /// Where the value is, for a literal and a variable that is no cell.
  var valuePlace: ValuePlace? { nil }

  /// The literals of a number, or of the numbers in brackets, as they are written; nil for anything
  /// that is computed.
  var literals: [String]? { nil }

  /// The forms that the code around treats in a way of its own.
  enum Form {
    case brackets, localVariable
    case arithmetic(ArithmeticCode)
    case comparison(ComparisonCode)
    case head(HeadCode)
    case call(CallCode)
    case number(Double)
    case range(RangeCode)
    case other
  }

  var form: Form { .other }
}

/// What a comparison compared.
package struct ComparedSides {
  package let left: Value
  package let operation: ComparisonOperator
  package let right: Value
}

/// How to go on after a statement.
enum Flow {
  case next, breakLoop, continueLoop
  /// The value is in `Runtime.result`.
  case returnValue
}

final class NumberCode: Code {
  let value: Double
  let text: String
  private let address: UnsafeMutablePointer<Value>

  init(_ value: Double, text: String, range: SourceRange) {
    self.value = value
    self.text = text
    address = .allocate(capacity: 1)
    address.initialize(to: .number(value))
    super.init(range: range)
  }

  deinit { address.deallocate() }

  override var valuePlace: ValuePlace? { ValuePlace(at: address) }

  override var literals: [String]? { [text] }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    .number(value)
  }

  override var form: Form { .number(value) }
}

/// `true`, `false`, a string without interpolation.
final class ConstantCode: Code {
  let value: Value

  init(_ value: Value, range: SourceRange) {
    self.value = value
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value { value }
}

/// A local variable that no inner function uses.
final class LocalCode: Code {
  let slot: Int
  let name: String

  init(slot: Int, name: String, range: SourceRange) {
    self.slot = slot
    self.name = name
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    // A number is the frequent case, and the one that needs no reference counting.
    if case .number(let number) = slots[slot] { return .number(number) }
    let value = slots[slot]
    if case .unassigned = value { throw unassigned(name, at: range) }
    return value
  }

  override var valuePlace: ValuePlace? { ValuePlace(slot: slot) }
  override var variableName: String? { name }
  override var form: Form { .localVariable }
}

/// A local variable that is shared with an inner function or belongs to an outer one.
final class CellCode: Code {
  let slot: Int
  let name: String

  init(slot: Int, name: String, range: SourceRange) {
    self.slot = slot
    self.name = name
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    guard case .cell(let cell) = slots[slot] else { throw unassigned(name, at: range) }
    if case .unassigned = cell.value { throw unassigned(name, at: range) }
    return cell.value
  }

  override var variableName: String? { name }
  override var form: Form { .localVariable }
}

private func unassigned(_ name: String, at range: SourceRange) -> Failure {
  Failure("\(name) has no value yet", at: range, label: "assigned only later in this function")
}

/// A global variable, or what the catalog has under the name.
final class GlobalCode: Code {
  private let global: GlobalPlace
  let name: String

  init(_ global: GlobalPlace, name: String, range: SourceRange) {
    self.global = global
    self.name = name
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    if case .number(let number) = global.value { return .number(number) }
    let value = global.value
    if case .unassigned = value {
      return try runtime.session.catalogValue(of: name, at: range, runtime)
    }
    return value
  }

  override var valuePlace: ValuePlace? { ValuePlace(at: global.address) }
  override var variableName: String? { name }
}

/// `"loss {loss net circles:.4}"`
final class InterpolationCode: Code {
  enum Segment {
    case text(String)
    case value(Code, FormatSpecifier?)
  }

  let segments: [Segment]

  init(_ segments: [Segment], range: SourceRange) {
    self.segments = segments
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    var text = ""
    for segment in segments {
      switch segment {
      case .text(let piece): text += piece
      case .value(let code, let format):
        let value = try code.evaluate(slots, runtime)
        if let format {
          text += try runtime.session.text(of: value, format: format, at: code.range)
        } else {
          text += runtime.session.text(of: value)
        }
      }
      try runtime.charge(bytes: text.utf8.count, at: range)
    }
    return .string(text)
  }
}

/// `[1, 2, 3]`, `[[1,2],[3,4]]`, `[net, "a"]`
final class BracketCode: Code {
  let elements: [Code]
  /// The value where it is written as numbers, once it is known.
  private var constant: Value?

  init(_ elements: [Code], range: SourceRange) {
    self.elements = elements
    super.init(range: range)
  }

  override var form: Form { .brackets }

  override var literals: [String]? {
    var all: [String] = []
    for element in elements {
      guard let literals = element.literals else { return nil }
      all += literals
    }
    return all
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    if let constant { return constant }
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for element in elements { values.append(try element.evaluate(slots, runtime)) }
    let value = try gather(
      values, ranges: elements.map { $0.range }, names: elements.map { $0.variableName })
    if case .list = value { try runtime.checkNesting(of: value, at: range) }
    if case .tensor(let tensor) = value, tensor.elements.count <= FewNumbers.most, literals != nil {
      constant = value
    }
    return value
  }
}

/// `[lr: 0.1, epochs: 3]`
final class RecordCode: Code {
  let fields: [(name: String, code: Code)]

  init(_ fields: [(name: String, code: Code)], range: SourceRange) {
    self.fields = fields
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    var record = Record()
    for (name, code) in fields { record[name] = try code.evaluate(slots, runtime) }
    let value = Value.record(record)
    try runtime.checkNesting(of: value, at: range)
    return value
  }
}

/// `a..b by s` where it is not looped over: the vector of its numbers.
final class RangeCode: Code {
  let low: Code
  let high: Code
  let step: Code?

  init(low: Code, high: Code, step: Code?, range: SourceRange) {
    self.low = low
    self.high = high
    self.step = step
    super.init(range: range)
  }

  /// The ends, the step and the number of rounds.
  func progression(
    _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> (start: Double, step: Double, count: Int) {
    let start = try endpoint(low, slots, runtime)
    let end = try endpoint(high, slots, runtime)
    let step = try self.step.map { code throws(Failure) in try endpoint(code, slots, runtime) } ?? 1
    if step == 0 {
      throw Failure("a range needs a step other than 0", at: self.step?.range ?? range)
    }
    // A little slack so that 0..1 by 0.1 reaches 1 in spite of rounding.
    let rounds = ((end - start) / step * (1 + 1e-12) + 1e-12).rounded(.down)
    if rounds < 0 { return (start, step, 0) }
    guard rounds < 1e15, let count = Int(exactly: rounds + 1) else {
      throw Failure("a range of \(briefText(rounds)) numbers is too long", at: range)
    }
    return (start, step, count)
  }

  private func endpoint(
    _ code: Code, _ slots: Slots, _ runtime: Runtime
  ) throws(Failure) -> Double {
    let value = try code.evaluate(slots, runtime)
    guard let number = value.number, number.isFinite else {
      throw Failure(
        "the ends of a range are finite numbers", at: code.range, label: value.kind)
    }
    return number
  }

  override var form: Form { .range(self) }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    let (start, step, count) = try progression(slots, runtime)
    try runtime.charge(elements: count, at: range)
    return .tensor(
      .init(vector: [Double](count: count) { start + Double($0) * step }))
  }
}

/// `x -> x^2` and `f(x) = …`: makes the function with the cells it closes over.
final class FunctionLiteralCode: Code {
  let template: FunctionTemplate

  init(_ template: FunctionTemplate, range: SourceRange) {
    self.template = template
    super.init(range: range)
  }

  override func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    var cells: [Cell] = []
    for slot in template.capturedSlots {
      if case .cell(let cell) = slots[slot] {
        cells.append(cell)
      } else {
        let cell = Cell(.unassigned)
        slots[slot] = .cell(cell)
        cells.append(cell)
      }
    }
    return .function(
      Function(
        name: template.name, body: .user(UserFunction(template: template, captures: cells))))
  }
}

/// What a function definition resolves to, before it closes over anything.
final class FunctionTemplate {
  let name: String
  let parameters: [UserFunction.Parameter]
  /// Parameters, then locals, then the captured cells.
  let slotCount: Int
  /// Slots of the surrounding function whose cells the function takes along.
  let capturedSlots: [Int]
  let code: FunctionCode
  let source: SourceID
  let range: SourceRange
  let help: String?

  init(
    name: String, parameters: [UserFunction.Parameter], slotCount: Int, capturedSlots: [Int],
    code: FunctionCode, source: SourceID, range: SourceRange, help: String?
  ) {
    self.name = name
    self.parameters = parameters
    self.slotCount = slotCount
    self.capturedSlots = capturedSlots
    self.code = code
    self.source = source
    self.range = range
    self.help = help
  }
}

/// A function's body: one expression, or a block whose last value is the result.
struct FunctionCode {
  let code: Code
  let isBlock: Bool

  static func expression(_ code: Code) -> FunctionCode { FunctionCode(code: code, isBlock: false) }
  static func block(_ code: Code) -> FunctionCode { FunctionCode(code: code, isBlock: true) }
}
