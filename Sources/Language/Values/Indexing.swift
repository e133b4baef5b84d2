import Differentiation
import Learning
import Syntax

/// One place between the brackets of an index, with its value.
enum IndexValue {
  case all
  case value(Value, Code)
  /// `x[2..-1]`: the ends and the step.
  case slice(low: Value, high: Value, step: Value?, RangeCode)
}

/// The positions that an index chooses in a value, checked against its size.
///
/// Indexes start at 1, ranges include both ends, a negative index counts from the end.
struct IndexSelection {
  /// Positions from 0 along one axis.
  struct Axis {
    let positions: [Int]
    /// A single index takes the axis away: `W[1,:]` is a vector.
    let isSingle: Bool
  }

  private let axes: [Axis]
  /// The key, where a record is indexed by a string.
  private let key: String?

  init(_ items: [IndexValue], of whole: Value, at range: SourceRange) throws(Failure) {
    if whole.hasKeys, items.count == 1, case .value(.string(let name), _) = items[0] {
      key = name
      axes = []
      return
    }
    key = nil
    guard let sizes = Self.sizes(of: whole) else {
      var help: [String] = []
      if case .network = whole { help = ["its weights are net.W1, its biases net.b1"] }
      throw Failure("\(whole.kind) cannot be indexed", at: range, label: whole.kind, help: help)
    }
    guard items.count <= sizes.count, !items.isEmpty else {
      let wanted = sizes.count == 1 ? "one index" : "one or two indexes"
      throw Failure("\(whole.kind) takes \(wanted), not \(items.count)", at: range)
    }
    var axes: [Axis] = []
    for (axis, item) in items.enumerated() {
      axes.append(try Self.axis(item, size: sizes[axis].size, noun: sizes[axis].noun))
    }
    for axis in sizes.dropFirst(items.count) {
      axes.append(Axis(positions: Array(0..<axis.size), isSingle: false))
    }
    self.axes = axes
  }

  private static func sizes(of value: Value) -> [(size: Int, noun: String)]? {
    if let shape = value.shape {
      switch shape {
      case .scalar: return nil
      case .vector(let count): return [(count, "elements")]
      case .matrix(let rows, let columns): return [(rows, "rows"), (columns, "columns")]
      }
    }
    switch value {
    case .list(let list): return [(list.count, "elements")]
    case .string(let text): return [(text.count, "characters")]
    case .data(let data): return [(data.count, "rows")]
    case .stream(let stream): return [(stream.count, "rows")]
    default: return nil
    }
  }

  private static func axis(
    _ item: IndexValue, size: Int, noun: String
  ) throws(Failure) -> Axis {
    let (value, code): (Value, Code)
    switch item {
    case .all: return Axis(positions: Array(0..<size), isSingle: false)
    case .slice(let low, let high, let step, let range):
      return try slice(low, high, step, range, size, noun)
    case .value(let given, let place): (value, code) = (given, place)
    }
    if let number = value.number, value.shape == .scalar {
      return Axis(
        positions: [try position(number, size, noun, at: code.range)], isSingle: true)
    }
    if case .truth = value {
      throw Failure("an index is a number, not a truth value", at: code.range)
    }
    guard case .vector? = value.shape, let numbers = value.tensor?.elements else {
      throw Failure(
        "an index is a whole number, a range or a vector", at: code.range, label: value.kind)
    }
    if isMask(numbers, size: size, code) {
      return Axis(positions: numbers.indices.filter { numbers[$0] == 1 }, isSingle: false)
    }
    var positions: [Int] = []
    for number in numbers { positions.append(try position(number, size, noun, at: code.range)) }
    return Axis(positions: positions, isSingle: false)
  }

  /// Whether a vector of 0 and 1 chooses by truth: it has one entry for each place, and is not
  /// a list of indexes because 0 is none, or because nobody writes it as a list.
  private static func isMask(_ numbers: [Double], size: Int, _ code: Code) -> Bool {
    guard numbers.count == size, numbers.allSatisfy({ $0 == 0 || $0 == 1 }) else { return false }
    if case .brackets = code.form { return numbers.contains(0) }
    return true
  }

  /// `x[2..-1]`: in an index negative ends count from the end.
  private static func slice(
    _ low: Value, _ high: Value, _ step: Value?, _ range: RangeCode, _ size: Int, _ noun: String
  ) throws(Failure) -> Axis {
    var stepLength = 1
    if let step {
      guard let number = step.number, let whole = Int(exactly: number), whole != 0 else {
        throw Failure(
          "a step of an index is a whole number other than 0", at: range.step?.range ?? range.range)
      }
      stepLength = whole
    }
    guard let first = low.number, let last = high.number else {
      throw Failure("the ends of a range are numbers", at: range.range)
    }
    let firstCounted = first < 0 ? first + Double(size) + 1 : first
    let lastCounted = last < 0 ? last + Double(size) + 1 : last
    if stepLength > 0 && firstCounted == lastCounted + 1 || size == 0 {
      return Axis(positions: [], isSingle: false)
    }
    let start = try position(first, size, noun, at: range.low.range)
    let end = try position(last, size, noun, at: range.high.range)
    return Axis(
      positions: Array(stride(from: start, through: end, by: stepLength)), isSingle: false)
  }

