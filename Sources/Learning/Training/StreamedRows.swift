import Differentiation

/// Reads the rows of the steps of a training from a stream, as the loop asks for them.
final class StreamedRows {
  private let stream: RowStream
  private let samples: Samples
  private let network: Network
  private let objective: Objective
  private let isWeighted: Bool
  /// Why rows could not be read.
  private(set) var failure: LearningError?

  init(_ plan: TrainingPlan, _ stream: RowStream) {
    self.stream = stream
    samples = plan.data
    network = plan.network
    objective = plan.options.objective
    isWeighted = plan.isWeighted
  }

  /// For the loop, which holds it.
  var reader: RowReader {
    RowReader(
      count: stream.count,
      widths: [network.inputCount, network.outputCount] + (isWeighted ? [1] : [])
    ) { rows in self.read(Array(rows)) }
  }

  private func read(_ rows: [Int32]) -> [[Double]]? {
    do throws(LearningError) {
      // A step that was begun is made.
      let part = try Interruption.held { () throws(LearningError) in try stream.rows(at: rows) }
      let result = [part.x.elements, try network.targets(ofRead: part).elements]
      guard isWeighted else { return result }
      let factors = try objective.factors(
        for: part, at: rows.map { Int($0) }, of: samples, by: network)
      return result + [factors ?? Array(repeating: 1, count: rows.count)]
    } catch {
      failure = error
      return nil
    }
  }
}

extension TrainingPlan {
  /// The rows of a table, as steps take them.
  var heldRows: TrainingLoop.Rows {
    guard let data = data.table else { return .held([]) }
    var tensors = [data.x, targets]
    if let weights { tensors.append(Tensor(vector: weights)) }
    return .held(tensors)
  }
}
