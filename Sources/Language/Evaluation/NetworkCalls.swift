import Differentiation
import Learning
import Syntax

extension Runtime {
  /// A user's function as a loss: f(y, t) of one sample, the output first.
  package func loss(_ function: Function, at range: SourceRange) -> Loss {
    Loss(userFunction: function.name) { y, t throws(LearningError) in
      try self.carrying { () throws(Failure) in
        try self.node(of: function, [.traced(y), .traced(t)], at: range)
      }
    }
  }

  /// A user's function as an activation.
  package func activation(_ function: Function, at range: SourceRange) -> Activation {
    Activation(userFunction: function.name) { z throws(LearningError) in
      try self.carrying { () throws(Failure) in
        try self.node(of: function, [.traced(z)], at: range)
      }
    }
  }

  /// Runs what belongs to the script in the middle of a room that knows only its own errors: what
  /// the script throws is kept here until that room has given up.
  package func carrying<Result>(
    _ body: () throws(Failure) -> Result
  ) throws(LearningError) -> Result {
    do { return try callingBack(body) } catch {
      carried = error
      throw .ofCaller
    }
  }

  /// Runs what a room below asks of the script in the middle of its work. That room looks for an
  /// interrupt itself, and keeps what it has.
  /// - Throws: the error of the body.
  package func callingBack<Result>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    callbacks += 1
    defer { callbacks -= 1 }
    return try body()
  }

  /// What the script threw, where that is what ended the work of a room below.
  package func failure(behind error: LearningError) -> Failure? {
    guard error.isOfCaller else { return nil }
    defer { carried = nil }
    return carried
  }

  private func node(
    of function: Function, _ values: [Value], at range: SourceRange
  ) throws(Failure) -> Node {
    differentiating += 1
    defer { differentiating -= 1 }
    let result = try call(function, values, at: range)
    if case .traced(let node) = result { return node }
    guard let tensor = result.tensor else {
      throw Failure(
        "\(function.name) must give numbers", at: range, label: "gives \(result.kind)")
    }
    return Node.constant(tensor)
  }

  /// What a net answers to one sample or to rows of samples.
  /// - Parameter isPrepared: whether the rows went through the net's steps already.
  /// - Throws: where the value is no sample of the net; what a user's activation throws.
  package func output(
    of network: Network, for value: Value, isPrepared: Bool = false, at range: SourceRange
  ) throws(Failure) -> Value {
    let rows = try prepared(value, for: network, isPrepared: isPrepared, at: range)
    do throws(LearningError) {
      switch rows {
      case .data(let data): return Value(try network.output(data.x))
      case .stream(let stream): return Value(try network.output(.stream(stream)))
      case .traced(let node): return .traced(try network.output(node))
      default:
        if let tensor = rows.tensor { return Value(try network.output(tensor)) }
      }
    } catch {
      throw failure(behind: error)
        ?? Failure(error.message, at: range, label: value.kind, help: error.help)
    }
    throw Failure(
      "a net is applied to a vector (one sample) or a matrix (rows of samples)", at: range,
      label: value.kind)
  }
}

/// From a value of the language to rows for the layers of a net: every call, function and picture
/// that asks a net about rows begins here. What is done to them is decided by `Learning`.
extension Runtime {
  /// Raw samples as the layers take them: a data set, a matrix, a vector, a record of values by
  /// name, or a list of those. Other values come back as they are.
  /// - Parameter isPrepared: whether the rows went through the net's steps already.
  /// - Throws: where the value does not fit what the net learned from.
  package func prepared(
    _ value: Value, for network: Network, isPrepared: Bool = false, at range: SourceRange
  ) throws(Failure) -> Value {
    switch value {
    case .data(let data):
      return .data(try rows(of: data, for: network, isPrepared: isPrepared, at: range))
    case .function(let function):
      // A training set as its preparing has left it.
      guard let samples = function.prepared else { return value }
      return try prepared(Value(samples), for: network, isPrepared: isPrepared, at: range)
    case .stream(let stream):
      return Value(
        try rows(of: .stream(stream), for: network, isPrepared: isPrepared, at: range))
    case .record(let record):
      let row = try rows([record], for: network, at: range)
      return .tensor(row.reshaped(.vector(row.shape.columns)))
    case .list(let list):
      let records = list.compactMap { if case .record(let record) = $0 { record } else { nil } }
      guard records.count == list.count, !records.isEmpty else { return value }
      return .tensor(try rows(records, for: network, at: range))
    case .traced(let node):
      if let rows = node.value { noteRows(rows, for: network, isPrepared: isPrepared) }
      return .traced(
        try placed(at: range, value.kind) { () throws(LearningError) in
          try network.prepared(node, isPrepared: isPrepared)
        })
    default:
      guard let tensor = value.tensor else { return value }
      noteRows(tensor, for: network, isPrepared: isPrepared)
      return Value(
        try placed(at: range, value.kind) { () throws(LearningError) in
          try network.prepared(tensor, isPrepared: isPrepared)
        })
    }
  }

