import Differentiation
import Learning
import Syntax

extension Runtime {
  /// A user's function as a loss: f(y, t) of one sample, the output first.
  package func loss(_ function: Function, at range: SourceRange) -> Loss {
    Loss(userFunction: function.name) { y, t throws(LearningError) in
      try self.carrying { () throws(Failure) in
        try self.node(of: function, [.traced(y), .traced(t)], at: range)
      }
    }
  }

  /// A user's function as an activation.
  package func activation(_ function: Function, at range: SourceRange) -> Activation {
    Activation(userFunction: function.name) { z throws(LearningError) in
      try self.carrying { () throws(Failure) in
        try self.node(of: function, [.traced(z)], at: range)
      }
    }
  }

  /// Runs what belongs to the script in the middle of a room that knows only its own errors: what
  /// the script throws is kept here until that room has given up.
  package func carrying<Result>(
    _ body: () throws(Failure) -> Result
  ) throws(LearningError) -> Result {
    do { return try callingBack(body) } catch {
      carried = error
      throw .ofCaller
    }
  }

  /// Runs what a room below asks of the script in the middle of its work. That room looks for an
  /// interrupt itself, and keeps what it has.
  /// - Throws: the error of the body.
  package func callingBack<Result>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    callbacks += 1
    defer { callbacks -= 1 }
    return try body()
  }

  /// What the script threw, where that is what ended the work of a room below.
  package func failure(behind error: LearningError) -> Failure? {
    guard error.isOfCaller else { return nil }
    defer { carried = nil }
    return carried
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
  /// - Throws: where the value is no sample of the net; what a user's activation throws.
  package func output(
    of network: Network, for value: Value, at range: SourceRange
  ) throws(Failure) -> Value {
    do throws(LearningError) {
      switch value {
      case .data(let data):
        return Value(try network.output((network.pipeline?.applied(to: data) ?? data).x))
      case .traced(let node): return .traced(try network.output(node))
      default:
        if let tensor = value.tensor { return Value(try network.output(tensor)) }
      }
    } catch {
      throw failure(behind: error)
        ?? Failure(error.message, at: range, label: value.kind, help: error.help)
    }
    throw Failure(
      "a net is applied to a vector (one sample) or a matrix (rows of samples)", at: range,
      label: value.kind)
  }
}
