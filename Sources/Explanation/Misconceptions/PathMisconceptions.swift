import Differentiation
import Learning

extension Misconception {
  /// What is done wrong where the error comes back over several paths.
  static let ofPaths: [Misconception] = [
    Misconception("onePath", "only {place} is counted in the error that comes back") {
      computation in
      computation.singleTerms() + computation.singleUnits()
    },
    Misconception("notTransposed", "the weight matrix is not transposed going back") {
      computation in
      let exchanged = computation.exchangedWeights()
      return [
        Change {
          $0.operands = { node, input throws(ShapeError) in
            guard let other = Computation.weightedInput(of: node), other == input else {
              return nil
            }
            let side = 1 - input
            var operands = node.inputs
            if node.primitive === Primitive.matmul {
              guard case .matrix(let rows, let columns) = node.inputs[side].shape,
                rows == columns, rows > 1
              else { return nil }
              operands[side] = try node.inputs[side].transposed()
              return (operands, node)
            }
            guard let new = exchanged[ObjectIdentifier(node)] else { return nil }
            operands[side] = new
            return (operands, node)
          }
        }
      ]
    },
  ]
}

extension Computation {
  /// One of several steps that use a value, where a computation is written out.
  fileprivate func singleTerms() -> [Change] {
    guard net == nil else { return [] }
    let most = order.map { users(of: $0).count }.max() ?? 0
    guard most > 1 else { return [] }
    return (0..<min(most, 4)).map { kept in
      Change(at: "one of several paths") {
        $0.parts = { _, parts in
          parts.count > 1 ? [parts[min(kept, parts.count - 1)]] : parts
        }
      }
    }
  }

  /// One of the units that a layer has above it.
  fileprivate func singleUnits() -> [Change] {
    let widths = order.filter { Self.weightedInput(of: $0) != nil }.map { $0.shape.columns }
    guard let widest = widths.max(), widest > 1 else { return [] }
    return (0..<min(widest, 6)).map { unit in
      Change(at: "unit \(unit + 1) of the layer above") {
        $0.upstream = { node, input, adjoint throws(ShapeError) in
          guard let side = Self.weightedInput(of: node), side == input,
            unit < node.shape.columns, node.shape.columns > 1
          else { return nil }
          var mask = Tensor(repeating: 0, shape: .vector(node.shape.columns))
          mask.elements[unit] = 1
          return try adjoint * Node.constant(mask)
        }
      }
    }
  }

  /// Where sums of products make a square layer written out: for each product w_ij·a_j the weight
  /// w_ji.
  fileprivate func exchangedWeights() -> [ObjectIdentifier: Node] {
    var layers: [[ObjectIdentifier]: [[Node]]] = [:]
    for node in order where node.primitive === Primitive.add {
      let isInner = users(of: node).contains { $0.primitive === Primitive.add }
      if isInner && node.name == nil { continue }
      let products = Self.summands(of: node).filter {
        $0.primitive === Primitive.multiply && Self.weightedInput(of: $0) != nil
      }
      let sources = products.compactMap { product in
        Self.weightedInput(of: product).map { ObjectIdentifier(product.inputs[$0]) }
      }
      guard products.count > 1, Set(sources).count == sources.count else { continue }
      layers[sources, default: []].append(products)
    }
    var result: [ObjectIdentifier: Node] = [:]
    for rows in layers.values where rows.count > 1 && rows.count == rows[0].count {
      for (i, row) in rows.enumerated() {
        for (j, product) in row.enumerated() {
          let other = rows[j][i]
          guard let side = Self.weightedInput(of: other) else { continue }
          result[ObjectIdentifier(product)] = other.inputs[1 - side]
        }
      }
    }
    return result
  }

  private static func summands(of node: Node) -> [Node] {
    var result: [Node] = []
    var open = [node]
    while let next = open.popLast(), result.count < 10_000 {
      if next.primitive === Primitive.add, next === node || next.name == nil {
        open += next.inputs.reversed()
      } else {
        result.append(next)
      }
    }
    return result
  }
}
