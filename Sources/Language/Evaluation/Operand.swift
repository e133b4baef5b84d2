import Syntax

/// A part of an expression, whose value is taken without a call where it is a literal or a number
/// in a variable: that is what most operands of a loop are.
struct Operand {
  private enum Kind {
    case literal, local, global, other
  }

  let code: Code
  private let kind: Kind
  private let literal: Double
  /// The slot of a local variable or the place of a global one.
  private let place: Int

  init(_ code: Code) {
    self.code = code
    switch code {
    case let number as NumberCode: (kind, literal, place) = (.literal, number.value, 0)
    case let local as LocalCode: (kind, literal, place) = (.local, 0, local.slot)
    case let global as GlobalCode: (kind, literal, place) = (.global, 0, global.place)
    default: (kind, literal, place) = (.other, 0, 0)
    }
  }

  var range: SourceRange { code.range }
  var variableName: String? { code.variableName }

  @inline(__always)
  func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    switch kind {
    case .literal: return .number(literal)
    case .local: if case .number(let number) = slots[place] { return .number(number) }
    case .global: if case .number(let number) = runtime.globals[place] { return .number(number) }
    case .other: break
    }
    return try code.evaluate(slots, runtime)
  }
}