  /// A data set as the net takes it: its rows prepared, its targets classes where they must be.
  /// - Parameter isPrepared: as above.
  /// - Throws: where the data do not fit what the net learned from.
  package func prepared(
    _ data: DataSet, for network: Network, isPrepared: Bool = false, at range: SourceRange
  ) throws(Failure) -> DataSet {
    let read = try prepared(
      .table(data), for: network, isPrepared: isPrepared, at: range)
    return read.table ?? data
  }

  /// The same of rows that may be read in parts.
  /// - Throws: as above, and where rows cannot be read.
  package func prepared(
    _ samples: Samples, for network: Network, isPrepared: Bool = false, at range: SourceRange
  ) throws(Failure) -> Samples {
    let kind = Value(samples).kind
    let prepared: Samples
    if let data = samples.table {
      prepared = .table(try rows(of: data, for: network, isPrepared: isPrepared, at: range))
    } else {
      prepared = try rows(of: samples, for: network, isPrepared: isPrepared, at: range)
    }
    let read = try placed(at: range, kind) { () throws(LearningError) in
      try network.reading(prepared)
    }
    session.noteClasses(of: read, readFrom: prepared, outputs: network.outputCount)
    return read
  }

  private func rows(
    of samples: Samples, for network: Network, isPrepared: Bool, at range: SourceRange
  ) throws(Failure) -> Samples {
    if let pipeline = network.pipeline, samples.pipeline != pipeline,
      !isPrepared || samples.pipeline != nil
    {
      session.noteOnce("raw data are prepared as the net's training data were: \(pipeline.title)")
    }
    return try placed(at: range, Value(samples).kind) { () throws(LearningError) in
      try network.prepared(samples, isPrepared: isPrepared)
    }
  }

  /// The same with its targets as they are.
  private func rows(
    of data: DataSet, for network: Network, isPrepared: Bool, at range: SourceRange
  ) throws(Failure) -> DataSet {
    if let pipeline = network.pipeline, data.pipeline != pipeline {
      if !isPrepared || data.pipeline != nil {
        session.noteOnce("raw data are prepared as the net's training data were: \(pipeline.title)")
      }
      if data.pipeline == nil { noteIfPrepared(data.x, for: network, isPrepared: isPrepared) }
    }
    return try placed(at: range, "a data set") { () throws(LearningError) in
      try network.prepared(data, isPrepared: isPrepared)
    }
  }

  /// The raw rows that a value stands for, to be shown; nil where it stands for none, or for
  /// prepared ones.
  package func rawRows(_ value: Value, for network: Network, at range: SourceRange) -> DataSet? {
    guard let pipeline = network.pipeline else { return nil }
    let names = pipeline.featureNames
    switch value {
    case .data(let data): return data.pipeline == nil ? data : nil
    case .record(let record): return try? rawData([record], names, network, at: range)
    default:
      guard let tensor = value.tensor, tensor.shape.columns == names.count else { return nil }
      let rows = tensor.reshaped(.matrix(tensor.shape.count / names.count, names.count))
      var data = try? DataSet(
        x: rows, target: .values(Tensor(.matrix(rows.shape.rows, 0), [])), featureNames: names)
      data?.categories = pipeline.categories
      return data
    }
  }

  private func noteRows(_ rows: Tensor, for network: Network, isPrepared: Bool) {
    guard let pipeline = network.pipeline else { return }
    if !isPrepared {
      session.noteOnce("raw data are prepared as the net's training data were: \(pipeline.title)")
    }
    noteIfPrepared(rows, for: network, isPrepared: isPrepared)
  }

  private func noteIfPrepared(_ rows: Tensor, for network: Network, isPrepared: Bool) {
    guard !isPrepared, network.pipeline?.looksPrepared(rows) == true else { return }
    session.noteOnce(
      "the rows look as if they were prepared already, and are taken for raw ones: prepared=true"
        + " passes them as they are")
  }

  /// Carries out something of the room below; an error stands at the place given.
  private func placed<Result>(
    at range: SourceRange, _ kind: String, _ work: () throws(LearningError) -> Result
  ) throws(Failure) -> Result {
    do { return try work() } catch {
      throw failure(behind: error)
        ?? Failure(
          error.message, at: range, label: error.notes.first { $0.target == .data }?.text ?? kind,
          help: error.help)
    }
  }

