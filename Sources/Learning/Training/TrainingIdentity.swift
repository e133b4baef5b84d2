import Differentiation

/// What a training that goes on must have in common with the one before: the words of its net in
/// their order, then those of its options in any order.
struct TrainingIdentity {
  private let net: [Substring]
  private let options: [Substring]
  /// Checksums of the rows trained on and of those set apart; earlier checkpoints have none.
  private let data: [Substring]

  private static let dataNames = ["data=", "valid_data="]
  /// Every identity has it, between the words of the net and those of the options.
  private static let boundary = "dropout="

  /// The identity that a checkpoint holds.
  init(_ text: String) {
    let words = text.split(separator: " ")
    let end = words.firstIndex { $0.hasPrefix(Self.boundary) } ?? words.endIndex
    net = Array(words[..<end])
    // Earlier checkpoints name options that are at their defaults, too.
    let defaults = Set(
      TrainingOption.all.compactMap { option in
        option.read(TrainingOptions()).map { Substring("\(option.name)=\($0.text)") }
      })
    let always = Set(
      TrainingOption.all.filter { $0.traits.contains(.isAlwaysTold) }.map { $0.name })
    data = words[end...].filter { word in Self.dataNames.contains { word.hasPrefix($0) } }
    let data = data
    options = words[end...].filter { word in
      !data.contains(word) && !defaults.contains(word)
        || always.contains(String(word.prefix { $0 != "=" }))
    }
  }

  /// The first words that one has and the other has not: `it has adam, this one sgd`.
  func difference(from other: TrainingIdentity) -> String? {
    if net != other.net {
      let pair = zip(net, other.net).first { $0 != $1 }
      return pair.map { "it has \($0.1), this one \($0.0)" } ?? "its net is another one"
    }
    let own = options.first { !other.options.contains($0) }
    let foreign = other.options.first { !options.contains($0) }
    switch (own, foreign) {
    case (nil, nil): return dataDifference(from: other)
    case (let own?, let foreign?): return "it has \(foreign), this one \(own)"
    case (let own?, nil): return "this one has \(own)"
    case (nil, let foreign?): return "it has \(foreign)"
    }
  }

  private func dataDifference(from other: TrainingIdentity) -> String? {
    for (name, what) in zip(Self.dataNames, ["learned from", "was watched on"]) {
      let own = data.first { $0.hasPrefix(name) }
      let foreign = other.data.first { $0.hasPrefix(name) }
      if let own, let foreign, own != foreign { return "it \(what) other data" }
    }
    return nil
  }
}

extension DataSet {
  /// A checksum of all numbers, inputs and targets.
  package var checksum: String {
    var sum = Checksum()
    sum.add(x)
    sum.add(t)
    return sum.text
  }
}

extension TrainingPlan {
  /// The text of the identity, as a checkpoint keeps it.
  /// - Throws: where rows cannot be read.
  var identity: String {
    get throws(LearningError) {
      var resolved = options
      resolved.rate = rate
      resolved.batch = .rows(batch)
      resolved.shards = shards > 1 ? shards : nil
      var words = [
        network.title, network.loss.title, network.reduction.rawValue, network.precision.rawValue,
        "dropout=\(network.dropout)", options.optimizer.identity, options.schedule.title,
        "rows=\(data.count)",
      ]
      for option in TrainingOption.all where option.traits.contains(.changesSteps) {
        guard let value = option.told(by: resolved) else { continue }
        // Their titles stand in front already.
        if case .optimizer = value { continue }
        if case .schedule = value { continue }
        words.append("\(option.name)=\(value.text)")
      }
      // A schedule that looks at the last epoch needs the same last epoch.
      if !options.schedule.isConstant { words.append("epochs=\(options.epochs)") }
      words.append(
        "data=\(try checksum(data) { part throws(LearningError) in try network.targets(ofRead: part) })"
      )
      if let validation { words.append("valid_data=\(try checksum(validation) { $0.t })") }
      return words.joined(separator: " ")
    }
  }

  /// Of all inputs, then of all targets.
  private func checksum(
    _ samples: Samples, targets: (DataSet) throws(LearningError) -> Tensor
  ) throws(LearningError) -> String {
    var sum = Checksum()
    switch samples {
    case .table(let data): sum.add(data.x)
    case .stream(let stream): sum = try stream.survey().featureSum
    }
    try samples.forEachTargets { part throws(LearningError) in
      sum.add(try targets(part))
    }
    return sum.text
  }
}
