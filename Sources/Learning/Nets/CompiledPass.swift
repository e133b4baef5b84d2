import Differentiation

/// A net compiled to evaluate many rows of samples, in blocks of a size such that what it makes of
/// them stays near the processor, in the net's own precision.
struct CompiledPass {
  private let program: Program
  private let x: Node
  private let t: Node?
  private let rows: Int
  /// Numbers a row of the result.
  private let width: Int

  /// Multiply-adds from which on compiling costs less than it saves.
  private static let leastWork = 1 << 20

  /// Whether rows of a net are worked through so. A user's function may look at values, which a
  /// compiled pass has not; and few rows in binary64 go with the C library, which rounds better.
  static func isFor(_ network: Network, loss: Loss? = nil, rows: Int) -> Bool {
    let isOwn = network.layers.contains { $0.activation.traits.contains(.custom) }
    let work = network.count.multipliedReportingOverflow(by: rows)
    return !isOwn && loss?.isCustom != true
      && (network.precision == .float32 || work.overflow || work.partialValue >= leastWork)
  }

  private static func rows(of network: Network) -> Int {
    let widest = network.layers.reduce(network.inputCount) { max($0, $1.units) }
    return max(16, min(1024, (1 << 17) / widest) / 8 * 8)
  }

  /// Makes the outputs, rows × outputs.
  init(outputsOf network: Network, rows count: Int) throws(LearningError) {
    rows = max(1, min(Self.rows(of: network), count))
    width = network.outputCount
    x = Node.input(.matrix(rows, network.inputCount), name: "x")
    t = nil
    let nodes = network.openParameterNodes()
    program = Program(
      [try network.forwardGraph(x, parameters: nodes).y], precision: network.precision)
    network.writeValues(of: nodes, to: program.parameters)
  }

  /// Makes the losses of the samples.
  /// - Parameter live: nodes whose values lie in a store already.
  init(
    lossesOf network: Network, loss: Loss?, rows count: Int,
    live: (nodes: [Node], store: ParameterStore)? = nil
  ) throws(LearningError) {
    rows = max(1, min(Self.rows(of: network), count))
    width = 1
    x = Node.input(.matrix(rows, network.inputCount), name: "x")
    let t = Node.input(.matrix(rows, network.outputCount), name: "t")
    self.t = t
    let nodes = live?.nodes ?? network.openParameterNodes()
    let graph = try network.lossGraph(x: x, t: t, loss: loss, parameters: nodes)
    program = Program(
      [graph.losses], parameters: live?.store ?? ParameterStore(precision: network.precision))
    if live == nil { network.writeValues(of: nodes, to: program.parameters) }
  }

  /// Rows of a part of a stream: whole blocks, so that each row stands where it would in all of them.
  var partRows: Int { rows * max(1, (1 << 17) / (rows * max(1, x.shape.columns))) }

  /// The results for all rows, part by part.
  func run(_ samples: Tensor, targets: Tensor? = nil, _ body: ([Double]) -> Void) {
    let count = samples.shape.rows
    let (inputs, outputs) = (samples.shape.columns, targets?.shape.columns ?? 0)
    for start in stride(from: 0, to: count, by: rows) {
      let end = min(count, start + rows)
      program.set(x, from: samples.elements[start * inputs..<end * inputs])
      if let t, let targets {
        program.set(t, from: targets.elements[start * outputs..<end * outputs])
      }
      program.run()
      body(program.numbers(0, first: (end - start) * width))
      if end < count, Interruption.cutsShort() {
        return body([Double](repeating: 0, count: (count - end) * width))
      }
    }
  }
}