  // MARK: Records

  private func rows(
    _ records: [Record], for network: Network, at range: SourceRange
  ) throws(Failure) -> Tensor {
    let names = network.featureNames
    guard !names.isEmpty else {
      throw Failure(
        "the net knows no names of features, so it takes no record", at: range, label: "a record",
        help: ["give the numbers in their order: \(example(for: network))"])
    }
    let raw = try rawData(records, names, network, at: range)
    return try placed(at: range, "a record") { () throws(LearningError) in
      try network.prepared(raw).x
    }
  }

  private func example(for network: Network) -> String {
    "net [\(Array(repeating: "0", count: min(network.inputCount, 4)).joined(separator: ", "))"
      + (network.inputCount > 4 ? ", …]" : "]")
  }

  private func rawData(
    _ records: [Record], _ names: [String], _ network: Network, at range: SourceRange
  ) throws(Failure) -> DataSet {
    let categories = network.pipeline?.categories ?? [:]
    let fills = network.pipeline?.steps.contains { $0.name == "impute" } ?? false
    var elements: [Double] = []
    var absent: Set<String> = []
    for record in records {
      for field in record where !names.contains(field.name) {
        var help = Spelling.nearest(to: field.name, in: names).map { ["did you mean \($0)?"] } ?? []
        help.append("its features: \(names.joined(separator: ", "))")
        throw Failure(
          "the net knows no feature \(field.name)", at: range, label: "has \(field.name)",
          help: help)
      }
      for (feature, name) in names.enumerated() {
        elements.append(
          try element(record[name], name, categories[feature], fills: fills, at: range))
        if elements.last?.isNaN == true { absent.insert(name) }
      }
    }
    if !absent.isEmpty {
      let list = names.filter { absent.contains($0) }
      session.noteOnce("not given, and filled in as learned: \(list.joined(separator: ", "))")
    }
    do throws(LearningError) {
      var data = try DataSet(
        x: Tensor(.matrix(records.count, names.count), elements),
        target: .values(Tensor(.matrix(records.count, 0), [])), featureNames: names)
      data.categories = categories
      return data
    } catch {
      throw Failure(error.message, at: range, help: error.help)
    }
  }

  /// The number of one field; nan where it is left out and can be filled in.
  private func element(
    _ value: Value?, _ name: String, _ categories: [String]?, fills: Bool, at range: SourceRange
  ) throws(Failure) -> Double {
    switch value {
    case .number(let number)? where categories == nil: return number
    case .string(let text)?:
      guard let categories, let place = categories.firstIndex(of: text) else {
        throw Failure(
          "\(name) has no value \(text)", at: range,
          help: [
            categories.map { "it learned \($0.joined(separator: ", "))" } ?? "it holds numbers"
          ])
      }
      return Double(place + 1)
    case .nothing?, nil:
      guard fills else {
        throw Failure(
          "\(name) is not given", at: range, label: "without \(name)",
          help: ["a net whose data went through impute fills missing values in"])
      }
      return .nan
    case let value?: throw Failure("\(name) cannot be \(value.kind)", at: range, label: value.kind)
    }
  }
}

extension Value {
  /// A class as the user has named it: numbers are numbers.
  package init(label: String) {
    self = labelNumber(label).map { .number($0) } ?? .string(label)
  }
}

extension Session {
  /// Says which output stands for which class where numbers were taken for classes.
  /// - Parameters:
  ///   - read: the data as a net takes them.
  ///   - given: the data as the user gave them.
  package func noteClasses(of read: Samples, readFrom given: Samples, outputs: Int) {
    noteClasses(of: read.pattern, readFrom: given.pattern, outputs: outputs)
  }

  package func noteClasses(of read: DataSet, readFrom given: DataSet, outputs: Int) {
    guard given.classes == nil, let classes = read.classes else { return }
    noteOnce(
      "the numbers of \(given.targetNames.first ?? "t") are taken for classes: "
        + Self.classList(classes, outputs: outputs))
  }

  /// `output 1 is setosa, 2 versicolor`
  package static func classList(_ classes: [String], outputs: Int) -> String {
    if outputs == 1, classes.count == 2 { return "output 0 is \(classes[0]), 1 is \(classes[1])" }
    let shown = classes.prefix(10).enumerated().map { "\($0 + 1) is \($1)" }
    return "output " + shown.joined(separator: ", ") + (classes.count > 10 ? ", …" : "")
  }
}
