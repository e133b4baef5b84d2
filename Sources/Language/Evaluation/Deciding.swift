import Differentiation
import Syntax

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
  package func chosen(over nodes: [Node], at range: SourceRange) throws(Failure) -> Value {
    guard isNumeric, !isOpen else { return self }
    do throws(ShapeError) {
      return .traced(try node(self, name: nil).chosen(over: nodes))
    } catch { throw Failure(error.message, at: range) }
  }
}
