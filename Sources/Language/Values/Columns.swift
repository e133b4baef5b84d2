import Differentiation
import Learning
import Syntax

extension Value {
  /// Whether a string may index it.
  package var hasKeys: Bool {
    switch self {
    case .record, .data, .stream: true
    default: false
    }
  }
}

/// `data["age"]`: a feature or target by its name, categories and classes as a list of names.
/// - Throws: where the data set has no such column.
package func column(_ name: String, of data: DataSet, at range: SourceRange) throws(Failure)
  -> Value
{
  func named(_ numbers: [Double], _ names: [String]) -> Value {
    .list(
      numbers.map { number in
        let place = Int(exactly: number).map { $0 - 1 } ?? -1
        return names.indices.contains(place) ? .string(names[place]) : .nothing
      })
  }
  if let feature = data.featureNames.firstIndex(of: name) {
    let numbers = data.column(feature)
    return data.categories[feature].map { named(numbers, $0) } ?? .tensor(Tensor(vector: numbers))
  }
  if let place = data.targetNames.firstIndex(of: name) {
    switch data.target {
    case .classes(let numbers, let names): return named(numbers.map { Double($0) }, names)
    case .values(let values):
      let width = data.targetNames.count
      return .tensor(
        Tensor(
          vector: stride(from: place, to: values.elements.count, by: width).map {
            values.elements[$0]
          }))
    }
  }
  if let kept = data.kept.first(where: { $0.name == name }) {
    return .list(kept.texts.map { .string($0) })
  }
  let names = data.featureNames + data.targetNames + data.kept.map { $0.name }
  var help = [
    "its columns: \(names.prefix(40).joined(separator: ", "))\(names.count > 40 ? ", …" : "")"
  ]
  if let near = Spelling.nearest(to: name, in: names) {
    help.insert("did you mean \(near)?", at: 0)
  }
  throw Failure("the data set has no column \(name)", at: range, help: help)
}
