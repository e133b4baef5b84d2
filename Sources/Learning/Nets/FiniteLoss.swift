import Differentiation

extension LossGraph {
  /// - Throws: where the loss is infinite or no number, with where that arose: such a loss has no
  ///   derivatives.
  package func checkIsFinite() throws(LearningError) {
    guard let origin = NotFiniteOrigin(of: loss) else { return }
    let number = written(origin.value)
    let (name, indexes) = (origin.node.name ?? "", indexes(of: origin))
    let note: (LearningError.Target, String)
    if origin.node === x {
      note = (.data, "x\(indexes.column) is \(number) in row \(indexes.row)")
    } else if origin.node === t {
      note = (.data, "the target is \(number) in row \(indexes.row)")
    } else if origin.node.isParameter {
      let place =
        origin.node.shape.rank == 2 ? "\(indexes.row),\(indexes.column)" : "\(indexes.column)"
      note = (.network, "\(name)[\(place)] is \(number)")
    } else if let layer = z.indices.first(where: {
      z[$0] === origin.named || a[$0] === origin.named
    }) {
      let letter = z[layer] === origin.named ? "z" : "a"
      note = (.network, "\(letter)\(layer + 1) is \(number) in row \(indexes.row)")
    } else {
      note = (
        .network,
        "its outputs give a loss of \(written(loss.value?.number ?? .nan)) in row \(indexes.row)"
      )
    }
    throw LearningError(
      "the loss is \(written(loss.value?.number ?? .nan)): it has no derivative", note)
  }

  private func indexes(of origin: NotFiniteOrigin) -> (row: Int, column: Int) {
    switch origin.node.shape {
    case .scalar: (1, 1)
    case .vector where origin.node.isParameter: (1, origin.element + 1)
    // Anything else with one number for each row.
    case .vector: (origin.element + 1, 1)
    case .matrix(_, let columns):
      (origin.element / columns + 1, origin.element % columns + 1)
    }
  }

  private func written(_ number: Double) -> String {
    number.isNaN ? "nan" : number < 0 ? "-inf" : "inf"
  }
}
