import Differentiation

/// A net of full layers with the data of a measurement.
struct LayeredNet {
  enum Loss { case binaryCrossEntropy, crossEntropy, halfSquares }

  let sizes: [Int]
  let hidden: Primitive
  let loss: Loss
  var weights: [Node] = []
  var biases: [Node] = []

  init(_ sizes: [Int], hidden: Primitive, loss: Loss) {
    self.sizes = sizes
    self.hidden = hidden
    self.loss = loss
    var state: UInt64 = 1
    for (inputs, units) in zip(sizes, sizes.dropFirst()) {
      let bound = (6 / Double(inputs + units)).squareRoot()
      let numbers = (0..<inputs * units).map { _ in bound * (2 * LayeredNet.next(&state) - 1) }
      weights.append(.parameter(Tensor(.matrix(units, inputs), numbers), name: nil))
      biases.append(.parameter(Tensor(repeating: 0, shape: .vector(units)), name: nil))
    }
  }

  var parameters: [Node] { zip(weights, biases).flatMap { [$0, $1] } }

  func graph(rows: Int) throws(DifferentiationError) -> TrainingLoop.Graph {
    let (x, t, loss): (Node, Node, Node)
    do throws(ShapeError) {
      (x, t, loss) = try nodes(rows: rows)
    } catch {
      throw .shape(error)
    }
    return TrainingLoop.Graph(
      inputs: [x, t], loss: loss, gradients: try gradients(of: loss, by: parameters))
  }

  private func nodes(rows: Int) throws(ShapeError) -> (Node, Node, Node) {
    let x = Node.input(.matrix(rows, sizes[0]), name: nil)
    let t = Node.input(.matrix(rows, sizes[sizes.count - 1]), name: nil)
    let z = try outputs(x)
    let losses: Node
    switch loss {
    case .binaryCrossEntropy:
      losses = try Node.apply(.binaryCrossEntropy, to: [z, t]).applying(.mean())
    case .crossEntropy:
      losses = try Node.apply(.crossEntropy, to: [z, t]).applying(.mean())
    case .halfSquares:
      let error = try z.applying(.sigmoid) - t
      losses = try error.applying(.square).applying(.sum()) * 0.5
    }
    return (x, t, losses)
  }

  /// What the net answers to rows of samples, before its last function.
  func outputs(_ x: Node) throws(ShapeError) -> Node {
    var z = x
    for (layer, (weight, bias)) in zip(weights, biases).enumerated() {
      if layer > 0 { z = try z.applying(hidden) }
      z = try z.product(weight.transposed()) + bias
    }
    return z
  }

  static func next(_ state: inout UInt64) -> Double {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) * 0x1p-53
  }
}
