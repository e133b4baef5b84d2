import Differentiation
import Learning

// Shapes, and everything that is computed from constants alone.

extension ONNXInterpreter {
  // MARK: Shapes of units

  static let shape: Rule = { state, operation throws(FormatError) in
    let axes = try state.units(0, operation).axes
    return .constant(
      ONNXConstant(
        axes.map { $0.map { Double($0) } ?? ONNXConstant.rows }, shape: [axes.count], type: .int64))
  }

  static let reshaped: Rule = { state, operation throws(FormatError) in
    guard let name = operation.inputs.first else { throw operation.error("operand 1 is missing") }
    switch state.values[name] {
    case .answer?, .part?, .total?: return try passing(&state, operation)
    default: break
    }
    var units = try state.units(0, operation)
    guard let axes = try state.axes(of: units.axes, after: operation) else {
      throw operation.error("it changes the order of the units, or mixes samples")
    }
    units.axes = axes
    return .units(units)
  }

  /// The axes after an operation that keeps the order of the elements; nil where it does not.
  private func axes(
    of axes: [Int?], after operation: Operation
  ) throws(FormatError) -> [Int?]? {
    let count = axes.reduce(1) { $0 * ($1 ?? 1) }
    switch operation.type {
    case "Flatten":
      let axis = operation.attributes.number("axis") ?? 1
      let place = axis < 0 ? axis + axes.count : axis
      guard axes.first == .some(nil), place == 1 || count == 1 else {
        return axes.contains(nil) ? nil : [1, count]
      }
      return [nil, count]
    case "Squeeze":
      let given = try wholeNumbers("axes", operand: 1, operation)
      let places = given.map { $0.map { $0 < 0 ? $0 + axes.count : $0 } }
      return axes.enumerated().filter { place, size in
        places.map { !$0.contains(place) } ?? (size != 1)
      }.map { $0.element }
    case "Unsqueeze":
      let given = try wholeNumbers("axes", operand: 1, operation) ?? []
      var result = axes
      let rank = axes.count + given.count
      for place in given.map({ $0 < 0 ? $0 + rank : $0 }).sorted() {
        guard (0...result.count).contains(place) else { return nil }
        result.insert(1, at: place)
      }
      return result
    case "Transpose":
      let order =
        try operation.attributes.numbers("perm") ?? Array(axes.indices.reversed())
      guard order.sorted() == Array(axes.indices) else { return nil }
      let wide = order.filter { (axes[$0] ?? 1) > 1 }
      return wide == wide.sorted() ? order.map { axes[$0] } : nil
    default:
      return target(try constant(1, operation)?.numbers ?? [], axes, count)
    }
  }

  /// The axes after a reshaping; 0 keeps the size of an axis, -1 is what is left.
  private func target(_ sizes: [Double], _ axes: [Int?], _ count: Int) -> [Int?]? {
    var result: [Int?] = []
    var rowsPlace: Int?
    var restPlace: Int?
    for (place, size) in sizes.enumerated() {
      if size.isNaN || size == 0 && axes.indices.contains(place) && axes[place] == nil {
        rowsPlace = place
        result.append(nil)
      } else if size == 0, axes.indices.contains(place) {
        result.append(axes[place])
      } else if size == -1 {
        restPlace = place
        result.append(1)
      } else {
        guard let whole = Int(exactly: size), whole > 0 else { return nil }
        result.append(whole)
      }
    }
    var known = 1
    for size in result {
      let (next, overflows) = known.multipliedReportingOverflow(by: size ?? 1)
      guard !overflows else { return nil }
      known = next
    }
    let hasRows = axes.contains(nil)
    if known == count, hasRows, rowsPlace == nil {
      // The size that is left is that of the samples; without one the model takes one sample.
      guard let place = restPlace ?? result.firstIndex(of: 1) else {
        return count == 1 ? result : nil
      }
      result[place] = nil
      return result
    }
    if known < count, count % known == 0, let restPlace {
      result[restPlace] = count / known
      if hasRows, rowsPlace == nil {
        guard let place = result.firstIndex(of: 1) else { return result }
        result[place] = nil
      }
      return result
    }
    return known == count ? result : nil
  }

  /// Whole numbers of an attribute, or of an operand since they became one.
  func wholeNumbers(
    _ name: String, operand: Int, _ operation: Operation
  ) throws(FormatError) -> [Int]? {
    if let numbers = try operation.attributes.numbers(name), !numbers.isEmpty { return numbers }
    return try constant(operand, operation)?.numbers.map { Int(clamped: $0) }
  }

  // MARK: Constants