  private static func position(
    _ number: Double, _ size: Int, _ noun: String, at range: SourceRange
  ) throws(Failure) -> Int {
    guard let whole = Int(exactly: number) else {
      throw Failure(
        "an index is a whole number", at: range, label: briefText(number))
    }
    if whole == 0 {
      throw Failure(
        "indexes start at 1", at: range, label: "0",
        help: ["the first is [1], the last is [-1]"])
    }
    guard whole >= -size, whole <= size else {
      let most = size == 0 ? "there are no \(noun)" : "valid: 1..\(size), or -1 to -\(size)"
      throw Failure(
        "index \(whole) is out of range: there are \(size) \(noun)", at: range, label: most)
    }
    return whole > 0 ? whole - 1 : size + whole
  }

  // MARK: Reading

  /// The part of `whole` that is chosen.
  func value(in whole: Value, at range: SourceRange, _ runtime: Runtime) throws(Failure) -> Value {
    switch whole {
    case .record(let record):
      guard let key, let value = record[key] else {
        throw noField(key ?? "", in: record, at: range)
      }
      return value
    case .list(let list):
      if axes[0].isSingle { return list[axes[0].positions[0]] }
      return .list(axes[0].positions.map { list[$0] })
    case .string(let text):
      let characters = Array(text)
      return .string(String(axes[0].positions.map { characters[$0] }))
    case .data(let data):
      if let key { return try column(key, of: data, at: range) }
      do throws(LearningError) {
        return .data(try data.rows(axes[0].positions))
      } catch {
        throw Failure(error.message, at: range, help: error.help)
      }
    case .stream(let stream):
      guard key == nil else {
        throw Failure(
          "a column of a stream is not in memory", at: range, label: "a stream of rows",
          help: ["s[1..1000][\"\(key ?? "")\"] reads the first values of it"])
      }
      return try rows(of: stream, at: range, runtime)
    case .traced(let node):
      return try apply(
        .slice(flatPositions(in: node.shape), of: node.shape, as: resultShape), to: [whole],
        at: range)
    case .number, .tensor:
      guard let tensor = whole.tensor else { return .nothing }
      return try part(of: tensor, at: range, runtime)
    default:
      throw Failure("\(whole.kind) cannot be indexed", at: range, label: whole.kind)
    }
  }

  /// Rows of a stream, which are in memory then.
  private func rows(
    of stream: RowStream, at range: SourceRange, _ runtime: Runtime
  ) throws(Failure) -> Value {
    let places = axes[0].positions
    try runtime.charge(
      rows: places.count, columns: stream.featureCount + max(1, stream.targetNames.count), at: range
    )
    guard !places.isEmpty else { throw Failure("a data set needs at least one row", at: range) }
    do throws(LearningError) {
      return .data(try stream.rows(at: places.map { Int32(truncatingIfNeeded: $0) }))
    } catch {
      throw Failure(error.message, at: range, help: error.help)
    }
  }

  private var resultShape: Shape {
    let kept = axes.filter { !$0.isSingle }.map { $0.positions.count }
    return switch kept.count {
    case 0: .scalar
    case 1: .vector(kept[0])
    default: .matrix(kept[0], kept[1])
    }
  }

  private func part(
    of tensor: Tensor, at range: SourceRange, _ runtime: Runtime
  ) throws(Failure) -> Value {
    if axes.count == 1 {
      if axes[0].isSingle { return .number(tensor.elements[axes[0].positions[0]]) }
      return .tensor(Tensor(vector: axes[0].positions.map { tensor.elements[$0] }))
    }
    guard case .matrix(_, let columns) = tensor.shape else { return .nothing }
    let (rows, chosen) = (axes[0].positions, axes[1].positions)
    try runtime.charge(rows: rows.count, columns: chosen.count, at: range)
    if axes[0].isSingle, axes[1].isSingle {
      return .number(tensor.elements[rows[0] * columns + chosen[0]])
    }
    var elements: [Double] = []
    elements.reserveCapacity(rows.count * chosen.count)
    for row in rows {
      for column in chosen { elements.append(tensor.elements[row * columns + column]) }
    }
    if axes[0].isSingle || axes[1].isSingle { return .tensor(Tensor(vector: elements)) }
    return .tensor(Tensor(.matrix(rows.count, chosen.count), elements))
  }

  // MARK: Writing

