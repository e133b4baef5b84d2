import Differentiation
import Learning

/// The build of a net as JSON, everything but its learned numbers.
enum NetworkDescription {
  private static let version = 1.0

  /// - Throws: for an activation that the user wrote, which exists in a script only.
  static func json(_ network: Network) throws(FormatError) -> JSON {
    for layer in network.layers where layer.activation.traits.contains(.custom) {
      throw FormatError(
        "the activation \(layer.activation.name) of layer \(layer.number) is a function of this"
          + " script, which no file can hold",
        help: ["build the net with a built-in activation"])
    }
    var members = [
      JSON.Member("version", .number(version)),
      JSON.Member("sizes", .list(network.sizes.map { .number(Double($0)) })),
      JSON.Member("activations", .list(network.layers.map { record($0.activation) })),
      JSON.Member("bias", .truth(network.layers.contains { $0.hasBias })),
      JSON.Member("reduction", .text(network.reduction.rawValue)),
      JSON.Member("dtype", .text(network.precision.rawValue)),
      JSON.Member("rule", .text(network.rule == .perceptron ? "perceptron" : "gradient descent")),
      JSON.Member("seed", .number(Double(network.seed))),
      JSON.Member("init", record(network.initializer)),
    ]
    if network.dropout > 0 { members.append(JSON.Member("dropout", .number(network.dropout))) }
    // A user's loss stays behind: the loaded net has the one that goes with its output.
    if !network.isLossAutomatic, Loss.named(network.loss.name) != nil {
      members.append(JSON.Member("loss", record(network.loss)))
    }
    if let classes = network.classes {
      members.append(JSON.Member("classes", .list(classes.map { .text($0) })))
    }
    if let code = network.learnedCode, code != network.standardCode, let text = codeText(code) {
      members.append(JSON.Member("targets", text))
    }
    for (name, names) in [
      ("features", network.featureNames), ("target_names", network.targetNames),
    ]
    where !names.isEmpty && !isStandard(names) {
      members.append(JSON.Member(name, .list(names.map { .text($0) })))
    }
    if let pipeline = network.pipeline {
      members.append(JSON.Member("pipeline", PipelineDescription.json(pipeline)))
    }
    return .object(members)
  }

  /// What a file with the description leaves out, a sentence each.
  static func omissions(_ network: Network) -> [String] {
    network.isLossAutomatic || Loss.named(network.loss.name) != nil
      ? [] : ["the loss \(network.loss.name) is a function of this script and is not saved"]
  }

  /// A net of this build, its numbers not yet those of the file.
  /// - Parameter numbers: how many the file holds; a net that needs more is not even built.
  static func network(_ json: JSON, numbers: Int) throws(FormatError) -> Network {
    guard let version = json["version"]?.number, version <= Self.version else {
      throw FormatError("the net was saved by a later version of this program")
    }
    guard let sizes = json["sizes"]?.numbers, let activations = json["activations"]?.list else {
      throw FormatError("the description of the net is incomplete")
    }
    let counts = sizes.compactMap { Int(exactly: $0) }
    guard counts.count == sizes.count, counts.allSatisfy({ $0 > 0 }) else {
      throw FormatError("the sizes are no whole numbers from 1 on")
    }
    var left = numbers
    for (inputs, units) in zip(counts, counts.dropFirst()) {
      let (weights, overflows) = inputs.multipliedReportingOverflow(by: units)
      guard !overflows, weights <= left else {
        throw FormatError(
          "a net of the sizes \(listed(counts.prefix(12))) needs more than the \(numbers) numbers of the file"
        )
      }
      left -= weights
    }
    var options = Network.Options()
    options.hasBias = json["bias"]?.truth ?? true
    options.seed = json["seed"]?.wholeNumber ?? 1
    options.reduction = json["reduction"]?.text.flatMap { Reduction(rawValue: $0) } ?? .mean
    options.precision = json["dtype"]?.text.flatMap { Precision(rawValue: $0) } ?? .float64
    options.dropout = json["dropout"]?.number ?? 0
    options.rule = json["rule"]?.text == "perceptron" ? .perceptron : .gradientDescent
    do throws(LearningError) {
      if let choice = json["init"] { options.initializer = try record(choice, as: .option("init")) }
      if let choice = json["loss"] { options.loss = try record(choice, as: .option("loss")) }
      var chosen: [Activation] = []
      for (place, choice) in activations.enumerated() {
        chosen.append(try record(choice, as: .activation(place)))
      }
      let network = try Network(sizes: counts, activations: chosen, options: options)
      network.classes = json["classes"]?.texts
      network.loadedNames = (json["features"]?.texts ?? [], json["target_names"]?.texts ?? [])
      network.learnedCode = json["targets"].flatMap { code($0) }
      if let pipeline = json["pipeline"] {
        network.pipeline = try PipelineDescription.pipeline(
          pipeline, inputs: network.inputCount, outputs: network.outputCount)
      }
      return network
    } catch {
      // It repeats names of the file.
      throw FormatError(visible(error.message, limit: 300), help: error.help)
    }
  }

