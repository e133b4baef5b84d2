import Differentiation
import Explanation
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  /// The stages of backpropagation, one by one.
  static let passFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "forward", .nets, "Every net input z and activation a, by layer.",
      parameters: [
        network.parameter, samples.parameter, maskOption.parameter, preparedOption.parameter,
      ],
      examples: [
        .init(
          "net = mlp [2,1] linear init=constant(1); p = forward net [1, 2]; print p.z1",
          prints: "[3]")
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      let given = try arguments(samples)
      let value = try arguments.runtime.prepared(
        given, for: network, isPrepared: try arguments.isPrepared(),
        at: arguments.range(of: samples))
      let step = try arguments.mask()
      let all: Tensor
      if case .data(let data) = value {
        all = data.x
      } else if let tensor = value.tensor {
        all =
          tensor.shape.rank == 2 ? tensor : Tensor(.matrix(1, tensor.shape.count), tensor.elements)
      } else {
        throw Failure("forward takes samples", at: arguments.range(of: samples), label: value.kind)
      }
      let input = try arguments.stepRows(of: all, step)
      let masks = try arguments.masks(step, of: network, rows: input.shape.rows)
      let layers = try arguments.mappingErrors(network.forward(input, masks: masks))
      let isSample = value.shape.map { $0.rank < 2 } ?? false
      func shown(_ tensor: Tensor) -> Value {
        isSample ? .tensor(Tensor(vector: tensor.elements)) : Value(tensor)
      }
      var fields = Record()
      let raw = try arguments.stepRows(of: rawRows(given, network, arguments), step)
      if network.pipeline != nil { fields["x"] = shown(input) }
      for (place, (z, a)) in zip(layers.z, layers.a).enumerated() {
        fields["z\(place + 1)"] = shown(z)
        fields["a\(place + 1)"] = shown(a)
      }
      let units = network.pipeline?.targetScaling
      if let units { fields["answer"] = shown(units.undone(on: layers.a[layers.a.count - 1])) }
      guard input.shape.rows == 1 else {
        return .report(
          plainReport(
            "forward pass", fields, arguments,
            preparedBy: raw == nil ? nil : network.pipeline?.title,
            masks.map { DropoutShare($0, of: network) }))
      }
      let notation = arguments.session.notation
      let outputs = layers.a[layers.a.count - 1].elements
      // The targets play no part going forward.
      let pass = try arguments.mappingErrors(
        SamplePass(
          network, x: input.elements, target: outputs, loss: squaredError, masks: masks))
      let derivation = arguments.showingPreparing(
        of: raw, sample: 1, for: network, StageDerivation(pass, notation).forward(answersIn: units))
      return .report(arguments.report(derivation, fields: fields))
    },
    BuiltinFunction(
      "deltas", .nets, "The node deltas ∂L/∂z of the loss of all rows, by layer, one row a sample.",
      parameters: [
        network.parameter, optionalData.parameter,
      ] + objectiveOptions + [preparedOption.parameter],
      examples: [
        .init(
          "net = mlp [1,1,1] linear init=constant(1) loss=half_sse; print (deltas net (data [[2]] [[3]])).delta2",
          prints: "-1")
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      let (data, raw) = try arguments.rows(network, arguments.given(optionalData))
      let objective = try arguments.objective(of: network, rows: data.count)
      let layers = try arguments.mappingErrors(network.deltas(on: data, objective))
      let fields = Record(layers.enumerated().map { ("delta\($0 + 1)", Value($1)) })
      guard data.count == 1 else { return .report(plainReport("deltas", fields, arguments)) }
      let notation = arguments.session.notation
      let pass = try arguments.mappingErrors(SamplePass(network, data, sample: 1, objective))
      let derivation = arguments.showingPreparing(
        of: raw, sample: 1, for: network, StageDerivation(pass, notation).deltas())
      return .report(arguments.report(derivation, fields: fields))
    },
    BuiltinFunction(
      "descend", .nets,
      "One step on all rows, the first of a training, or of a perceptron one pass by its own rule; gives the gradient it followed, and its text shows the stages.",
      traits: .endsByItself,
      parameters: [
        network.parameter, optionalData.parameter, stepRate.parameter, freeze.parameter,
      ] + objectiveOptions + [stepOptimizer.parameter, preparedOption.parameter],
      examples: [
        .init(
          "net = mlp [1,1] linear init=zeros loss=half_sse; d = data [[2]] [[3]]; descend net d lr=1; print net.W1, net.b1",
          prints: "6\n[3]")
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      let (data, raw) = try arguments.rows(network, arguments.given(optionalData))
      let optimizer = try arguments.optimizer(stepOptimizer) ?? .standard
      let rate = try arguments.optional(stepRate) ?? network.standardRate(optimizer)
      let frozen = try arguments.frozenNames(freeze)
      let notation = arguments.session.notation
      let before = network.count <= NetMemory.largestKept ? network.state : nil
      // The stages are those before the step.
      let earlier = network.copy()
      let objective = try arguments.objective(of: network, rows: data.count)
      let gradient = try arguments.mappingErrors(
        network.descend(on: data, rate: rate, optimizer: optimizer, frozen: frozen, objective))
      arguments.session.nets.keep(before ?? network.state, of: network, before: .step)
      let after = network.copy()
      var fields = Record(gradient.map { ($0.name, Value($0.value)) })
      fields["lr"] = .number(rate)
      let session = arguments.session
      let number = session.numberText
      func derivation() -> Derivation? {
        let stages = try? stages(
          earlier, after, gradient, data, (optimizer, rate), objective, notation, frozen: frozen)
        return stages.map {
          arguments.showingPreparing(of: raw, sample: 1, for: earlier, $0)
        }
      }
      return .report(
        Report(title: "one step", fields: fields, derivation: derivation(), isEcho: true) {
          display in
          let shown =
            derivation()?.text(number: number, width: display.columns)
            ?? session.shownText(of: .record(fields))
          return display.isASCII ? PlainCharacters.ascii(shown) : shown
        })
    },
    BuiltinFunction(
      "contrib", .nets,
      "What a hidden unit is blamed for: its weight times the δ of each unit that it feeds.",
      parameters: [
        network.parameter, optionalData.parameter, layer.parameter, unit.parameter,
        sample.parameter, maskOption.parameter, preparedOption.parameter,
      ],
      examples: [
        .init(
          "net = mlp [1,1,1] linear init=constant(1) loss=half_sse; c = contrib net (data [[2]] [[3]]) layer=1 unit=1; print c.value",
          prints: "-1")
      ]
    ) { arguments throws(Failure) in try contributions(arguments) },
  ]

  private static let network = Key.network()
  private static let samples = Key.any("x", "A vector (one sample), a matrix or a data set.")
  private static let optionalData = Key<DataSet>.lastData()
  static let stepRate = Key.number(
    "lr", .absent, from: 0, aliases: TrainingOption.rateNames,
    "The learning rate; the optimizer's own where left out, 0.1 for sgd and 1 for a perceptron.")
  private static let stepOptimizer = Key.choice(
    "optimizer", .optimizer, .word("sgd"),
    "How weights follow the gradient; a user's rule (w, g, …) -> [w: …] counts.")
  private static let layer = Key.wholeNumber(
    "layer", .number(1), in: 1...Int.max, "The hidden layer, from 1.")
  private static let unit = Key.wholeNumber("unit", .number(1), in: 1...Int.max, "From 1.")
  private static let sample = Key.wholeNumber("sample", .number(1), in: 1...Int.max, "From 1.")
  private static var squaredError: Loss? { Loss.named("half_sse") }

  /// The rows of a forward pass where they are raw.
  private static func rawRows(
    _ value: Value, _ network: Network, _ arguments: Arguments
  ) throws(Failure) -> DataSet? {
    guard network.pipeline != nil, try !arguments.isPrepared() else { return nil }
    return arguments.runtime.rawRows(value, for: network, at: arguments.range(of: samples))
  }

  private static func plainReport(
    _ title: String, _ fields: Record, _ arguments: Arguments, preparedBy steps: String? = nil,
    _ masks: DropoutShare? = nil
  ) -> Report {
    let session = arguments.session
    let first =
      (steps.map { "prepared by \($0)\n" } ?? "") + (masks.map { "\($0.text)\n" } ?? "")
    return Report(title: title, fields: fields) { _ in
      first + session.shownText(of: .record(fields))
    }
  }

  /// What a step was made of.
  /// - Parameter sample: the row that is shown going forward and backward, from 1.
  static func stages(
    _ before: Network, _ after: Network, _ gradient: [(name: String, value: Tensor)],
    _ data: DataSet, _ update: (optimizer: Optimizer, rate: Double),
    _ objective: Objective, _ notation: Notation, sample: Int = 1, frozen: [String] = []
  ) throws(LearningError) -> Derivation {
    if before.rule == .perceptron {
      return try PerceptronDerivation(before, data, notation: notation)
        .derivation(rate: update.rate, frozen: frozen)
    }
    let moves = zip(zip(before.parameters, after.parameters), gradient).compactMap {
      pair, slope -> StageDerivation.Move? in
      guard pair.0.value != pair.1.value else { return nil }
      return .init(
        slope.name, before: pair.0.value, gradient: slope.value, after: pair.1.value)
    }
    let factors = try objective.factors(for: data, of: before)
    let each = try before.losses(on: data, loss: objective.loss, masks: objective.masks)
    let samples = each.enumerated().map { row, loss in
      factors.map { $0[row] * loss } ?? loss
    }
    let losses = StageDerivation.Losses(
      samples: samples, isMean: (objective.reduction ?? before.reduction) == .mean,
      penalty: before.penalty(objective), after: try after.loss(on: data, objective))
    return try StageDerivation(
      try SamplePass(before, data, sample: sample, objective), notation
    ).step(moves, rate: update.rate, optimizer: update.optimizer, losses: losses)
  }

  private static func contributions(_ arguments: Arguments) throws(Failure) -> Value {
    let network = try arguments(network)
    let (data, raw) = try arguments.rows(network, arguments.given(optionalData))
    let (layer, unit) = (try arguments(layer), try arguments(unit))
    guard layer < network.layers.count, unit <= network.sizes[layer] else {
      throw arguments.failure(
        "there is no hidden unit \(unit) of layer \(layer)",
        [(arguments.range(of: Catalog.network), network.title)])
    }
    let notation = arguments.session.notation
    let number = try arguments(sample)
    var objective = Objective()
    objective.masks = try arguments.masks(arguments.mask(), of: network, rows: data.count)
    let asked = objective
    let pass = try arguments.mappingErrors { () throws(LearningError) in
      let pass = try SamplePass(network, data, sample: number, asked)
      let isFinite = (pass.deltas.flatMap { $0 }).allSatisfy { $0.isFinite }
      if !isFinite {
        try network.lossGraph(data.rows([number - 1]), asked.ofRow(number - 1)).checkIsFinite()
        throw LearningError(
          "sample \(number) has no finite error to share out", (.data, "no finite δ"))
      }
      return pass
    }
    let derivation = arguments.showingPreparing(
      of: raw, sample: number, for: network,
      StageDerivation(pass, notation).contributions(layer: layer, unit: unit))
    return .report(
      arguments.report(
        derivation, fields: Record([("terms", .tensor(Tensor(vector: derivation.paths)))])))
  }
}
