import Differentiation

/// What targets say of classes. A data set, and a net asked about one, give this; metrics, weights
/// of classes, folds, pictures and answers read it, so that a class is the same everywhere.
package struct Classes: Hashable, Sendable {
  package let code: TargetCode
  /// By class, or by label where a row may have several.
  package let names: [String]
  /// The class of each row, from 1; empty where a row may have several labels.
  package let numbers: [Int]
}

extension DataSet {
  /// The most classes that whole numbers are taken for.
  package static let mostClasses = 10_000

  package static func standardTargetNames(_ count: Int) -> [String] {
    count == 1 ? ["t"] : (0..<count).map { "t\($0 + 1)" }
  }

  /// The classes that the targets name or, as 0 and 1 or one-hot rows do, can only mean; nil for
  /// numbers.
  package var ownClasses: Classes? {
    switch target {
    case .classes(let numbers, let names):
      return Classes(
        code: names.count <= 2 ? .zeroOne : .oneHot(low: 0, high: 1), names: names,
        numbers: numbers)
    case .values(let values):
      let code = TargetCode(of: values)
      guard code != .numbers else { return nil }
      return Classes(
        code: code, names: code.names(columns: targetNames),
        numbers: code.isMultiple ? [] : code.classes(of: values))
    }
  }

  /// The different numbers of the one target column in ascending order, where all are whole and
  /// not too many; nil otherwise.
  package var wholeLabels: [Int]? {
    guard case .values(let values) = target, targetNames.count == 1, count > 0 else { return nil }
    var found: Set<Int> = []
    for element in values.elements {
      guard let whole = Int(exactly: element) else { return nil }
      found.insert(whole)
      if found.count > Self.mostClasses { return nil }
    }
    return found.sorted()
  }

  /// The classes by which rows are shared out evenly: whole numbers count here, too.
  /// - Throws: where the targets are numbers, or several labels a row.
  func strata() throws(LearningError) -> Classes {
    if let own = ownClasses, !own.code.isMultiple { return own }
    if let labels = wholeLabels, let classed = try classed(labels.map { String($0) }).ownClasses {
      return classed
    }
    throw LearningError(
      ownClasses == nil
        ? "the targets of \(title) are numbers, not classes"
        : "the rows of \(title) have several labels each, not one class",
      (.option("stratified"), "needs classes"), (.data, "no classes"))
  }

  /// The same with its targets as classes.
  /// - Parameter order: the labels in the order of the outputs; ascending where nil.
  /// - Throws: where the targets are neither whole numbers nor one-hot rows, or not of the order.
  package func classed(_ order: [String]? = nil) throws(LearningError) -> DataSet {
    switch target {
    case .classes(let numbers, let names):
      guard let order, order != names else { return self }
      return try classed(numbers.map { names[$0 - 1] }, order)
    case .values(let values):
      if let labels = wholeLabels {
        return try classed(
          values.elements.map { labelText($0) }, order ?? labels.map { String($0) })
      }
      let code = TargetCode(of: values)
      guard targetNames.count > 1, code != .numbers, !code.isMultiple else {
        throw LearningError(
          targetNames.count == 1
            ? "classes are whole numbers, and the targets of \(title) are not"
            : "one class a row is one-hot, and the targets of \(title) are not",
          (.data, "no classes"))
      }
      let names = order ?? code.names(columns: targetNames)
      guard names.count == targetNames.count else {
        throw LearningError(
          "there are \(counted(targetNames.count, "column")) of targets but "
            + counted(names.count, "class", "classes"), (.data, "one-hot rows"))
      }
      return try replacing(classes: code.classes(of: values), names)
    }
  }

  /// The same with a class for each row.
  private func classed(_ labels: [String], _ order: [String]) throws(LearningError) -> DataSet {
    let numbers = try classNumbers(of: labels, in: order)
    return try replacing(classes: numbers, order)
  }

  private func replacing(
    classes numbers: [Int], _ names: [String]
  ) throws(LearningError) -> DataSet {
    var result = DataSet(
      title: title, checked: x, target: .classes(numbers: numbers, names: names),
      featureNames: featureNames, targetNames: targetNames.count == 1 ? targetNames : ["class"])
    result.categories = categories
    result.rowNames = rowNames
    result.kept = kept
    result.pipeline = pipeline
    return result
  }

  /// The same with the different numbers of a feature as its categories, in ascending order.
  /// - Parameter feature: from 0.
  /// - Throws: where there are too many, or the data were prepared.
  package func categorized(_ feature: Int) throws(LearningError) -> DataSet {
    guard pipeline == nil, categories[feature] == nil else {
      throw LearningError(
        "\(featureNames[feature]) holds no raw numbers", (.option("categories"), "no numbers"))
    }
    let column = column(feature)
    let present = Set(column.filter { !$0.isNaN }).sorted()
    guard present.count <= Self.mostClasses else {
      throw LearningError(
        "\(featureNames[feature]) has more than \(Self.mostClasses) different values",
        (.option("categories"), "too many"))
    }
    var places: [Double: Double] = [:]
    for (place, number) in present.enumerated() { places[number] = Double(place + 1) }
    var numbers = x
    for (row, number) in column.enumerated() {
      numbers.elements[row * featureCount + feature] = places[number] ?? .nan
    }
    var result = replacing(x: numbers)
    result.categories[feature] = present.map { labelText($0) }
    return result
  }

  /// Classes by the names that a net has learned: files and parts of data may hold fewer of them,
  /// or count them in another order.
  /// - Throws: where a class is none of those.
  func matched(to names: [String]?) throws(LearningError) -> DataSet {
    guard let names, case .classes(let numbers, let own) = target, own != names else { return self }
    guard let other = own.first(where: { !names.contains($0) }) else {
      return try replacing(
        classes: classNumbers(of: numbers.map { own[$0 - 1] }, in: names), names)
    }
    throw LearningError(
      "\(other) is none of the classes that the net has learned",
      (.data, "has the class \(other)"), help: ["it has learned \(listed(names))"])
  }
}

/// The place of every label among the classes, from 1.
/// - Throws: where a label is not there.
package func classNumbers(
  of labels: [String], in order: [String]
) throws(LearningError) -> [Int] {
  var places: [String: Int] = [:]
  for (place, name) in order.enumerated() {
    guard places.updateValue(place + 1, forKey: name) == nil else {
      throw LearningError("the class \(name) is named twice", (.option("categories"), "twice"))
    }
  }
  var numbers: [Int] = []
  numbers.reserveCapacity(labels.count)
  for (row, label) in labels.enumerated() {
    guard let place = places[label] else {
      throw LearningError(
        "\(label) is none of the classes \(listed(order))", (.data, "in row \(row + 1)"),
        (.option("categories"), "without \(label)"))
    }
    numbers.append(place)
  }
  return numbers
}

/// Labels in the order in which classes are counted: numbers by size, words by their letters.
package func classOrder(_ labels: Set<String>) -> [String] {
  let numbers = labels.compactMap { label in Double(label).map { (label, $0) } }
  if numbers.count == labels.count {
    return numbers.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map { $0.0 }
  }
  return labels.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
}

/// The first names of a list, and … where there are more.
func listed(_ names: [String]) -> String {
  names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", …" : "")
}