  /// Whether they are x1, x2, … or t1, t2, …, which say nothing.
  private static func isStandard(_ names: [String]) -> Bool {
    names == DataSet.standardTargetNames(names.count) || names == ["class"]
      || names == names.indices.map { "x\($0 + 1)" }
  }

  /// How targets tell classes apart; nil for what the outputs alone say.
  private static func codeText(_ code: TargetCode) -> JSON? {
    func object(_ name: String, _ low: Double, _ high: Double) -> JSON {
      .object([
        JSON.Member("code", .text(name)), JSON.Member("low", .number(low)),
        JSON.Member("high", .number(high)),
      ])
    }
    return switch code {
    case .two(let low, let high): object("two", low, high)
    case .labels(let low, let high): object("labels", low, high)
    case .oneHot, .shares, .numbers: nil
    }
  }

  private static func code(_ json: JSON) -> TargetCode? {
    guard let low = json["low"]?.number, let high = json["high"]?.number, low < high else {
      return nil
    }
    return switch json["code"]?.text {
    case "two": .two(low: low, high: high)
    case "labels": .labels(low: low, high: high)
    default: nil
    }
  }

  private static func record(_ record: some CatalogEntry) -> JSON {
    let settings = record.settings.compactMap { setting -> JSON.Member? in
      switch record.values.values[setting.name] {
      case .number(let number)? where number.isFinite: JSON.Member(setting.name, .number(number))
      case .word(let word)?: JSON.Member(setting.name, .text(word))
      default: nil
      }
    }
    return .object([JSON.Member("name", .text(record.name))] + settings)
  }

  private static func record<Choice: CatalogEntry>(
    _ json: JSON, as target: LearningError.Target
  ) throws(LearningError) -> Choice {
    guard case .object(let members) = json, let name = json["name"]?.text else {
      throw LearningError("the description of the net names no \(Choice.kind.noun)")
    }
    var settings: [(name: String, value: Parameter.Value)] = []
    for member in members where member.name != "name" {
      if let number = member.value.number {
        settings.append((member.name, .number(number)))
      } else if let word = member.value.text {
        settings.append((member.name, .word(word)))
      }
    }
    return try Choice.required(name, as: target).configured(named: settings)
  }
}

/// The steps that raw rows go through, as JSON.
enum PipelineDescription {
  static func json(_ pipeline: Pipeline) -> JSON {
    .object([
      JSON.Member("features", .list(pipeline.featureNames.map { .text($0) })),
      JSON.Member(
        "categories",
        .object(
          pipeline.categories.sorted { $0.key < $1.key }.map { feature, names in
            JSON.Member("\(feature)", .list(names.map { .text($0) }))
          })),
      JSON.Member("steps", .list(pipeline.steps.map(json))),
    ])
  }

