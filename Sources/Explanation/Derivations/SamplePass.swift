import Differentiation
import Learning

/// Everything a net computes of one sample, forward and backward.
package struct SamplePass {
  package let network: Network
  package let loss: Loss
  /// The sample, then the outputs of each layer.
  package let a: [[Double]]
  /// The net inputs of each layer, the first of layer 1.
  package let z: [[Double]]
  /// ∂L/∂z, of each layer as `z`.
  package let deltas: [[Double]]
  package let target: [Double]
  /// What the loss of the sample counts: class and sample weights together.
  package let factor: Double
  package let value: Double
  /// Which row of the data it is, from 1; nil where its loss is the whole loss: where it is the only
  /// row, and no penalty is added.
  package let sample: Int?
  /// ∂L/∂ every output, where the loss is computed from the outputs and not from the net inputs.
  package let outputGradients: [Double]?
  /// Which hidden units take part, layer by layer, 1 or 0; nil where none is left out.
  package let masks: [[Double]]?
  let weights: [Tensor]
  let biases: [Tensor?]

  /// - Parameters:
  ///   - x: the inputs of the sample.
  ///   - target: one number an output.
  ///   - factor: what its loss is multiplied with.
  ///   - sample: which row it is, from 1, where its loss is not the whole loss.
  ///   - masks: of each hidden layer 1 × units, 0 where a unit is left out, else 1; all take part
  ///     where nil.
  /// - Throws: what the net's functions throw, where a derivative is missing, and where the masks do
  ///   not fit the net.
  package init(
    _ network: Network, x: [Double], target: [Double], loss choice: Loss? = nil,
    factor: Double = 1, sample: Int? = nil, masks: [Tensor]? = nil
  ) throws(LearningError) {
    let graph = try network.lossGraph(
      x: .constant(Tensor(.matrix(1, x.count), x), name: "x"),
      t: .constant(Tensor(.matrix(1, target.count), target), name: "t"),
      weights: factor == 1 ? nil : .constant(Tensor(vector: [factor]), name: "weights"),
      loss: choice, reduction: .sum, masks: network.factors(of: masks, rows: 1))
    let sweep = try deriving(ReverseSweep(of: graph.loss, by: graph.z))
    func elements(_ node: Node) -> [Double] { node.value?.elements ?? [] }
    self.network = network
    self.sample = sample
    self.masks = masks.map { $0.map { $0.elements } }
    loss = choice ?? network.loss
    a = [x] + graph.a.map(elements)
    z = graph.z.map(elements)
    deltas = graph.z.map { node in
      sweep.adjoint(of: node).map(elements) ?? Array(repeating: 0, count: node.shape.count)
    }
    self.target = target
    self.factor = factor
    value = graph.loss.value?.number ?? .nan
    outputGradients = sweep.adjoint(of: graph.y).map(elements)
    let parameters = network.parameters
    func parameter(_ layer: Int, _ role: Network.Parameter.Role) -> Tensor? {
      parameters.first { $0.layer == layer && $0.role == role }?.value
    }
    weights = network.layers.map { parameter($0.number, .weights) ?? Tensor(0) }
    biases = network.layers.map { parameter($0.number, .bias) }
  }

  /// One row of a data set, from 1.
  /// - Throws: where there is no such row, and as above.
  package init(
    _ network: Network, _ data: DataSet, sample: Int, _ objective: Objective = Objective()
  ) throws(LearningError) {
    guard sample >= 1, sample <= data.count else {
      throw LearningError(
        "there is no sample \(sample)", (.option("sample"), "too large"),
        (.data, "has \(data.count)"))
    }
    let targets = try network.targets(of: data, for: objective.loss ?? network.loss)
    func row(_ tensor: Tensor) -> [Double] {
      let width = tensor.shape.columns
      return Array(tensor.elements[(sample - 1) * width..<sample * width])
    }
    let factors = try objective.factors(for: data, of: network)
    // Refuses masks of other rows.
    _ = try network.factors(of: objective.masks, rows: data.count)
    try self.init(
      network, x: row(data.x), target: row(targets), loss: objective.loss,
      factor: factors.map { $0[sample - 1] } ?? 1,
      sample: data.count > 1 || objective.hasPenalty ? sample : nil,
      masks: objective.ofRow(sample - 1).masks)
  }

  /// The weight from unit `source` of the layer before, both from 1.
  func weight(_ layer: Int, to unit: Int, from source: Int) -> Double {
    weights[layer - 1][unit - 1, source - 1]
  }

  func bias(_ layer: Int, _ unit: Int) -> Double? {
    biases[layer - 1].map { $0.elements[unit - 1] }
  }

  /// 1 where a hidden unit takes part, 0 where it is left out; nil where no unit is, and of inputs
  /// and outputs.
  package func mask(_ layer: Int, _ unit: Int) -> Double? {
    guard let masks, layer >= 1, layer <= masks.count else { return nil }
    return masks[layer - 1][unit - 1]
  }
}
