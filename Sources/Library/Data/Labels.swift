import Differentiation
import Language
import Learning
import Syntax

/// How the labels of `data X labels` and the order of `categories=` are read.
extension Arguments {
  /// The labels of a list of texts or truths; nil for numbers, which are labels only where they
  /// must be.
  func labels(_ value: Value, at range: SourceRange) throws(Failure) -> [String]? {
    guard case .list(let list) = value else { return nil }
    let texts = list.compactMap { label -> String? in
      switch label {
      case .string(let text): text
      case .truth(let truth): truth ? "true" : "false"
      default: nil
      }
    }
    guard texts.count == list.count, !texts.isEmpty else {
      throw Failure(
        "targets are numbers, or one label for each sample, all of them texts", at: range,
        label: "\(list.first { $0.isNumeric }?.kind ?? "a list")"
          + (texts.isEmpty ? "" : " beside texts"))
    }
    return texts
  }

  /// The data with the classes and categories that `categories=` asks for.
  /// - Parameter key: true, labels in the order of the outputs, or names of columns.
  func categorized(_ data: DataSet, _ key: Key<Value>) throws(Failure) -> DataSet {
    guard let value = try optional(key) else { return data }
    let range = range(of: key)
    let names: [String]
    switch value {
    case .truth(false): return data
    case .truth(true): return try classed(data, nil)
    case .string(let text): names = [text]
    case .list(let list):
      names = try list.map { label throws(Failure) in
        switch label {
        case .string(let text): text
        case .number(let number): labelText(number)
        case .truth(let truth): truth ? "true" : "false"
        default: throw Failure("a category is a text or a number", at: range, label: label.kind)
        }
      }
    default: names = value.tensor?.elements.map { labelText($0) } ?? []
    }
    let columns = data.featureNames + data.targetNames
    guard case .list = value, !names.allSatisfy({ columns.contains($0) }) else {
      if value.tensor != nil { return try classed(data, names) }
      return try categorized(data, columns: names, at: range)
    }
    return try classed(data, names)
  }

  private func classed(_ data: DataSet, _ order: [String]?) throws(Failure) -> DataSet {
    let result = try mappingErrors { () throws(LearningError) in try data.classed(order) }
    if data.classes != result.classes { noteClasses(of: result) }
    return result
  }

  private func categorized(
    _ data: DataSet, columns names: [String], at range: SourceRange
  ) throws(Failure) -> DataSet {
    var result = data
    for name in names {
      if let feature = data.featureNames.firstIndex(of: name) {
        result = try mappingErrors { () throws(LearningError) in
          try result.categorized(feature)
        }
      } else if data.targetNames == [name] {
        result = try classed(result, nil)
      } else {
        throw Failure(
          "there is no column \(name) of numbers", at: range, label: "unknown",
          help: ["its columns: \((data.featureNames + data.targetNames).joined(separator: ", "))"])
      }
    }
    return result
  }

  /// Says in which order classes are counted.
  func noteClasses(of data: DataSet) {
    guard let classes = data.classes, let name = data.targetNames.first else { return }
    session.noteOnce(
      "\(name): \(counted(classes.count, "class", "classes")) in this order: "
        + classes.prefix(10).joined(separator: ", ") + (classes.count > 10 ? ", …" : ""))
  }
}