  private static func json(_ step: Preparation) -> JSON {
    func list(_ numbers: [Double]) -> JSON { .list(numbers.map { .number($0) }) }
    switch step {
    case .scale(let scaling):
      return .object([
        JSON.Member("step", .text(scaling.kind.rawValue)),
        JSON.Member("shift", list(scaling.shift)), JSON.Member("scale", list(scaling.scale)),
      ])
    case .scaleTargets(let scaling):
      return .object([
        JSON.Member("step", .text(scaling.kind.rawValue)), JSON.Member("of", .text("targets")),
        JSON.Member("shift", list(scaling.shift)), JSON.Member("scale", list(scaling.scale)),
      ])
    case .impute(let imputation):
      return .object([
        JSON.Member("step", .text("impute")),
        JSON.Member("method", .text(imputation.method.rawValue)),
        JSON.Member("fills", list(imputation.fills)),
      ])
    case .dropMissing: return .object([JSON.Member("step", .text("drop"))])
    case .encode(let encoding):
      return .object([
        JSON.Member("step", .text("onehot")),
        JSON.Member("drop_first", .truth(encoding.leavesOutFirst)),
        JSON.Member(
          "columns",
          .list(
            encoding.columns.map { column in
              .object([
                JSON.Member("feature", .number(Double(column.feature))),
                JSON.Member("values", .list(column.values.map { .text($0) })),
              ])
            })),
      ])
    }
  }

  /// - Throws: unless every step fits the one before and the last the net.
  static func pipeline(
    _ json: JSON, inputs: Int, outputs: Int
  ) throws(LearningError) -> Pipeline {
    let broken = LearningError("the description of how raw rows are prepared is broken")
    guard let names = json["features"]?.texts, !names.isEmpty, names.count <= 1 << 20,
      let list = json["steps"]?.list, list.count <= 1000
    else { throw broken }
    var categories: [Int: [String]] = [:]
    if case .object(let members)? = json["categories"] {
      for member in members {
        guard let feature = Int(member.name), names.indices.contains(feature),
          let values = member.value.texts
        else { throw broken }
        categories[feature] = values
      }
    }
    var width = names.count
    var steps: [Preparation] = []
    for item in list {
      guard let step = step(item, &width) else { throw broken }
      steps.append(step)
    }
    guard width == inputs else { throw broken }
    let pipeline = Pipeline(featureNames: names, categories: categories, steps: steps)
    guard pipeline.targetScaling.map({ $0.shift.count == outputs }) ?? true else { throw broken }
    return pipeline
  }

  private static func step(_ json: JSON, _ width: inout Int) -> Preparation? {
    switch json["step"]?.text {
    case let name? where Scaling.Kind(rawValue: name) != nil:
      guard let kind = Scaling.Kind(rawValue: name), let shift = json["shift"]?.numbers,
        let scale = json["scale"]?.numbers, shift.count == scale.count, !scale.contains(0)
      else { return nil }
      if json["of"]?.text == "targets" {
        return .scaleTargets(Scaling(kind: kind, shift: shift, scale: scale))
      }
      guard shift.count == width else { return nil }
      return .scale(Scaling(kind: kind, shift: shift, scale: scale))
    case "impute":
      guard let method = json["method"]?.text.flatMap({ Imputation.Method(rawValue: $0) }),
        let fills = json["fills"]?.numbers, fills.count == width
      else { return nil }
      return .impute(Imputation(method: method, fills: fills))
    case "drop": return .dropMissing
    case "onehot":
      guard let leavesOutFirst = json["drop_first"]?.truth, let list = json["columns"]?.list
      else { return nil }
      var columns: [OneHotEncoding.Column] = []
      var newWidth = width - list.count
      for item in list {
        guard let feature = item["feature"]?.wholeNumber, feature >= 0, feature < width,
          feature > columns.last?.feature ?? -1, let values = item["values"]?.texts
        else { return nil }
        columns.append(OneHotEncoding.Column(feature: feature, values: values))
        newWidth += values.count - (leavesOutFirst ? min(1, values.count) : 0)
      }
      width = newWidth
      return .encode(OneHotEncoding(columns: columns, leavesOutFirst: leavesOutFirst))
    default: return nil
    }
  }
}
