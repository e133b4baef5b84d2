import Differentiation
import Explanation
import Language
import Learning
import Syntax

/// What the commands about nets read from their arguments in the same way.
extension Arguments {
  /// The data a net is asked about: the argument, or what the net last saw.
  func data(_ network: Network, _ argument: BoundArgument?) throws(Failure) -> DataSet {
    try rows(network, argument).data
  }

  /// The same as the net takes them, and as they were given where they were raw.
  func rows(
    _ network: Network, _ argument: BoundArgument?
  ) throws(Failure) -> (data: DataSet, raw: DataSet?) {
    if let argument {
      guard case .data(let data) = argument.value else {
        if case .stream = argument.value { throw notHeld(argument.range) }
        throw Failure(
          "a net is asked about a data set", at: argument.range, label: argument.value.kind,
          help: ["a data set stands here: circles, or d = data X T"])
      }
      let isPrepared = try isPrepared()
      let prepared = try runtime.prepared(
        data, for: network, isPrepared: isPrepared, at: argument.range)
      session.remember(prepared, for: network)
      let isRaw = data.pipeline == nil && prepared.pipeline != nil && data.count == prepared.count
      let step = try mask()
      return (
        try stepRows(of: prepared, step) ?? prepared,
        isRaw && !isPrepared ? try stepRows(of: data, step) : nil
      )
    }
    guard let samples = session.lastSamples(of: network) else { throw hasSeenNothing }
    guard let data = samples.table else { throw notHeld(range) }
    return (try stepRows(of: data, mask()) ?? data, nil)
  }

  /// The same of functions that go through the rows of a stream part by part.
  func samples(_ network: Network, _ argument: BoundArgument?) throws(Failure) -> Samples {
    guard let argument else {
      guard let samples = session.lastSamples(of: network) else { throw hasSeenNothing }
      guard samples.table == nil else { return .table(try data(network, nil)) }
      if given(Catalog.maskOption) != nil { throw notHeld(range) }
      return samples
    }
    guard case .stream(let stream) = argument.value else {
      return .table(try data(network, argument))
    }
    // A mask has a row for each of the data.
    if given(Catalog.maskOption) != nil { throw notHeld(argument.range) }
    let prepared = try runtime.prepared(
      Samples.stream(stream), for: network, isPrepared: try isPrepared(), at: argument.range)
    session.remember(prepared, for: network)
    return prepared
  }

  private var hasSeenNothing: Failure {
    Failure(
      "the net has seen no data yet", at: range,
      help: ["name a data set: \(function.name) net circles"])
  }

  /// For a function of all rows at once.
  private func notHeld(_ range: SourceRange) -> Failure {
    Failure(
      "\(function.name) needs all rows in memory, and those of a stream are not", at: range,
      label: "a stream of rows",
      help: ["s[1..1000] holds some of them: \(function.name) net s[1..1000]"])
  }

  /// Puts in front of a derivation how the raw row of its sample was prepared.
  /// - Parameter sample: from 1.
  func showingPreparing(
    of raw: DataSet?, sample: Int, for network: Network, _ derivation: Derivation
  ) -> Derivation {
    var result = namingStepRows(derivation)
    guard let pipeline = network.pipeline, let row = try? raw?.rows([sample - 1]) else {
      return result
    }
    result.begin(
      preparing: row, pipeline, symbols: NetSymbols(session.notation, sizes: network.sizes))
    return result
  }

  /// Whether the call says that its rows are prepared already.
  func isPrepared() throws(Failure) -> Bool { try optional(Catalog.preparedOption) ?? false }

  /// The loss of an option; a user's function of the output and the target counts.
  func loss(_ key: Key<Choice>) throws(Failure) -> Loss? {
    guard let argument = given(key) else { return nil }
    switch argument.value {
    case .choice(.loss(let loss)): return loss
    case .function(let function): return runtime.loss(function, at: argument.range)
    default: return nil
    }
  }

  /// The optimizer of an option; a user's update rule counts.
  func optimizer(_ key: Key<Choice>) throws(Failure) -> Optimizer? {
    if let argument = given(key), case .function(let function) = argument.value {
      return try runtime.optimizer(function, at: argument.range)
    }
    if case .optimizer(let optimizer)? = try optional(key) { return optimizer }
    return nil
  }

