import Differentiation
import Learning
import Syntax

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
