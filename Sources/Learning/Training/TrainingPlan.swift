import Differentiation

/// Validates options and data and fixes batch size, targets and weights before a training.
package struct TrainingPlan {
  package let network: Network
  /// All rows given, their targets as the net takes them.
  package let all: Samples
  /// The rows trained on.
  package let data: Samples
  package let validation: Samples?
  package let options: TrainingOptions
  package let metric: Metric
  /// The rows of a step; the last step of an epoch may have fewer.
  package let batch: Int
  package let rate: Double
  /// The parts into which batches are cut, a power of two; 1 for whole batches.
  package let shards: Int
  /// Those of the telling rows: all of a table.
  let targets: Tensor
  /// One factor a row of a table, nil where all are 1.
  let weights: [Double]?
  /// Positions of the parameters that are trained.
  let trained: [Int]

  /// Sets the net's loss and reduction as the options say; where nothing comes of the training the
  /// net keeps its own.
  /// - Throws: where options, data and net do not fit.
  package init(
    adapting network: Network, _ data: DataSet, _ options: TrainingOptions
  ) throws(LearningError) {
    try self.init(adapting: network, .table(data), options)
  }

  /// The same with rows that may be read in parts.
  /// - Throws: where options, data and net do not fit, and where rows cannot be read.
  package init(
    adapting network: Network, _ data: Samples, _ options: TrainingOptions
  ) throws(LearningError) {
    let own = (loss: network.isLossAutomatic ? nil : network.loss, reduction: network.reduction)
    let known = (network.classes, network.learnedCode)
    do throws(LearningError) {
      if let loss = options.loss { try network.setLoss(loss) }
      if let reduction = options.reduction { network.reduction = reduction }
      let read = try network.learning(data, forClassWeights: options.classWeights != nil)
      try self.init(network, read, options)
    } catch {
      try network.setLoss(own.loss)
      network.reduction = own.reduction
      (network.classes, network.learnedCode) = known
      throw error
    }
  }

  /// - Throws: where options, data and net do not fit.
  private init(_ network: Network, _ all: Samples, _ options: TrainingOptions) throws(LearningError)
  {
    self.network = network
    var options = options
    if let decay = options.weightDecay {
      options.optimizer = try options.optimizer.configured(
        named: [("weight_decay", .number(decay))])
      options.weightDecay = nil
    }
    self.options = options
    self.all = all
    // Refuses data that do not fit before anything is taken from them.
    _ = try network.targets(of: all.telling())
    let factors = try Self.factors(all, network, options)
    switch options.validation {
    case .fraction(let fraction)?:
      guard options.sampleWeights == nil else {
        throw LearningError(
          "sample weights and a fraction set apart do not go together",
          (.option("valid"), "is a fraction"), help: ["split the data first"])
      }
      let parts = try all.split(fraction: 1 - fraction, seed: options.seed)
      data = parts.first
      validation = parts.second
    case .samples(let held)?:
      data = all
      validation = try network.reading(held)
      if let validation { _ = try network.targets(of: validation.telling()) }
    case nil:
      data = all
      validation = nil
    }
    targets = try network.targets(of: data.telling())
    try Self.checkTargets(targets, data)
    weights = try data == all ? factors : Self.factors(data, network, options)
    metric = try network.metric(for: data)
    if options.batch == .full, data.streamed != nil { throw Self.needsBatches(data) }
    batch = options.batchSize(rows: data.count)
    shards = try Self.shards(network, options, batch: batch)
    if !network.fits(rows: batch / shards) {
      throw LearningError(
        "a batch of \(batch) rows is too large for a net of this size",
        (.option("batch"), counted(batch, "row")), (.network, network.title),
        help: ["take a smaller batch"])
    }
    rate = options.rate ?? network.standardRate(options.optimizer)
    if network.rule == .perceptron { _ = try network.perceptronTargets(of: data.telling()) }
    trained = network.parameters.enumerated()
      .filter { !$0.element.isFrozen(by: options.frozen) }.map { $0.offset }
    if options.order == .outputFirst { try Self.checkOutputFirst(network, options) }
  }

  /// The processes that compute the steps together; one computes all where nil.
  var team: Team? { shards > 1 ? options.team : nil }

  /// Evaluates rows as the steps are computed: all of a team do so at once, and share the work.
  func together<Result>(
    _ body: () throws(LearningError) -> Result
  ) throws(LearningError) -> Result {
    network.team = team
    defer { network.team = nil }
    return try body()
  }

  package var stepsAnEpoch: Int {
    network.rule == .perceptron ? data.count : (data.count + batch - 1) / batch
  }

  /// The first layer with a number that is not finite, from 1; the weights of a layer come first,
  /// then what it makes of the data.
  func firstNonFinite() -> Int? {
    for parameter in network.parameters
    where !parameter.value.elements.allSatisfy({ $0.isFinite }) {
      return parameter.layer
    }
    var first: Int?
    try? data.forEachPart(of: network.chunk) { part, _ throws(LearningError) in
      let layers = try network.forward(part.x).z
      let own = layers.firstIndex { !$0.elements.allSatisfy { $0.isFinite } }
      if let own { first = min(first ?? own, own) }
    }
    return first.map { $0 + 1 }
  }

  /// One factor a row of a table, nil where all are 1; those of a stream are made with its batches.
  private static func factors(
    _ samples: Samples, _ network: Network, _ options: TrainingOptions
  ) throws(LearningError) -> [Double]? {
    let objective = options.objective
    if let data = samples.table { return try objective.factors(for: data, of: network) }
    try objective.checkSampleWeights(rows: samples.count)
    try objective.checkSizes()
    _ = try factors(network, samples.telling(), objective.withoutSampleWeights)
    return nil
  }

  /// Whether rows have factors.
  var isWeighted: Bool {
    weights != nil
      || data.streamed != nil && (options.classWeights != nil || options.sampleWeights != nil)
  }

  private static func checkTargets(_ targets: Tensor, _ data: Samples) throws(LearningError) {
    let width = max(1, targets.shape.columns)
    var odd = targets.elements.firstIndex { !$0.isFinite }.map {
      (row: $0 / width, column: $0 % width, number: targets.elements[$0])
    }
    // Telling rows have other numbers.
    if odd != nil, let known = data.streamed?.knownSurvey?.oddTarget { odd = known }
    guard let odd else { return }
    let names = data.pattern.targetNames
    let name = names[min(odd.column, names.count - 1)]
    throw LearningError(
      "the target \(name) is \(odd.number) in row \(odd.row + 1)",
      (.data, "has targets that are no finite numbers"), help: ["leave the row out"])
  }

  private static func needsBatches(_ data: Samples) -> LearningError {
    LearningError(
      "batch=full holds all rows in memory, and those of \(data.title) are streamed",
      (.option("batch"), "is full"), (.data, "\(data.count) rows"),
      help: ["batch=64 takes so many rows a step", "csv or load reads the file into memory"])
  }

  static func factors(
    _ network: Network, _ data: DataSet, _ options: Objective
  ) throws(LearningError) -> [Double]? {
    var result = options.sampleWeights
    if let classWeights = options.classWeights {
      guard let classes = try network.classes(of: data), !classes.code.isMultiple else {
        throw LearningError(
          "class weights need classes, one a row", (.option("class_weights"), "not for these"),
          (.data, "targets are no classes"))
      }
      let names = classes.names
      guard classWeights.count == names.count else {
        throw LearningError(
          "there are \(counted(names.count, "class", "classes")), but "
            + counted(classWeights.count, "class weight"),
          (.option("class_weights"), counted(classWeights.count, "number")),
          (.data, counted(names.count, "class", "classes")),
          help: ["one weight a class, in the order \(names.prefix(10).joined(separator: ", "))"])
      }
      let own = result ?? Array(repeating: 1, count: data.count)
      result = zip(own, classes.numbers).map { $0 * classWeights[$1 - 1] }
    }
    return result
  }

  private static func checkOutputFirst(
    _ network: Network, _ options: TrainingOptions
  ) throws(LearningError) {
    let isPlain =
      options.optimizer.isPlainDescent && options.clip == nil && options.l1 == 0 && options.l2 == 0
      && options.schedule.isConstant
    guard isPlain else {
      throw LearningError(
        "order=output_first repeats a misconception of plain gradient descent",
        (.option("order"), "needs sgd without decay, clip or schedule"))
    }
    guard network.dropout == 0 else {
      throw LearningError(
        "order=output_first repeats a misconception of plain gradient descent",
        (.network, "has dropout"))
    }
    for layer in network.layers.dropLast()
    where layer.activation.hasLearnedSlope || layer.activation.traits.contains(.custom) {
      throw LearningError(
        "order=output_first goes with the plain built-in activations only",
        (.network, "layer \(layer.number) is \(layer.activation.title)"))
    }
  }
}