  func reduction() throws(Failure) -> Reduction? {
    try optional(Catalog.reductionOption).flatMap { Reduction(rawValue: $0) }
  }

  /// What a net's loss is asked for with: the options of a training that act in it, and the mask.
  /// - Parameter rows: of the data that it is asked on.
  func objective(of network: Network, rows: Int) throws(Failure) -> Objective {
    var objective = try trainingOptions(StopCondition()).objective
    let step = try mask()
    objective.masks = try masks(step, of: network, rows: rows)
    if let step, let factors = objective.sampleWeights, let chosen = step.rows,
      factors.count == step.dataCount
    {
      objective.sampleWeights = chosen.map { factors[$0] }
    }
    return objective
  }

  /// Carries out something of the rooms below; an error gets carets under the arguments that it
  /// speaks of.
  func mappingErrors<Result>(
    _ work: @autoclosure () throws(LearningError) -> Result
  ) throws(Failure) -> Result {
    do { return try work() } catch {
      throw runtime.failure(behind: error) ?? failure(of: error)
    }
  }

  /// The same in several statements.
  func mappingErrors<Result>(
    _ body: () throws(LearningError) -> Result
  ) throws(Failure) -> Result {
    do { return try body() } catch {
      throw runtime.failure(behind: error) ?? failure(of: error)
    }
  }

  /// The error with carets under the arguments it speaks of, and under the place where the net
  /// was made.
  func failure(of error: LearningError) -> Failure {
    var notes: [(range: SourceRange, text: String)] = []
    var origins: [Diagnostic.Label] = []
    for note in error.notes {
      guard let argument = argument(of: note.target) else { continue }
      guard note.target == .network, let network = argument.value.network else {
        notes.append((argument.range, note.text))
        if case .data(let data) = argument.value, let name = argument.name,
          let place = session.origin(of: data, named: name)
        {
          origins.append(.init(place.range, "made here", source: place.source))
        }
        continue
      }
      let title = network.shortTitle
      let words =
        switch note.text {
        case network.title: title
        case let words where words.first?.isNumber == true: "\(title) has \(words)"
        case let words where words.hasPrefix("layer"): "\(title): \(words)"
        case let words: "\(title) \(words)"
        }
      notes.append((argument.range, words))
      if let place = session.origin(of: network) {
        origins.append(.init(place.range, "made here", source: place.source))
      }
    }
    return failure(error.message, notes, origins, help: error.help)
  }

  /// The argument that an error speaks of.
  private func argument(of target: LearningError.Target) -> BoundArgument? {
    let all = zip(function.parameters, bound).compactMap { parameter, argument in
      argument.map { (parameter, $0) }
    }
    switch target {
    case .network:
      return (all.map { $0.1 } + rest).first { $0.value.network != nil }
    case .data:
      return (all.map { $0.1 } + rest).first { $0.value.isData }
    case .validation: return all.first { $0.0.name == "valid" }?.1
    case .sizes: return all.first { $0.0.name == "sizes" }?.1
    case .activation(let place), .part(let place): return place < rest.count ? rest[place] : nil
    case .setting: return nil
    case .option(let name): return all.first { $0.0.name == name }?.1
    case .parameter: return nil
    }
  }
}

extension Value {
  /// The net that it is or that a run trained.
  fileprivate var network: Network? {
    switch self {
    case .network(let network): network
    case .run(let run): run.network
    default: nil
    }
  }

  fileprivate var isData: Bool { samples != nil }
}

extension Network {
  /// The weight of a number from 1, unit by unit from the first layer on, as worked examples count
  /// them.
  func weight(_ number: Int) -> (name: String, indexes: [Int])? {
    var rest = number - 1
    for layer in layers {
      let count = layer.units * layer.inputs
      if (0..<count).contains(rest) {
        return ("W\(layer.number)", [rest / layer.inputs + 1, rest % layer.inputs + 1])
      }
      rest -= count
    }
    return nil
  }

  /// The call that makes it, without activations: `mlp [2,20,1]`.
  var shortTitle: String {
    "\(rule == .perceptron ? "perceptron" : "mlp") \(written(sizes))"
  }
}
