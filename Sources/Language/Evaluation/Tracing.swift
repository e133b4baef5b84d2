import Differentiation
import Syntax

extension Runtime {
  /// Calls a function on nodes in place of its arguments, so that its value is a graph of them.
  /// - Throws: what the function throws.
  package func traced(
    _ function: Function, _ given: [(name: String, argument: BoundArgument)],
    at range: SourceRange
  ) throws(Failure) -> (value: Value, nodes: [(name: String, node: Node)]) {
    let names = function.parameterNames
    var values: [Value?] = Array(repeating: nil, count: names.count)
    var nodes: [(name: String, node: Node)] = []
    for (name, argument) in given {
      guard let place = names.firstIndex(of: name) else { continue }
      if case .traced(let outer) = argument.value {
        let inner = try apply(.identity, to: [.traced(outer)], at: argument.range)
        if case .traced(let node) = inner {
          node.name = name
          nodes.append((name, node))
        }
        values[place] = inner
      } else if let tensor = argument.value.tensor {
        let node = Node.parameter(tensor, name: name)
        nodes.append((name, node))
        values[place] = .traced(node)
      } else {
        values[place] = argument.value
      }
    }
    differentiating += 1
    defer { differentiating -= 1 }
    switch function.body {
    case .user(let user): return (try call(user, values, at: range), nodes)
    case .builtin, .derivative, .foreign:
      return (try call(function, values.compactMap { $0 }, at: range), nodes)
    }
  }

  /// f'(x), element by element.
  /// - Throws: where something has no derivative; what the function throws.
  package func derivative(
    of function: Function, at value: Value, range: SourceRange
  ) throws(Failure) -> Value {
    let argument = BoundArgument(value: value, range: range, name: nil)
    let name = function.parameterNames.first ?? "x"
    let (result, nodes) = try traced(function, [(name, argument)], at: range)
    guard let input = nodes.first?.node, case .traced(let output) = result else {
      return Value(Tensor(repeating: 0, shape: value.shape ?? .scalar))
    }
    do throws(DifferentiationError) {
      let slope = try elementwiseDerivative(of: output, by: input)
      if case .traced = value { return .traced(slope) }
      return slope.value.map { Value($0) } ?? .nothing
    } catch { throw Failure(error.message, at: range) }
  }
}

// A condition on values with a history chooses a branch. What it chose varies only with what it was
// computed from; that the rest was passed over is kept, so that its derivative is 0 and no error.

extension Runtime {
  /// A condition and the nodes that it compared.
  @inline(__always)
  func deciding<Result>(
    _ condition: () throws(Failure) -> Result
  ) throws(Failure) -> (Result, nodes: [Node]) {
    let known = deciders.count
    conditionsUnderWay += 1
    let result: Result
    do { result = try condition() } catch {
      conditionsUnderWay -= 1
      deciders.removeSubrange(known...)
      throw error
    }
    conditionsUnderWay -= 1
    guard deciders.count > known else { return (result, []) }
    let nodes = Array(deciders[known...])
    deciders.removeSubrange(known...)
    return (result, nodes)
  }

  /// Keeps what a comparison in a condition looked at.
  func keepDeciding(_ values: [Value]) {
    for case .traced(let node) in values where node.value != nil { deciders.append(node) }
  }
}

extension Value {
  /// A number, vector or matrix with the nodes that a condition passed over; other values as they are.
  /// - Throws: where the value cannot become a node, with `range` as its place.
  package func chosen(over nodes: [Node], at range: SourceRange) throws(Failure) -> Value {
    guard isNumeric, !isOpen else { return self }
    do throws(ShapeError) {
      return .traced(try node(self, name: nil).chosen(over: nodes))
    } catch { throw Failure(error.message, at: range) }
  }
}
