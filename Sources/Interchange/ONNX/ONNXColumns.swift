import Differentiation
import Learning

// What is done to the columns of raw features before the first layer, and columns of answers.

extension ONNXInterpreter {
  // MARK: Preparing

  static let scale: Rule = { state, operation throws(FormatError) in
    var units = try state.units(0, operation)
    func numbers(_ name: String, _ standard: Double) throws(FormatError) -> Coefficients {
      let numbers = try operation.attributes.floats(name) ?? []
      guard !numbers.isEmpty else { return Coefficients(standard) }
      guard numbers.count == 1 || numbers.count == units.count else {
        throw operation.error("\(numbers.count) numbers for \(units.count) features")
      }
      return Coefficients(numbers)
    }
    let (offset, factor) = (try numbers("offset", 0), try numbers("scale", 1))
    units.post = units.post.then(
      Affine(scale: factor, shift: offset.combined(factor) { -$0 * $1 }))
    return .units(units)
  }

  static let impute: Rule = { state, operation throws(FormatError) in
    let units = try state.units(0, operation)
    let replaced = operation.attributes.setting("replaced_value_float") ?? .nan
    guard units.layer == 0, case .netInputs = units.form, units.post.isIdentity, replaced.isNaN,
      let fills = try operation.attributes.floats("imputed_value_floats"),
      fills.count == 1 || fills.count == units.count
    else { throw operation.error("it fills other gaps than those of the features, nan") }
    for (place, fill) in zip(units.places, Coefficients(fills).expanded(to: units.count)) {
      guard case .feature(let feature) = state.columns[place],
        state.fills.updateValue(fill, forKey: feature) ?? fill == fill
      else { throw operation.error("it fills the gaps of a feature in two ways") }
    }
    return .units(units)
  }

  /// One column for each category of one feature.
  static let encode: Rule = { state, operation throws(FormatError) in
    var units: ONNXUnits
    if let name = operation.inputs.first, case .whole(let whole)? = state.values[name] {
      units = whole
    } else {
      units = try state.units(0, operation)
    }
    let texts = operation.attributes.texts("cats_strings")
    let numbers = try operation.attributes.numbers("cats_int64s") ?? []
    let names = texts.isEmpty ? numbers.map { "\($0)" } : texts
    guard units.layer == 0, units.count == 1, case .netInputs = units.form, units.post.isIdentity,
      case .feature(let feature) = state.columns[units.places[0]], !names.isEmpty,
      Set(names).count == names.count, state.fills[feature] == nil
    else { throw operation.error("it encodes something else than one raw feature") }
    guard state.categories.updateValue(names, forKey: feature) ?? names == names else {
      throw operation.error("\(state.featureNames[feature]) has other categories elsewhere")
    }
    try state.budget.charge(names.count, at: operation.place)
    if operation.attributes.number("zeros") ?? 1 != 0 {
      state.noteOnce(
        "a category that the model has not learned is an error here, not a row of zeros")
    }
    if texts.isEmpty {
      state.noteOnce(
        "\(state.featureNames[feature]) holds the categories \(brief(names)): tables name them, rows"
          + " of plain numbers count them from 1")
    }
    let first = state.columns.count
    state.columns += names.indices.map { .category(feature: feature, place: $0) }
    units.places = Array(first..<first + names.count)
    units.axes.append(names.count)
    return .units(units)
  }

  private static func brief(_ names: [String]) -> String {
    names.prefix(6).map { visible($0) }.joined(separator: ", ") + (names.count > 6 ? ", …" : "")
  }

  mutating func noteOnce(_ note: String) {
    if !notes.contains(note) { notes.append(note) }
  }

  // MARK: Some columns

  /// Takes columns by their places: features, or columns of the answer, or the name of a class.
  static let choose: Rule = { state, operation throws(FormatError) in
    guard let name = operation.inputs.first, !state.isConstant(name) else {
      return try chooseName(&state, operation)
    }
    let (count, axes): (Int, [Int?])
    switch state.values[name] {
    case .units(let units): (count, axes) = (units.count, units.axes)
    case .answer(let answer): (count, axes) = (answer.count, [nil, answer.count])
    default: throw operation.error("it takes a part of a part")
    }
    let (places, keepsAxis) = try state.places(operation, count: count, axes: axes)
    try state.budget.charge(places.count, at: operation.place)
    switch state.values[name] {
    case .units(var units) where units.layer == 0:
      guard case .netInputs = units.form else {
        throw operation.error("it takes some of the features after a function of them")
      }
      units.places = places.map { units.places[$0] }
      units.post = units.post.selected(places)
      units.axes[units.axes.count - 1] = places.count
      if !keepsAxis { units.axes.removeLast() }
      return .units(units)
    case .units(let units): return .part(ONNXAnswer(units: units), places)
    case .answer(var answer):
      guard !answer.isLabel else { throw operation.error("it takes a part of the classes") }
      if answer.isPair, places == [1] {
        answer.isPair = false
        return .answer(answer)
      }
      return .part(answer, places)
    default: throw operation.error("it takes a part of a part")
    }
  }

