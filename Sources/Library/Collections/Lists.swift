import Differentiation
import Language
import Learning
import Syntax

extension Catalog {
  static let listFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "append", .lists, "The list or vector with one more element at its end.",
      parameters: [sequence.parameter, element.parameter],
      examples: [.init("append [1, 2] 3", prints: "[1, 2, 3]")], grow: grow
    ) { arguments throws(Failure) in
      let value = try arguments(sequence)
      let new = try arguments(element)
      if case .tensor(let tensor) = value, tensor.shape.rank == 1, case .number(let number) = new {
        try arguments.runtime.charge(elements: tensor.elements.count + 1, at: arguments.range)
        return .tensor(Tensor(vector: tensor.elements + [number]))
      }
      let all = try elements(of: value, at: arguments.range(of: sequence))
      var values = try room(for: all.count + 1, arguments)
      values.append(contentsOf: all)
      values.append(new)
      return try regathered(values, arguments)
    },
    BuiltinFunction(
      "concat", .lists, "Several lists or vectors one after the other.",
      rest: Parameter("xs", .any, "A list or vector."),
      examples: [.init("concat([1], [2, 3])", prints: "[1, 2, 3]")]
    ) { arguments throws(Failure) in
      var parts: [Elements] = []
      for part in arguments.rest { parts.append(try elements(of: part.value, at: part.range)) }
      var values = try room(for: parts.reduce(0) { $0 + $1.count }, arguments)
      for part in parts {
        for value in part {
          try arguments.runtime.countRound(at: arguments.range)
          values.append(value)
        }
      }
      return try regathered(values, arguments)
    },
    BuiltinFunction(
      "map", .lists, "The function of every element.",
      parameters: [function.parameter, sequence.parameter],
      examples: [.init("map (x -> x^2) [1, 2, 3]", prints: "[1, 4, 9]")]
    ) { arguments throws(Failure) in
      let function = try arguments(function)
      let all = try elements(of: try arguments(sequence), at: arguments.range(of: sequence))
      var results = try room(for: all.count, arguments)
      for value in all {
        try arguments.runtime.countRound(at: arguments.range)
        results.append(
          try arguments.runtime.call(function, [value], at: arguments.range(of: Self.function)))
      }
      return try regathered(results, arguments)
    },
    BuiltinFunction(
      "filter", .lists, "The elements for which the function is true.",
      parameters: [function.parameter, sequence.parameter],
      examples: [.init("filter (x -> x > 1) [1, 2, 3]", prints: "[2, 3]")]
    ) { arguments throws(Failure) in
      let function = try arguments(function)
      var kept: [Value] = []
      for value in try elements(of: try arguments(sequence), at: arguments.range(of: sequence)) {
        try arguments.runtime.countRound(at: arguments.range)
        let answer = try arguments.runtime.call(
          function, [value], at: arguments.range(of: Self.function))
        guard case .truth(let keeps) = answer else {
          throw Failure(
            "the function of filter answers true or false", at: arguments.range(of: Self.function),
            label: "gave \(answer.kind)")
        }
        if keeps { kept.append(value) }
      }
      return try regathered(kept, arguments)
    },
    BuiltinFunction(
      "fold", .lists, "Combines all elements with a function, from a start value on.",
      parameters: [function.parameter, start.parameter, sequence.parameter],
      examples: [.init("fold ((a, x) -> a + x) 0 [1, 2, 3]", prints: "6")]
    ) { arguments throws(Failure) in
      let function = try arguments(function)
      var result = try arguments(start)
      for value in try elements(of: try arguments(sequence), at: arguments.range(of: sequence)) {
        try arguments.runtime.countRound(at: arguments.range)
        result = try arguments.runtime.call(
          function, [result, value], at: arguments.range(of: Self.function))
      }
      return result
    },
    BuiltinFunction(
      "zip", .lists, "Pairs of the elements of two lists; the longer one is cut.",
      parameters: [sequence.parameter, other.parameter],
      examples: [.init("zip(\"ab\", [1, 2])", prints: "[[\"a\", 1], [\"b\", 2]]")]
    ) { arguments throws(Failure) in
      let first = try elements(of: try arguments(sequence), at: arguments.range(of: sequence))
      let second = try elements(of: try arguments(other), at: arguments.range(of: other))
      return try pairs(zip(first, second), count: min(first.count, second.count), arguments)
    },
    BuiltinFunction(
      "enumerate", .lists, "Pairs of the index, from 1, and the element.",
      parameters: [sequence.parameter],
      examples: [.init("enumerate(\"ab\")", prints: "[[1, \"a\"], [2, \"b\"]]")]
    ) { arguments throws(Failure) in
      let all = try elements(of: try arguments(sequence), at: arguments.range(of: sequence))
      let indexes = (1...).lazy.map { Value.number(Double($0)) }
      return try pairs(zip(indexes, all), count: all.count, arguments)
    },
    BuiltinFunction(
      "sort", .lists, "The elements in order.",
      parameters: [sequence.parameter, descending.parameter],
      examples: [.init("sort [3, 1, 2]", prints: "[1, 2, 3]")]
    ) { arguments throws(Failure) in
      let value = try arguments(sequence)
      if case .tensor(let tensor) = value, tensor.shape.rank == 1 {
        // Their order, what the sorting merges into, and the result.
        try arguments.runtime.charge(scratch: 3 * tensor.elements.count, at: arguments.range)
        let order = sortedOrder(of: tensor.elements, descending: try arguments(descending))
        return .tensor(Tensor(vector: [Double](count: order.count) { tensor.elements[order[$0]] }))
      }
      let order = try order(arguments)
      let all = try elements(of: value, at: arguments.range(of: sequence))
      var values = try room(for: order.count, arguments)
      for place in order { values.append(all[place]) }
      return try regathered(values, arguments)
    },
    BuiltinFunction(
      "argsort", .lists, "The indexes that put the elements in order.",
      parameters: [sequence.parameter, descending.parameter],
      examples: [.init("argsort [30, 10, 20]", prints: "[2, 3, 1]")]
    ) { arguments throws(Failure) in
      .tensor(Tensor(vector: try order(arguments).map { Double($0 + 1) }))
    },
    BuiltinFunction(
      "reverse", .lists, "The elements from the last to the first.",
      parameters: [sequence.parameter], examples: [.init("reverse [1, 2, 3]", prints: "[3, 2, 1]")]
    ) { arguments throws(Failure) in
      let value = try arguments(sequence)
      if case .string(let text) = value { return .string(String(text.reversed())) }
      let all = try elements(of: value, at: arguments.range(of: sequence))
      var values = try room(for: all.count, arguments)
      values.append(contentsOf: all.reversed())
      return try regathered(values, arguments)
    },
    BuiltinFunction(
      "unique", .lists, "The different elements, in the order of their first appearance.",
      parameters: [sequence.parameter], examples: [.init("unique [1, 2, 1]", prints: "[1, 2]")]
    ) { arguments throws(Failure) in
      var kept: [Value] = []
      if try arguments(sequence).isOpen { throw notKnownYet(at: arguments.range, help: []) }
      // Only what has the same digest can be equal.
      var places: [Int: [Int]] = [:]
      for value in try elements(of: try arguments(sequence), at: arguments.range(of: sequence)) {
        try arguments.runtime.countRound(at: arguments.range)
        if case .number(let number) = value, number.isNaN {
          kept.append(value)
          continue
        }
        let digest = value.digest
        let alike = places[digest, default: []]
        if alike.contains(where: { areEqual(kept[$0], value) }) { continue }
        places[digest, default: []].append(kept.count)
        kept.append(value)
      }
      return try regathered(kept, arguments)
    },
    BuiltinFunction(
      "contains", .lists, "Whether a list has an element, a string a part, a record a field.",
      parameters: [sequence.parameter, element.parameter],
      examples: [.init("contains [1, 2] 2", prints: "true")]
    ) { arguments throws(Failure) in
      let sought = try arguments(element)
      let all = try arguments(sequence)
      if sought.isOpen || all.isOpen {
        throw notKnownYet(
          at: arguments.range, help: ["max(eq(xs, x)) is 1 where one of the numbers is x"])
      }
      switch (all, sought) {
      case (.string(let text), .string(let part)):
        return .truth(text.contains(part: part))
      case (.record(let record), .string(let name)): return .truth(record[name] != nil)
      case (let value, _):
        return .truth(
          try elements(of: value, at: arguments.range(of: sequence))
            .contains { areEqual($0, sought) })
      }
    },
    BuiltinFunction(
      "fields", .lists, "The names of the fields that a record, net, run, data set or report has.",
      parameters: [owner.parameter],
      examples: [.init("fields [a: 1, b: 2]", prints: "[\"a\", \"b\"]")]
    ) { arguments throws(Failure) in
      let value = try arguments(owner)
      guard let names = fieldNames(of: value) else {
        throw Failure(
          "\(value.kind) has no fields", at: arguments.range(of: owner), label: value.kind)
      }
      return .list(names.map { .string($0) })
    },
  ]

  /// Numbers of eight bytes that a list of two takes, about.
  private static let pairSize = 16
  /// Numbers of eight bytes that a value in a list takes.
  private static let valueSize = MemoryLayout<Value>.stride / MemoryLayout<Double>.stride
  private static let sequence = Key.any("xs", "A list, vector, matrix (its rows) or string.")
  private static let other = Key.any("ys", "Another list.")
  private static let element = Key.any("x", "The element.")
  private static let start = Key.any("start", "What to begin with.")
  private static let function = Key.function("f", "The function.")
  private static let owner = Key.any("x", "A record, net, run, data set or report.")
  private static let descending = Key.truth(
    "descending", .truth(false), "Whether the largest comes first.")

  /// Lists of different things stay lists, vectors vectors and matrices matrices.
  @Sendable private static func grow(
    _ whole: inout Value, _ element: Value, _ runtime: Runtime, _ range: SourceRange
  ) throws(Failure) -> Bool {
    guard let shape = whole.shape else { return try growList(&whole, element, runtime, range) }
    switch element {
    case .number(let number) where shape.rank == 1:
      try runtime.charge(elements: shape.count + 1, at: range)
      guard var tensor = whole.takeTensor() else { return false }
      tensor.append(number)
      whole = .tensor(tensor)
    case .tensor(let row) where shape.rank == 2 && row.shape == .vector(shape.columns):
      try runtime.charge(rows: shape.rows + 1, columns: shape.columns, at: range)
      guard var tensor = whole.takeTensor() else { return false }
      tensor.append(row: row.elements)
      whole = .tensor(tensor)
    default: return false
    }
    return true
  }

  private static func growList(
    _ whole: inout Value, _ element: Value, _ runtime: Runtime, _ range: SourceRange
  ) throws(Failure) -> Bool {
    guard var list = whole.takeList() else { return false }
    defer { whole = .list(list) }
    // One that could be a vector or a matrix is one.
    guard let first = list.first, let last = list.last,
      first.shape == nil || first.shape?.rank == 2 || first.shape != last.shape
    else { return false }
    try runtime.charge(elements: list.count + 1, at: range)
    list.append(element)
    return true
  }

  /// An empty list with room for `count` values, charged.
  private static func room(
    for count: Int, _ arguments: Arguments
  ) throws(Failure) -> [Value] {
    try arguments.runtime.charge(scratch: valueSize * count, at: arguments.range)
    var values: [Value] = []
    values.reserveCapacity(count)
    return values
  }

  /// A list of lists of two, charged.
  private static func pairs(
    _ pairs: some Sequence<(Value, Value)>, count: Int, _ arguments: Arguments
  ) throws(Failure) -> Value {
    try arguments.runtime.charge(scratch: pairSize * count, at: arguments.range)
    var list = try room(for: count, arguments)
    for (first, second) in pairs {
      try arguments.runtime.countRound(at: arguments.range)
      list.append(.list([first, second]))
    }
    return .list(List(list))
  }

  private static func regathered(
    _ values: [Value], _ arguments: Arguments
  ) throws(Failure) -> Value {
    try arguments.runtime.charge(elements: values.count, at: arguments.range)
    guard let first = values.first?.shape,
      values.allSatisfy({ $0.shape == first && first.rank < 2 })
    else { return values.isEmpty ? .tensor(Tensor(vector: [])) : .list(values) }
    let isTraced = values.contains { if case .traced = $0 { true } else { false } }
    if isTraced {
      return try gather(
        values, ranges: Array(repeating: arguments.range, count: values.count), names: [])
    }
    let count = values.count * first.count
    try arguments.runtime.charge(elements: count, at: arguments.range)
    var numbers: [Double] = []
    numbers.reserveCapacity(count)
    for value in values {
      if let number = value.number {
        numbers.append(number)
      } else if let tensor = value.tensor {
        numbers.append(contentsOf: tensor.elements)
      }
    }
    return .tensor(
      Tensor(first.rank == 0 ? .vector(count) : .matrix(values.count, first.count), numbers))
  }

  private static func order(_ arguments: Arguments) throws(Failure) -> [Int] {
    let descends = try arguments(descending)
    if case .tensor(let tensor) = try arguments(sequence), tensor.shape.rank == 1 {
      return sortedOrder(of: tensor.elements, descending: descends)
    }
    let all = try elements(of: try arguments(sequence), at: arguments.range(of: sequence))
    if all.allSatisfy({ $0.number != nil }) {
      return sortedOrder(of: all.map { $0.number ?? 0 }, descending: descends)
    }
    var texts: [String] = []
    for value in all {
      guard case .string(let text) = value else {
        throw Failure(
          "only numbers or only strings can be put in order", at: arguments.range(of: sequence),
          label: value.kind)
      }
      texts.append(text)
    }
    return texts.indices.sorted { a, b in
      texts[a] == texts[b] ? a < b : descends ? texts[a] > texts[b] : texts[a] < texts[b]
    }
  }
}
