import Differentiation
import Learning

extension Derivation {
  /// The most features whose preparing is written out.
  private static let mostFeatures = 8

  /// Puts the preparing of a raw row in front, so that a calculation by hand begins
  /// where this one does.
  /// - Parameters:
  ///   - raw: one raw row.
  ///   - pipeline: what it goes through.
  ///   - symbols: those of the net that takes the result.
  package mutating func begin(
    preparing raw: DataSet, _ pipeline: Pipeline, symbols: NetSymbols
  ) {
    var preparing = Derivation(title: title, result: result)
    preparing.add(heading: "prepared by \(pipeline.title)")
    var row = raw
    for (place, step) in pipeline.steps.enumerated() {
      let isLast = place == pipeline.steps.count - 1
      guard let next = try? row.prepared(by: step) else { return }
      switch step {
      case .scale(let scaling):
        for feature in 0..<min(row.featureCount, Self.mostFeatures) {
          let number = row.x.elements[feature]
          let scaled = next.x.elements[feature]
          guard scaling.shift[feature] != 0 || scaling.scale[feature] != 1 else { continue }
          let name =
            isLast ? symbols.out(0, feature + 1) : Symbol(name: row.featureNames[feature])
          let difference = Formula.sum([.number(number), .negated(.number(scaling.shift[feature]))])
          preparing.parts.append(
            .equation(
              .init(
                name, [.quotient(difference, .number(scaling.scale[feature]))],
                value: Tensor(scaled))))
        }
        if row.featureCount > Self.mostFeatures {
          preparing.add(
            note: "\(row.featureCount - Self.mostFeatures) further features in the same way")
        }
      case .impute:
        let filled = (0..<row.featureCount).filter { row.x.elements[$0].isNaN }
          .map { row.featureNames[$0] }
        if !filled.isEmpty {
          preparing.add(note: "missing and filled in: \(filled.joined(separator: ", "))")
        }
      case .dropMissing, .scaleTargets: break
      case .encode(let encoding):
        for column in encoding.columns {
          let code = Int(exactly: row.x.elements[column.feature]) ?? 0
          let names = row.categories[column.feature] ?? column.values
          guard names.indices.contains(code - 1) else { continue }
          preparing.add(
            note: "\(row.featureNames[column.feature]) is \(names[code - 1]): 1 for it, 0 for"
              + " the others")
        }
      }
      row = next
    }
    if case .heading? = parts.first {} else { preparing.add(heading: "then") }
    parts.insert(contentsOf: preparing.parts, at: 0)
  }
}