  /// What an operation makes of constants; nil where it is none for them.
  mutating func constant(_ operation: Operation) throws(FormatError) -> ONNXConstant? {
    if operation.type == "Constant" { return try literal(operation) }
    var operands: [ONNXConstant] = []
    for place in operation.inputs.indices {
      if let operand = try constant(place, operation) { operands.append(operand) }
    }
    guard let first = operands.first else { return nil }
    try budget.charge(first.numbers.count, at: operation.place)
    switch operation.type {
    case "Identity", "Dropout": return first
    case "Cast":
      let type = operation.attributes.number("to").flatMap { ONNXConstant.type(numbered: $0) }
      guard let type, first.texts == nil else { return first }
      let whole = ONNXConstant([], shape: [0], type: type).isWhole
      return ONNXConstant(
        whole ? first.numbers.map { $0.isNaN ? $0 : $0.rounded(.towardZero) } : first.numbers,
        shape: first.shape, type: type)
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze":
      guard let axes = try axes(of: first.shape.map { Optional($0) }, after: operation) else {
        throw operation.error("\(listed(first.shape)) cannot be brought into this shape")
      }
      return first.reshaped(axes.map { $0 ?? 1 })
    case "Transpose": return try transposed(first, operation)
    case "Shape": return ONNXConstant(whole: first.shape)
    case "Concat": return try joined(operands, operation)
    case "Gather": return try gathered(first, operands, operation)
    case "Slice": return try sliced(first, operands, operation)
    case "ConstantOfShape": return try filled(first, operation)
    case "ReduceSum": return try reduced(first, operation) { $0.reduce(0, +) }
    case "ReduceMean":
      return try reduced(first, operation) { $0.reduce(0, +) / Double($0.count) }
    case "ReduceL2":
      return try reduced(first, operation) { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    default:
      guard let rule = ONNXElementwise.rule(of: operation.type) else { return nil }
      return try computed(rule, operands, operation)
    }
  }

  private mutating func literal(_ operation: Operation) throws(FormatError) -> ONNXConstant {
    let settings = operation.attributes
    if let tensor = try settings.tensor("value") { return try ONNXConstant(tensor, &budget) }
    if let number = settings.setting("value_float") { return ONNXConstant([number], shape: []) }
    if let number = settings.number("value_int") {
      return ONNXConstant([Double(number)], shape: [], type: .int64)
    }
    if let numbers = try settings.floats("value_floats"), !numbers.isEmpty {
      return ONNXConstant(numbers, shape: [numbers.count])
    }
    if let numbers = try settings.numbers("value_ints"), !numbers.isEmpty {
      return ONNXConstant(whole: numbers)
    }
    let texts = settings.texts("value_strings")
    if !texts.isEmpty { return ONNXConstant(texts: texts, shape: [texts.count]) }
    throw operation.error("a constant of this kind is not read")
  }

  private func transposed(
    _ array: ONNXConstant, _ operation: Operation
  ) throws(FormatError) -> ONNXConstant {
    let rank = array.shape.count
    let order = try operation.attributes.numbers("perm") ?? Array((0..<rank).reversed())
    guard order.sorted() == Array(0..<rank), array.texts == nil else {
      throw operation.error("it changes axes that are not there")
    }
    var strides = Array(repeating: 1, count: rank)
    for axis in (0..<rank).dropLast().reversed() {
      strides[axis] = strides[axis + 1] * array.shape[axis + 1]
    }
    var places = [0]
    for axis in order {
      places = places.flatMap { place in
        (0..<array.shape[axis]).map { place + $0 * strides[axis] }
      }
    }
    return ONNXConstant(
      places.map { array.numbers[$0] }, shape: order.map { array.shape[$0] }, type: array.type)
  }

  private func joined(
    _ arrays: [ONNXConstant], _ operation: Operation
  ) throws(FormatError) -> ONNXConstant {
    guard arrays.allSatisfy({ $0.shape.count == 1 && $0.texts == nil }) else {
      throw operation.error("it joins arrays of more than one axis")
    }
    let numbers = arrays.flatMap { $0.numbers }
    return ONNXConstant(numbers, shape: [numbers.count], type: arrays[0].type)
  }

  private func gathered(
    _ array: ONNXConstant, _ operands: [ONNXConstant], _ operation: Operation
  ) throws(FormatError) -> ONNXConstant {
    guard array.shape.count == 1, array.texts == nil, operands.count == 2 else {
      throw operation.error("it takes places of an array of more than one axis")
    }
    var numbers: [Double] = []
    for place in operands[1].numbers.map({ Int(clamped: $0) }) {
      let index = place < 0 ? place + array.numbers.count : place
      guard array.numbers.indices.contains(index) else {
        throw operation.error("place \(place) of \(array.numbers.count)")
      }
      numbers.append(array.numbers[index])
    }
    return ONNXConstant(numbers, shape: operands[1].shape, type: array.type)
  }

  private func sliced(
    _ array: ONNXConstant, _ operands: [ONNXConstant], _ operation: Operation
  ) throws(FormatError) -> ONNXConstant {
    let count = array.numbers.count
    func end(_ name: String, _ place: Int, _ standard: Int) throws(FormatError) -> Int {
      let number = try wholeNumbers(name, operand: place, operation)?.first ?? standard
      return min(max(number < 0 ? number + count : number, 0), count)
    }
    let steps = operands.count > 4 ? operands[4].numbers : [1]
    guard array.shape.count == 1, array.texts == nil, steps == [1] else {
      throw operation.error("it takes a part of an array of more than one axis")
    }
    let (start, stop) = (try end("starts", 1, 0), try end("ends", 2, count))
    let numbers = start < stop ? Array(array.numbers[start..<stop]) : []
    return ONNXConstant(numbers, shape: [numbers.count], type: array.type)
  }

  private mutating func filled(
    _ sizes: ONNXConstant, _ operation: Operation
  ) throws(FormatError) -> ONNXConstant {
    let shape = sizes.numbers.map { Int(clamped: $0) }
    guard let count = byteCount(shape, width: 1) else {
      throw operation.error("the shape \(listed(shape)) is too large")
    }
    try budget.charge(count, at: operation.place)
    let value = try operation.attributes.tensor("value")
    let number = try value.map { content throws(FormatError) in
      try ONNXConstant(content, &budget)
    }
    return ONNXConstant(
      Array(repeating: number?.numbers.first ?? 0, count: count), shape: shape,
      type: number?.type ?? .float32)
  }

  /// One number for each place of the axes that stay.
  private func reduced(
    _ array: ONNXConstant, _ operation: Operation, _ reduce: ([Double]) -> Double
  ) throws(FormatError) -> ONNXConstant {
    let rank = array.shape.count
    let given = try wholeNumbers("axes", operand: 1, operation) ?? Array(0..<rank)
    let gone = Set(given.map { $0 < 0 ? $0 + rank : $0 })
    guard array.texts == nil, gone.isSubset(of: Set(0..<rank)), !array.numbers.isEmpty else {
      throw operation.error("it reduces axes that are not there")
    }
    let kept = array.shape.enumerated().map { gone.contains($0) ? 1 : $1 }
    var groups: [[Double]] = Array(repeating: [], count: kept.reduce(1, *))
    for (place, number) in array.numbers.enumerated() {
      var (rest, group, width) = (place, 0, 1)
      for axis in (0..<rank).reversed() {
        if kept[axis] > 1 { group += rest % array.shape[axis] * width }
        rest /= array.shape[axis]
        width *= kept[axis]
      }
      groups[group].append(number)
    }
    let keepsAxes = operation.attributes.number("keepdims") ?? 1 != 0
    return ONNXConstant(
      groups.map(reduce),
      shape: keepsAxes
        ? kept : array.shape.enumerated().filter { !gone.contains($0.offset) }.map { $1 },
      type: array.type)
  }

  /// An element-wise operation on constants, repeated along axes of one place.
  private mutating func computed(
    _ rule: ONNXElementwise.Rule, _ operands: [ONNXConstant], _ operation: Operation
  ) throws(FormatError) -> ONNXConstant {
    let rank = operands.map { $0.shape.count }.max() ?? 0
    var axes = Array(repeating: 1, count: rank)
    for operand in operands {
      for (place, size) in operand.shape.reversed().enumerated() where size != 1 {
        axes[rank - 1 - place] = size
      }
    }
    guard let count = byteCount(axes, width: 1), count > 0 else {
      throw operation.error("the shapes of its operands do not fit")
    }
    let units = ONNXUnits(layer: 0, axes: axes.map { Optional($0) })
    var nodes: [Node] = []
    for operand in operands {
      let (numbers, _) = try coefficients(operand, for: units, operation)
      nodes.append(
        .constant(numbers.uniform.map { Tensor($0) } ?? Tensor(vector: numbers.numbers)))
    }
    do throws(ShapeError) {
      guard let value = try rule(nodes, operation.attributes).value else {
        throw ShapeError("it has no value")
      }
      let numbers = value.number.map { Array(repeating: $0, count: count) } ?? value.elements
      let isWhole = operands.allSatisfy { $0.isWhole }
      return ONNXConstant(
        isWhole ? numbers.map { $0.isNaN ? $0 : $0.rounded(.towardZero) } : numbers, shape: axes,
        type: operands[0].type)
    } catch { throw operation.error(error.message) }
  }
}

extension ONNXConstant {
  func reshaped(_ shape: [Int]) -> ONNXConstant {
    texts.map { ONNXConstant(texts: $0, shape: shape) }
      ?? ONNXConstant(numbers, shape: shape, type: type)
  }
}
