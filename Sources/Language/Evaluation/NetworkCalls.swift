import Differentiation
import Learning
import Syntax

extension Runtime {
  /// A user's function as a loss: f(y, t) of one sample, the output first.
  package func loss(_ function: Function, at range: SourceRange) -> Loss {
    Loss(userFunction: function.name) { y, t in
      try self.node(of: function, [.traced(y), .traced(t)], at: range)
    }
  }

  /// A user's function as an activation.
  package func activation(_ function: Function, at range: SourceRange) -> Activation {
    Activation(userFunction: function.name) { z in
      try self.node(of: function, [.traced(z)], at: range)
    }
  }

  private func node(
    of function: Function, _ values: [Value], at range: SourceRange
  ) throws(Failure) -> Node {
    differentiating += 1
    defer { differentiating -= 1 }
    let result = try call(function, values, at: range)
    if case .traced(let node) = result { return node }
    guard let tensor = result.tensor else {
      throw Failure(
        "\(function.name) must give numbers", at: range, label: "gives \(result.kind)")
    }
    return Node.constant(tensor)
  }

  /// What a net answers to one sample or to rows of samples.
  package func output(
    of network: Network, for value: Value, at range: SourceRange
  ) throws(Failure) -> Value {
    do {
      switch value {
      case .data(let data):
        return Value(try network.output((network.pipeline?.applied(to: data) ?? data).x))
      case .traced(let node): return .traced(try network.output(node))
      default:
        guard let tensor = value.tensor else {
          throw Failure(
            "a net is applied to a vector (one sample) or a matrix (rows of samples)", at: range,
            label: value.kind)
        }
        return Value(try network.output(tensor))
      }
    } catch let error as LearningError {
      throw Failure(
        error.message, at: range, label: value.kind, help: error.help)
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure("\(error)", at: range)
    }
  }
}
