import Differentiation
import Learning

extension Misconception {
  /// What is done wrong with the loss, or with what is derived.
  static let ofLoss: [Misconception] = [
    Misconception("half", "the ½ of the squared error is forgotten") {
      computation throws(ShapeError) in
      if computation.net?.loss.squaredError == .halved {
        return [Change(lossScale: 2)]
      }
      let halves = computation.halves()
      guard !halves.isEmpty else { return [] }
      if computation.isValueAsked {
        return [
          Change(
            root: try computation.rebuilt { node, inputs in
              guard halves.contains(where: { $0 === node }), let whole = Computation.halved(node)
              else { return nil }
              return node.inputs[0] === whole ? inputs[0] : inputs[1]
            })
        ]
      }
      return [
        Change {
          $0.factor = { node, _, factor in
            halves.contains { $0 === node } && factor.value?.number == 0.5 ? 1 : nil
          }
        }
      ]
    },
    Misconception("two", "the factor 2 of the square's derivative is forgotten") { computation in
      let squares = computation.squares()
      guard !squares.isEmpty else { return [] }
      return [
        Change {
          $0.factor = { node, input, factor throws(ShapeError) in
            input == 0 && squares.contains { $0 === node } ? try factor * 0.5 : nil
          }
        }
      ]
    },
    Misconception("halved", "the squared error is taken with a ½ that it does not have here") {
      computation in
      let isWhole =
        if let net = computation.net {
          net.loss.squaredError == .whole
        } else {
          !computation.squares().isEmpty && computation.halves().isEmpty
        }
      return isWhole ? [Change(lossScale: 0.5)] : []
    },
    Misconception("mean", "the mean over {place} is taken instead of their sum") { computation in
      computation.reductions().filter { !$0.isMean }.map {
        Change(at: $0.place, lossScale: 1 / Double($0.count))
      }
    },
    Misconception("noMean", "the sum over {place} is not divided by their number") {
      computation in
      computation.reductions().filter { $0.isMean }.map {
        Change(at: $0.place, lossScale: Double($0.count))
      }
    },
    Misconception("logarithm", "logarithms to the base {place} are taken") {
      computation throws(ShapeError) in
      var changes: [Change] = []
      for (base, natural) in [("2", 0.693147180559945309), ("10", 2.302585092994045684)] {
        if let change = try computation.withLogarithms(times: 1 / natural, at: base) {
          changes.append(change)
        }
      }
      return changes
    },
    Misconception("targetForgotten", "the target is forgotten") {
      computation throws(ShapeError) in
      try computation.withoutTarget().map { [$0] } ?? []
    },
    Misconception("weightsForgotten", "the factors of the samples are forgotten") { computation in
      computation.net?.unweighted.map { [Change(root: $0)] } ?? []
    },
    Misconception("penaltyForgotten", "the penalty {place} is forgotten") { computation in
      guard let objective = computation.net?.objective else { return [] }
      return objective.penalties.map {
        Change(
          at: $0,
          penaltyScale: .init(l1: $0 == "l1" ? 0 : 1, l2: $0 == "l2" ? 0 : 1))
      }
    },
    Misconception("penaltyHalf", "the ½ of the penalty l2/2*sum(w^2) is forgotten") {
      computation in
      guard let net = computation.net, net.objective.l2 > 0 else { return [] }
      return [Change(penaltyScale: .init(l2: 2))]
    },
    Misconception("penaltyMean", "the penalty is divided by the number of samples") {
      computation in
      guard let net = computation.net, net.objective.hasPenalty, net.rows > 1 else { return [] }
      let share = 1 / Double(net.rows)
      return [Change(penaltyScale: .init(l1: share, l2: share))]
    },
    Misconception("outputDerived", "{place} instead of the loss") {
      computation throws(ShapeError) in
      guard computation.target != nil else { return [] }
      return try computation.derivableOutputs().map {
        Change(at: "\($0.name) is derived", root: $0.node, changesLoss: false)
      }
    },
  ]
}

