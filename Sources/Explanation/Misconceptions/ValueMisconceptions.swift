import Differentiation
import Learning

extension Misconception {
  /// What is done wrong on the way forward, where the value of an expression is asked for.
  static let ofValues: [Misconception] = [
    Misconception("termForgotten", "{place} is forgotten in the sum") {
      computation throws(ShapeError) in
      try computation.summandChanges { sum, forgotten throws(ShapeError) in
        try Computation.sum(sum.terms.filter { $0.node !== forgotten.node })
      }
    },
    Misconception("termSign", "{place} is taken with the wrong sign") {
      computation throws(ShapeError) in
      try computation.summandChanges { sum, turned throws(ShapeError) in
        try Computation.sum(
          sum.terms.map { term in
            term.node === turned.node
              ? Computation.Term(node: term.node, isNegated: !term.isNegated) : term
          })
      }
    },
    Misconception("factorForgotten", "{place} is not multiplied in") {
      computation throws(ShapeError) in
      try computation.factorChanges()
    },
    Misconception("sumForProduct", "{place} are added instead of multiplied") {
      computation throws(ShapeError) in
      try computation.productsAdded()
    },
    Misconception("inputsExchanged", "{place} are exchanged") {
      computation throws(ShapeError) in
      try computation.factorsExchanged()
    },
    Misconception("squareForgotten", "the square is forgotten") {
      computation throws(ShapeError) in
      guard computation.isValueAsked else { return [] }
      let squares = computation.order.filter(Computation.isSquare)
      guard !squares.isEmpty else { return [] }
      return [
        Change(
          root: try computation.rebuilt { node, inputs in
            squares.contains { $0 === node } ? inputs[0] : nil
          })
      ]
    },
  ]
}

extension Computation {
  /// Whether the number asked for is the value of an expression, and no derivative or loss of a net.
  var isValueAsked: Bool { target == nil && net == nil }

  /// One term of a sum, with the sign it is taken with.
  struct Term {
    var node: Node
    var isNegated = false
  }

  /// A sum or difference as it is written: its terms, those of inner sums without a name included.
  struct Sum {
    let node: Node
    var terms: [Term]
  }

  /// Sums of more than these are no formula by hand.
  private static let mostTerms = 12

  private func sums() -> [Sum] {
    order.compactMap { node in
      guard Self.isSum(node) else { return nil }
      // An inner sum is a part of the one around it.
      let isInner = node.name == nil && users(of: node).contains { Self.isSum($0) }
      guard !isInner else { return nil }
      let terms = Self.terms(of: node)
      return terms.count <= Self.mostTerms ? Sum(node: node, terms: terms) : nil
    }
  }

  private static func isSum(_ node: Node) -> Bool {
    node.primitive === Primitive.add || node.primitive === Primitive.subtract
  }

  private static func terms(of node: Node) -> [Term] {
    var result: [Term] = []
    var open = [Term(node: node)]
    while let next = open.popLast(), result.count <= mostTerms {
      if isSum(next.node), next.node === node || next.node.name == nil {
        let isDifference = next.node.primitive === Primitive.subtract
        open.append(
          Term(node: next.node.inputs[1], isNegated: next.isNegated != isDifference))
        open.append(Term(node: next.node.inputs[0], isNegated: next.isNegated))
      } else {
        result.append(next)
      }
    }
    return result
  }

  fileprivate static func sum(_ terms: [Term]) throws(ShapeError) -> Node? {
    guard let first = terms.first else { return nil }
    var result = first.isNegated ? try -first.node : first.node
    for term in terms.dropFirst() {
      result = term.isNegated ? try result - term.node : try result + term.node
    }
    return result
  }

  /// One change for each term of each sum, where the value of an expression is asked for.
  fileprivate func summandChanges(
    _ changed: (Sum, Term) throws(ShapeError) -> Node?
  ) throws(ShapeError) -> [Change] {
    guard isValueAsked else { return [] }
    var result: [Change] = []
    for sum in sums() {
      for term in sum.terms {
        guard let place = Self.words(for: term.node), let other = try changed(sum, term),
          other.shape == sum.node.shape
        else { continue }
        result.append(Change(at: place, root: try rebuilt(sum.node, as: other)))
      }
    }
    return result
  }

  /// The output, with one node computed in another way.
  private func rebuilt(_ node: Node, as other: Node) throws(ShapeError) -> Node {
    try rebuilt { candidate, _ in candidate === node ? other : nil }
  }

  /// Products of two named numbers, as a weight and its input.
  private func namedProducts() -> [(node: Node, left: String, right: String)] {
    guard isValueAsked else { return [] }
    return order.compactMap { node in
      guard node.primitive === Primitive.multiply, let left = node.inputs[0].name,
        let right = node.inputs[1].name
      else { return nil }
      return (node, left, right)
    }
  }

  fileprivate func factorChanges() throws(ShapeError) -> [Change] {
    var result: [Change] = []
    for product in namedProducts() {
      for (kept, forgotten) in [(0, product.right), (1, product.left)]
      where product.node.inputs[kept].shape == product.node.shape {
        result.append(
          Change(at: forgotten, root: try rebuilt(product.node, as: product.node.inputs[kept])))
      }
    }
    return result
  }

  fileprivate func productsAdded() throws(ShapeError) -> [Change] {
    var result: [Change] = []
    for product in namedProducts() {
      let sum = try product.node.inputs[0] + product.node.inputs[1]
      guard sum.shape == product.node.shape else { continue }
      result.append(
        Change(at: "\(product.left) and \(product.right)", root: try rebuilt(product.node, as: sum))
      )
    }
    return result
  }

  /// The second factors of two products of one sum change places: `w1*i2 + w2*i1`.
  fileprivate func factorsExchanged() throws(ShapeError) -> [Change] {
    guard isValueAsked else { return [] }
    let products = namedProducts()
    var result: [Change] = []
    for sum in sums() {
      let own = sum.terms.compactMap { term in products.first { $0.node === term.node } }
      for (index, one) in own.enumerated() {
        for other in own[(index + 1)...] {
          let (a, b) = (one.node.inputs[1], other.node.inputs[1])
          guard a !== b, a.shape == b.shape else { continue }
          let root = try rebuilt { node, inputs throws(ShapeError) in
            if node === one.node { return try inputs[0] * b }
            return node === other.node ? try inputs[0] * a : nil
          }
          result.append(Change(at: "\(one.right) and \(other.right)", root: root))
        }
      }
    }
    return result
  }

  /// A term as it is spoken of; nil for what has no short name.
  private static func words(for node: Node) -> String? {
    if let name = node.name { return name }
    if node.primitive === Primitive.multiply || node.primitive === Primitive.matmul {
      guard let left = node.inputs[0].name, let right = node.inputs[1].name else {
        return nil
      }
      return "\(left)*\(right)"
    }
    return nil
  }
}