  /// Puts `value` into the chosen part of `whole`, in place where `whole` is the only reference.
  func set(
    _ value: Value, in whole: inout Value, at range: SourceRange, _ runtime: Runtime
  ) throws(Failure) {
    if var record = whole.takeRecord() {
      record[key ?? ""] = value
      whole = .record(record)
      return
    }
    if var list = whole.takeList() {
      defer { whole = .list(list) }
      return try setElements(value, in: &list, at: range, runtime)
    }
    if runtime.differentiating == 0 || !isTraced(value), var tensor = whole.takeTensor() {
      defer { whole = .tensor(tensor) }
      return try setNumbers(value, in: &tensor, at: range)
    }
    switch whole {
    case .traced where runtime.differentiating > 0, .tensor:
      whole = try replacing(in: whole, by: value, at: range)
    case .traced(let node):
      // An element that is assigned to stores a value without history.
      whole = Value(node.value ?? Tensor(.nan))
      try set(value, in: &whole, at: range, runtime)
    case .string:
      throw Failure("the characters of a string cannot be assigned to", at: range)
    default:
      throw Failure("\(whole.kind) has no elements to assign to", at: range)
    }
  }

  /// The chosen element of a list or record, taken out so that it can be changed in place; nil
  /// where there is none or several are chosen.
  func takePart(of whole: inout Value) -> Value? {
    if let key {
      guard var record = whole.takeRecord() else { return nil }
      defer { whole = .record(record) }
      return record.take(key)
    }
    guard axes[0].isSingle, var list = whole.takeList() else { return nil }
    defer { whole = .list(list) }
    let part = list[axes[0].positions[0]]
    list[axes[0].positions[0]] = .nothing
    return part
  }

  private func setElements(
    _ value: Value, in list: inout List, at range: SourceRange, _ runtime: Runtime
  ) throws(Failure) {
    let positions = axes[0].positions
    if axes[0].isSingle {
      list[positions[0]] = runtime.differentiating > 0 ? value : value.plain
      return
    }
    let parts = try elements(of: value, at: range)
    guard parts.count == positions.count else {
      throw Failure("\(parts.count) values do not fit \(positions.count) places", at: range)
    }
    for (position, part) in zip(positions, parts) { list[position] = part }
  }

  private func setNumbers(
    _ value: Value, in tensor: inout Tensor, at range: SourceRange
  ) throws(Failure) {
    guard let new = value.tensor else {
      throw Failure(
        "\(tensor.shape) holds numbers only", at: range, label: value.kind)
    }
    let positions = flatPositions(in: tensor.shape)
    guard new.elements.count == 1 || fits(new.shape) else {
      throw Failure(
        "\(new.shape) does not fit \(positions.count == 1 ? "one place" : "\(positions.count) places")",
        at: range, label: value.kind)
    }
    if new.elements.count == 1 {
      for position in positions { tensor.elements[position] = new.elements[0] }
    } else {
      for (place, position) in positions.enumerated() {
        tensor.elements[position] = new.elements[place]
      }
    }
  }

  private func isTraced(_ value: Value) -> Bool {
    if case .traced = value { true } else { false }
  }

  private func fits(_ shape: Shape) -> Bool { shape == resultShape }

  /// The whole with other elements in the chosen places, as a computation that has a derivative.
  private func replacing(
    in whole: Value, by value: Value, at range: SourceRange
  ) throws(Failure) -> Value {
    guard let shape = whole.shape, let given = value.shape, given == .scalar || fits(given) else {
      throw Failure("\(value.kind) does not fit \(resultShape)", at: range, label: value.kind)
    }
    let positions = flatPositions(in: shape)
    var kept = Tensor(repeating: 1, shape: shape)
    for position in positions { kept.elements[position] = 0 }
    let part = try apply(
      .broadcast(to: .vector(positions.count)),
      to: [
        given == .scalar
          ? value
          : try apply(.reshape(to: .vector(positions.count)), to: [value], at: range)
      ], at: range)
    let placed = try apply(.scatter(positions, into: shape), to: [part], at: range)
    let rest = try apply(.multiply, to: [whole, .tensor(kept)], at: range)
    return try apply(.add, to: [rest, placed], at: range)
  }

  private func flatPositions(in shape: Shape) -> [Int] {
    guard axes.count == 2, case .matrix(_, let columns) = shape else { return axes[0].positions }
    return axes[0].positions.flatMap { row in
      axes[1].positions.map { row * columns + $0 }
    }
  }
}

func noField(
  _ name: String, in record: Record, of owner: String = "the record", at range: SourceRange
) -> Failure {
  var help: [String] = []
  if let near = Spelling.nearest(to: name, in: record.names) {
    help.append("did you mean \(near)?")
  }
  help.append(
    record.names.isEmpty
      ? "it is empty" : "its fields: \(record.names.joined(separator: ", "))")
  return Failure("\(owner) has no field \(name)", at: range, label: "unknown field", help: help)
}
