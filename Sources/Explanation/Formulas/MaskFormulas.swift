import Differentiation
import Learning

/// What dropout adds to the equations of a pass: m·f(net)/(1 - p), where m is 1 for a unit that
/// takes part and 0 for one that is left out.
extension NetFormulas {
  /// Units that are named where they are left out.
  private static let mostNamed = 6

  /// What a unit sends on, or its slope, under the mask of its layer.
  func masked(_ layer: Int, _ unit: Int, _ formula: Formula) -> Formula {
    guard pass.mask(layer, unit) != nil else { return formula }
    let mask = Formula.symbol(symbols.mask(layer, unit))
    return .quotient(
      formula == .number(1) ? mask : .product([mask, formula]),
      .sum([.number(1), .negated(.number(pass.network.dropout))]))
  }

  /// m/(1 - p); 1 where no unit is left out.
  func maskFactor(_ layer: Int, _ unit: Int) -> Double {
    pass.mask(layer, unit).map { $0 / (1 - pass.network.dropout) } ?? 1
  }

  /// The values of the masks, and a note of who is left out.
  func defineMasks(in derivation: inout Derivation) {
    guard let masks = pass.masks else { return }
    for (place, mask) in masks.enumerated() {
      for (index, value) in mask.prefix(Self.mostDefined).enumerated() {
        derivation.values[symbols.mask(place + 1, index + 1)] = Tensor(value)
      }
    }
    derivation.add(note: maskNote(masks))
  }

  private func maskNote(_ masks: [[Double]]) -> String {
    let share = DropoutShare(
      masks.map { Tensor(.matrix(1, $0.count), $0) }, of: pass.network)
    var names: [String] = []
    for (place, mask) in masks.enumerated() {
      for (index, value) in mask.enumerated() where value == 0 && names.count < Self.mostNamed {
        names.append(symbols.label(place + 1, index + 1))
      }
    }
    let named =
      names.count < share.leftOut
      ? names + ["…"] : names
    return share.text + (named.isEmpty ? "" : ": \(named.joined(separator: ", "))")
  }

  /// Why the derivatives of a unit are 0.
  func leftOutNote(_ layer: Int, _ unit: Int) -> String {
    "\(symbols.label(layer, unit)) is left out by the mask, "
      + "\(symbols.mask(layer, unit).text) = 0: no error goes back through it"
  }

  /// Why the derivative by a weight is 0 for this sample, where a mask is the reason.
  /// - Parameter source: the unit that a weight comes from; nil for a bias.
  func zeroNote(_ layer: Int, _ unit: Int, from source: Int?) -> String? {
    if pass.mask(layer, unit) == 0 {
      return "\(symbols.label(layer, unit)) is left out by the mask: what leads to it gets no "
        + "gradient from this sample"
    }
    if let source, pass.mask(layer - 1, source) == 0 {
      return "\(symbols.label(layer - 1, source)) is left out by the mask: it sends 0 on, so what "
        + "leads from it gets no gradient from this sample"
    }
    return nil
  }
}

/// How many units a mask leaves out.
package struct DropoutShare {
  package let leftOut: Int
  package let count: Int
  private let rows: Int
  private let dropout: Double

  /// - Parameter masks: of each hidden layer rows × units, 0 where a unit is left out.
  package init(_ masks: [Tensor], of network: Network) {
    count = masks.reduce(0) { $0 + $1.elements.count }
    leftOut = masks.reduce(0) { $0 + $1.elements.count { $0 == 0 } }
    rows = masks.first?.shape.rows ?? 1
    dropout = network.dropout
  }

  package var share: Double { count == 0 ? 0 : Double(leftOut) / Double(count) }

  /// `the mask leaves out 1 of 3 hidden units, and what is left in is divided by 1 - 0.5`
  package var text: String {
    "the mask leaves out \(leftOut) of \(count) hidden unit\(count == 1 ? "" : "s"), "
      + "\(rows > 1 ? "counted in each row, " : "")and what is left in is divided by "
      + "1 - \(dropout)"
  }
}