extension Computation {
  /// A sum or mean that the loss takes, over more than one number.
  struct LossReduction {
    /// `the outputs`
    let place: String
    let count: Int
    let isMean: Bool
  }

  func reductions() -> [LossReduction] {
    guard let net else {
      // A sum of products is no loss over outputs.
      if isValueAsked, squares().isEmpty, !order.contains(where: { $0.primitive === Primitive.log })
      {
        return []
      }
      return reductionsOfExpression()
    }
    var result: [LossReduction] = []
    let outputs = net.graph.t.shape.columns
    if outputs > 1, let isMean = Self.takesMean(net.graph.losses) {
      result.append(LossReduction(place: "the outputs", count: outputs, isMean: isMean))
    }
    if net.rows > 1 {
      result.append(LossReduction(place: "the samples", count: net.rows, isMean: net.isMean))
    }
    return result
  }

  /// Whether the losses of samples are means over the outputs; nil where they are neither means nor
  /// sums.
  private static func takesMean(_ losses: Node) -> Bool? {
    var node = losses
    while let primitive = node.primitive {
      if primitive === Primitive.mean(axis: .columns) { return true }
      if primitive === Primitive.sum(axis: .columns) || primitive === Primitive.crossEntropy {
        return false
      }
      if let inner = halved(node) {
        node = inner
      } else if primitive === Primitive.negate {
        node = node.inputs[0]
      } else {
        return nil
      }
    }
    return nil
  }

  private func reductionsOfExpression() -> [LossReduction] {
    var open = [output]
    var count = 0
    while let next = open.popLast(), count < 1000 {
      guard let primitive = next.primitive else {
        count += 1
        continue
      }
      if primitive === Primitive.add {
        open += next.inputs
      } else if let inner = Self.halved(next) {
        open.append(inner)
      } else if open.isEmpty, count == 0,
        primitive === Primitive.sum() || primitive === Primitive.mean()
      {
        let terms = next.inputs[0].shape.count
        guard terms > 1 else { return [] }
        return [
          LossReduction(place: "all terms", count: terms, isMean: primitive === Primitive.mean())
        ]
      } else {
        count += 1
      }
    }
    guard count > 1 else { return [] }
    return [LossReduction(place: "the outputs", count: count, isMean: false)]
  }

  /// The natural logarithms of the loss exchanged for others.
  func withLogarithms(times factor: Double, at base: String) throws(ShapeError) -> Change? {
    if let net {
      guard [.probabilities, .distribution].contains(net.loss.outputRequirement) else { return nil }
      return Change(at: base, lossScale: factor)
    }
    let fused = fusedLosses()
    let logarithms = order.filter { $0.primitive === Primitive.log && depth(of: $0) == 0 }
    guard !fused.isEmpty || !logarithms.isEmpty else { return nil }
    if isValueAsked {
      let root = try rebuilt { node, inputs throws(ShapeError) in
        guard let primitive = node.primitive, (fused + logarithms).contains(where: { $0 === node })
        else { return nil }
        return try Node.apply(primitive, to: inputs) * Node(number: factor)
      }
      return Change(at: base, root: root)
    }
    return Change(at: base) {
      $0.factor = { node, _, slope throws(ShapeError) in
        logarithms.contains { $0 === node } ? try slope * Node(number: factor) : nil
      }
      $0.contribution = { node, _, _, part throws(ShapeError) in
        fused.contains { $0 === node } ? try part * Node(number: factor) : nil
      }
    }
  }

