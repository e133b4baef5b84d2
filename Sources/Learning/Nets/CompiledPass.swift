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
  /// Who works through blocks of the rows beside this process; nobody where nil.
  private let team: Team?
  /// That a row takes at most, on whatever is busy with other things besides.
  private let secondsARow: Double

  /// Multiply-adds from which on compiling costs less than it saves.
  private static let leastWork = 1 << 20
  /// Multiply-adds a second that any machine makes.
  private static let leastRate = 1e8

  /// Whether rows of a net are worked through so. A user's function may look at values, which a
  /// compiled pass has not; and few rows in binary64 go with the C library, which rounds better.
  static func isFor(_ network: Network, loss: Loss? = nil, rows: Int) -> Bool {
    let isOwn = network.layers.contains { $0.activation.traits.contains(.custom) }
    return !isOwn && loss?.isCustom != true
      && (network.precision == .float32 || isWork(network, rows: rows))
  }

  /// Whether several processes are faster with so many rows than each of them with all.
  private static func isDivisible(_ network: Network, rows: Int) -> Bool {
    isWork(network, rows: rows) && rows > Self.rows(of: network)
  }

  private static func isWork(_ network: Network, rows: Int) -> Bool {
    let work = network.count.multipliedReportingOverflow(by: rows)
    return work.overflow || work.partialValue >= leastWork
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
    team = Self.isDivisible(network, rows: count) ? network.team : nil
    secondsARow = Double(network.count) / Self.leastRate
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
    team = Self.isDivisible(network, rows: count) ? network.team : nil
    secondsARow = Double(network.count) / Self.leastRate
    let nodes = live?.nodes ?? network.openParameterNodes()
    let graph = try network.lossGraph(x: x, t: t, loss: loss, parameters: nodes)
    program = Program(
      [graph.losses], parameters: live?.store ?? ParameterStore(precision: network.precision))
    if live == nil { network.writeValues(of: nodes, to: program.parameters) }
  }

  /// Rows of a part of a stream: whole blocks, so that each row stands where it would in all of them.
  var partRows: Int { rows * max(1, (1 << 17) / (rows * max(1, x.shape.columns))) }

  /// The results for all rows, part by part. Of a team each makes those of some blocks, which are the
  /// same blocks for any number of processes, and gets those of the others.
  /// - Throws: where the others do not answer any more.
  func run(
    _ samples: Tensor, targets: Tensor? = nil, _ body: ([Double]) -> Void
  ) throws(LearningError) {
    let count = samples.shape.rows
    let blocks = (count + rows - 1) / rows
    guard let team, team.count > 1, blocks > 1 else {
      return run(samples, targets, 0..<count) { body($1) }
    }
    let parts = (0...team.count).map { min(count, blocks * $0 / team.count * rows) }
    let shares = zip(parts, parts.dropFirst()).map { $0..<$1 }
    var results = [Double](repeating: 0, count: count * width)
    run(samples, targets, shares[team.rank]) { start, numbers in
      results.replaceSubrange(start * width..<start * width + numbers.count, with: numbers)
    }
    let places = shares.map { $0.lowerBound * width..<$0.upperBound * width }
    guard team.complete(&results, places, within: Double(count) * secondsARow) else {
      throw LearningError("the other ranks do not answer")
    }
    body(results)
  }

  /// The results for rows from the start of a block, block by block, each with its first row.
  private func run(
    _ samples: Tensor, _ targets: Tensor?, _ range: Range<Int>, _ body: (Int, [Double]) -> Void
  ) {
    let (inputs, outputs) = (samples.shape.columns, targets?.shape.columns ?? 0)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: rows) {
      let end = min(range.upperBound, start + rows)
      program.set(x, from: samples.elements[start * inputs..<end * inputs])
      if let t, let targets {
        program.set(t, from: targets.elements[start * outputs..<end * outputs])
      }
      program.run()
      body(start, program.numbers(0, first: (end - start) * width))
      if end < range.upperBound, Interruption.cutsShort() {
        return body(end, [Double](repeating: 0, count: (range.upperBound - end) * width))
      }
    }
  }
}