  /// The places that an operation takes of `count` columns, and whether they still are an axis.
  private func places(
    _ operation: Operation, count: Int, axes: [Int?]
  ) throws(FormatError) -> (places: [Int], keepsAxis: Bool) {
    func checkLast(_ axis: Int) throws(FormatError) {
      let place = axis < 0 ? axis + axes.count : axis
      guard place == axes.count - 1, axes[place] == count else {
        throw operation.error("it takes some of the samples, or a part of each axis")
      }
    }
    if operation.type == "Slice" {
      func number(_ name: String, _ place: Int, _ standard: Int) throws(FormatError) -> Int {
        let numbers = try wholeNumbers(name, operand: place, operation) ?? [standard]
        guard numbers.count == 1 else { throw operation.error("it takes a part of each axis") }
        return numbers[0]
      }
      guard try number("steps", 4, 1) == 1 else { throw operation.error("it leaves columns out") }
      try checkLast(try number("axes", 3, 0))
      let ends = (try number("starts", 1, 0), try number("ends", 2, count))
      let start = min(max(ends.0 < 0 ? ends.0 + count : ends.0, 0), count)
      let stop = min(max(ends.1 < 0 ? ends.1 + count : ends.1, start), count)
      guard start < stop else { throw operation.error("it takes no column") }
      return (Array(start..<stop), true)
    }
    let isGather = operation.type == "Gather"
    try checkLast(isGather ? operation.attributes.number("axis") ?? 0 : axes.count - 1)
    guard let constant = try constant(1, operation), constant.texts == nil,
      !constant.numbers.isEmpty, constant.shape.count <= 1 || !isGather
    else { throw operation.error("the places of columns are missing") }
    let places = constant.numbers.map { number in
      let place = Int(clamped: number)
      return place < 0 && isGather ? place + count : place
    }
    guard places.allSatisfy({ (0..<count).contains($0) }) else {
      throw operation.error("it takes columns that are not there, of \(count)")
    }
    return (places, !isGather || !constant.shape.isEmpty)
  }

  // MARK: Joining

  static let join: Rule = { state, operation throws(FormatError) in
    if operation.inputs.count == 1 { return try passing(&state, operation) }
    if let features = try state.joinedFeatures(operation) { return .units(features) }
    if let whole = state.joinedParts(operation) { return .answer(whole) }
    if operation.inputs.count == 2 {
      let (a, b) = (try state.units(0, operation), try state.units(1, operation))
      if a.count == b.count, a.layer == b.layer, a.form.isSame(as: b.form) {
        let complement = Affine(scale: Coefficients(-1), shift: Coefficients(1))
        if a.post == b.post.then(complement) {
          return .answer(ONNXAnswer(units: b, isPair: true))
        }
        if b.count == 1, a.post == b.post.then(negation) {
          return .answer(ONNXAnswer(units: b, isPair: true, isSigned: true))
        }
      }
    }
    throw operation.error("it joins the values of units", help: [chainHelp])
  }

  static let negation = Affine(scale: Coefficients(-1), shift: Coefficients(0))

  /// Columns of features, one after the other; nil where an operand is something else.
  private mutating func joinedFeatures(
    _ operation: Operation
  ) throws(FormatError) -> ONNXUnits? {
    var parts: [ONNXUnits] = []
    for name in operation.inputs {
      guard case .units(let units)? = values[name], units.layer == 0 else { return nil }
      guard case .netInputs = units.form else {
        throw operation.error("it joins features after a function of some of them")
      }
      parts.append(units)
    }
    guard var result = parts.first else { return nil }
    let axis = operation.attributes.number("axis") ?? 1
    let rank = result.axes.count
    guard rank > 0, axis < 0 ? axis == -1 : axis == rank - 1,
      parts.allSatisfy({
        $0.axes.count == rank && $0.axes[rank - 1] == $0.count && $0.axes.first == result.axes.first
      })
    else { throw operation.error("it joins features along another axis than their own") }
    var count = 0
    for part in parts { count += part.count }
    try budget.charge(count, at: operation.place)
    result.places = parts.flatMap { $0.places }
    result.axes[rank - 1] = count
    result.post = Affine.joined(parts.map { ($0.post, $0.count) })
    return result
  }

  /// The answer whose parts the operands are, all and in order.
  private func joinedParts(_ operation: Operation) -> ONNXAnswer? {
    var whole: ONNXAnswer?
    var places: [Int] = []
    for name in operation.inputs {
      guard case .part(let answer, let part)? = values[name],
        whole.map({ $0.units.isSame(as: answer.units) }) ?? true
      else { return nil }
      whole = answer
      places += part
    }
    guard let whole, places == Array(0..<whole.count) else { return nil }
    return whole
  }
}

extension ONNXUnits {
  /// Whether these are the same numbers.
  func isSame(as other: ONNXUnits) -> Bool {
    layer == other.layer && form.isSame(as: other.form) && post == other.post
      && places == other.places
  }
}

extension ONNXUnits.Form {
  func isSame(as other: Self) -> Bool {
    switch (self, other) {
    case (.netInputs, .netInputs): true
    case (.function(let a), .function(let b)): a === b
    case (.together(let name, let a), .together(let other, let b)): name == other && a == b
    default: false
    }
  }
}