  /// y where the error y - t should go back.
  func withoutTarget() throws(ShapeError) -> Change? {
    let fused = fusedLosses()
    let errors = order.filter { node in
      guard depth(of: node) == 0, let primitive = node.primitive,
        Self.isSquare(node) || primitive === Primitive.abs
      else { return false }
      return outputWithoutTarget(node.inputs[0]) != nil
    }
    let separate = activationsUnderLogarithms()
    // Over a sigmoid the logarithms of y and of 1 - y: the one of y brings the target back.
    let logarithms = order.filter { node in
      node.primitive === Primitive.log
        && separate.contains { $0 === node.inputs[0] && $0.primitive === Primitive.sigmoid }
    }
    let softmaxes = separate.filter { $0.primitive === Primitive.softmax }
    guard !(fused + errors + logarithms + softmaxes).isEmpty else { return nil }
    if isValueAsked {
      guard !errors.isEmpty else { return nil }
      let differences = errors.map { $0.inputs[0] }
      return Change(
        root: try rebuilt { node, inputs in
          guard differences.contains(where: { $0 === node }),
            let (output, _) = outputWithoutTarget(node)
          else { return nil }
          return node.inputs[0] === output ? inputs[0] : inputs[1]
        })
    }
    return Change {
      $0.operands = { node, input throws(ShapeError) in
        guard input == 0, errors.contains(where: { $0 === node }), let primitive = node.primitive,
          let (output, isNegated) = outputWithoutTarget(node.inputs[0])
        else { return nil }
        let operands = [isNegated ? try -output : output] + node.inputs.dropFirst()
        return (operands, try Node.apply(primitive, to: operands))
      }
      $0.contribution = { node, input, adjoint, part throws(ShapeError) in
        guard input == 0 else { return nil }
        if fused.contains(where: { $0 === node }) {
          return try part + adjoint.column(beside: node.inputs[0]) * node.inputs[1]
        }
        // -t/y becomes t/(1 - y), so that behind y(1 - y) there is ty in place of ty - t.
        if logarithms.contains(where: { $0 === node }) {
          return try -adjoint / (1 - node.inputs[0])
        }
        return softmaxes.contains { $0 === node } ? try part - adjoint * node : nil
      }
    }
  }

  /// What may be derived in place of the loss, as one number each.
  func derivableOutputs() throws(ShapeError) -> [(name: String, node: Node)] {
    guard let net else {
      let whole = output.name ?? "the loss"
      return try namedOnAllPaths().map { node throws(ShapeError) in
        (
          "\(node.name ?? "the output") and not \(whole)",
          node.shape == .scalar ? node : try node.applying(.sum())
        )
      }
    }
    let y = net.graph.y
    let reduced = try y.applying(net.isMean ? .mean(axis: .rows) : .sum(axis: .rows))
    let count = y.shape.columns
    guard count > 1 else { return [("the output", try reduced.applying(.sum()))] }
    var result: [(name: String, node: Node)] = []
    for unit in 0..<min(count, 6) {
      var mask = Tensor(repeating: 0, shape: .vector(count))
      mask.elements[unit] = 1
      result.append(
        (name: "output \(unit + 1)", node: try (reduced * .constant(mask)).applying(.sum())))
    }
    result.append((name: "the sum of the outputs", node: try reduced.applying(.sum())))
    return result
  }

  /// The named steps that everything from the target to the output goes through.
  private func namedOnAllPaths() -> [Node] {
    guard let target else { return [] }
    var path: [Node] = []
    var places: [ObjectIdentifier: Int] = [:]
    for node in order
    where node === target || node.inputs.contains(where: { places[ObjectIdentifier($0)] != nil }) {
      places[ObjectIdentifier(node)] = path.count
      path.append(node)
    }
    var result: [Node] = []
    var furthest = 0
    for (place, node) in path.enumerated() {
      if furthest <= place, node !== target, node !== output,
        node.name != nil || Self.isActivation(node)
      {
        result.append(node)
      }
      let reach = users(of: node).compactMap { places[ObjectIdentifier($0)] }.max() ?? 0
      furthest = max(furthest, reach)
    }
    return result
  }
}

extension Node {
  /// One number a row, laid out so that it meets the rows of `other`.
  func column(beside other: Node) throws(ShapeError) -> Node {
    guard case .matrix(let rows, _) = other.shape, shape.rank == 1 else { return self }
    return try reshaped(.matrix(rows, 1))
  }
}
