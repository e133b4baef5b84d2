import Differentiation
import Syntax

extension Arguments {
  /// A value whose function read plain numbers from arguments that remember how they were
  /// computed: asking for a derivative by them is refused, where it would be wrong.
  func marked(_ value: Value, without history: [Node]) throws(Failure) -> Value {
    switch value {
    case .number, .tensor:
      guard let tensor = value.tensor else { return value }
      return .traced(.opaque(tensor, of: function.name, from: history))
    case .traced(let node) where node.value != nil:
      // By its other arguments, as z of leaky z slope=s, it has its derivative.
      let nothing = Node.opaque(
        Tensor(repeating: 0, shape: node.shape), of: function.name, from: history)
      return try apply(.add, to: [value, .traced(nothing)], at: range)
    case .data:
      guard runtime.differentiating > 0 else { return value }
      throw Failure(
        "a data set holds numbers only: no derivative goes through it", at: range,
        help: ["a net answers a vector directly: net x, and mse y t is a loss of its answer"])
    default: return value
    }
  }

  /// For a function of plain numbers inside an activation or a loss, which is derived before there
  /// are any.
  func unrecorded(at range: SourceRange) -> Failure {
    Failure(
      "\(function.name) has no derivative, so it cannot be part of an activation or a loss",
      at: range)
  }
}
