import Differentiation
import Learning

/// The state of a training as a safetensors file: every number in binary64, so that going on from
/// it gives the same bits.
package enum TrainingFile {
  private static let identityName = "bp.training"
  private static let endingName = "bp.ending"
  /// Why a training ended for good, as files call it.
  private static let endings: [(String, TrainingRun.Ending)] = [
    ("until", .conditionMet), ("patience", .noImprovement), ("done", .nothingLeft),
  ]
  private static let columns = 6

  /// - Throws: where the file would be too large.
  package static func bytes(_ state: TrainingState) throws(FormatError) -> [UInt8] {
    var arrays: [Safetensors.Array] = []
    func add(_ name: String, _ tensor: Tensor) {
      let shape: [Int] =
        switch tensor.shape {
        case .scalar: []
        case .vector(let count): [count]
        case .matrix(let rows, let columns): [rows, columns]
        }
      arrays.append(
        Safetensors.Array(name: name, shape: shape, numbers: tensor.elements, isFloat32: false))
    }
    for (place, value) in state.values.enumerated() { add("value.\(place)", value) }
    for (place, memory) in state.memories.enumerated() {
      for (slot, value) in memory.enumerated() { add("memory.\(place).\(slot)", value) }
    }
    let rows = state.epochs.flatMap {
      [
        Double($0.epoch), Double($0.steps), $0.rate, $0.loss, $0.validationLoss ?? .nan, $0.metric,
      ]
    }
    add("epochs", Tensor(.matrix(state.epochs.count, columns), rows))
    add(
      "counters",
      Tensor(vector: [Double(state.steps), state.firstLoss, Double(state.memories.count)]))
    if let best = state.best {
      add("best", Tensor(vector: [Double(best.epoch), best.loss]))
      for (place, value) in best.values.enumerated() { add("best.\(place)", value) }
    }
    if let part = state.partial {
      let sums = [
        Double(part.steps), Double(part.rows), part.lossByRow, part.lossByStep, part.metric,
      ]
      add("partial", Tensor(vector: sums))
    }
    var metadata = [(name: identityName, text: state.identity)]
    if let ending = state.ending, let name = endings.first(where: { $0.1 == ending })?.0 {
      metadata.append((name: endingName, text: name))
    }
    return try Safetensors(arrays: arrays, metadata: metadata).bytes()
  }

  /// - Throws: where the bytes are no saved training.
  package static func state(
    _ bytes: [UInt8], budget: NumberBudget = .standard
  ) throws(FormatError) -> TrainingState {
    let file = try Safetensors(bytes, budget: budget)
    guard let identity = file[metadata: identityName] else {
      throw FormatError(
        "this is no saved training", help: ["train … checkpoint=\"file\" makes one"])
    }
    var found: [String: Tensor] = [:]
    for array in file.arrays {
      switch array.shape.count {
      case 0: found[array.name] = array.numbers.first.map { Tensor($0) }
      case 1: found[array.name] = Tensor(vector: array.numbers)
      case 2:
        found[array.name] = Tensor(.matrix(array.shape[0], array.shape[1]), array.numbers)
      default: break
      }
    }
    func sequence(_ prefix: String) -> [Tensor] {
      var tensors: [Tensor] = []
      while let next = found["\(prefix).\(tensors.count)"] { tensors.append(next) }
      return tensors
    }
    guard let counters = found["counters"]?.elements, counters.count == 3,
      let steps = Int(exactly: counters[0]), let trained = Int(exactly: counters[2]),
      (0...sequence("value").count).contains(trained),
      let epochs = found["epochs"], epochs.shape.columns == columns
    else { throw FormatError("parts of the saved training are missing") }
    var history: [EpochSummary] = []
    for start in stride(from: 0, to: epochs.elements.count, by: columns) {
      let row = Array(epochs.elements[start..<start + columns])
      guard let epoch = Int(exactly: row[0]), let made = Int(exactly: row[1]) else {
        throw FormatError("the history of the saved training is damaged")
      }
      history.append(
        EpochSummary(
          epoch: epoch, steps: made, rate: row[2], loss: row[3],
          validationLoss: row[4].isNaN ? nil : row[4], metric: row[5]))
    }
    var best: TrainingState.Best?
    if let mark = found["best"]?.elements, mark.count == 2, let epoch = Int(exactly: mark[0]) {
      best = TrainingState.Best(epoch: epoch, loss: mark[1], values: sequence("best"))
    }
    var partial: TrainingState.Partial?
    if let sums = found["partial"]?.elements {
      guard sums.count == 5, let made = Int(exactly: sums[0]), let rows = Int(exactly: sums[1])
      else { throw FormatError("the epoch under way in the saved training is damaged") }
      partial = TrainingState.Partial(
        steps: made, rows: rows, lossByRow: sums[2], lossByStep: sums[3], metric: sums[4])
    }
    return TrainingState(
      identity: identity, values: sequence("value"),
      memories: (0..<trained).map { sequence("memory.\($0)") }, firstLoss: counters[1],
      epochs: history, steps: steps, best: best, partial: partial,
      ending: file[metadata: endingName].flatMap { name in endings.first { $0.0 == name }?.1 })
  }
}
