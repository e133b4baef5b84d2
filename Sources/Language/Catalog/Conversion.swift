import Differentiation
import Learning

extension Parameter.Kind {
  /// The value as this kind reads it; nil where it does not fit.
  func converted(_ value: Value) -> Value? {
    switch self {
    case .any: return value
    case .number(let range):
      guard let number = value.number, range.contains(number) else { return nil }
      if case .traced = value { return value }
      return .number(number)
    case .wholeNumber(let range):
      guard let number = value.number, let whole = Int(exactly: number), range.contains(whole)
      else { return nil }
      return .number(number)
    case .truth: if case .truth = value { return value }
    case .string, .bareWord: if case .string = value { return value }
    case .numeric: return value.isNumeric ? value : nil
    case .vector:
      if case .vector? = value.shape { return value }
      if case .traced(let node) = value, node.shape.count == 1 {
        return (try? node.reshaped(.vector(1))).map { .traced($0) }
      }
      if let number = value.number { return .tensor(.init(vector: [number])) }
    case .matrix: if case .matrix? = value.shape { return value }
    case .list:
      if case .list = value { return value }
      if case .tensor(let tensor) = value, tensor.shape.rank == 1 {
        return .list(tensor.elements.map { .number($0) })
      }
    case .record: if case .record = value { return value }
    case .function: if case .function = value { return value }
    case .network:
      if case .network = value { return value }
      if case .run(let run) = value { return .network(run.network) }
    case .data:
      if case .data = value { return value }
      if case .function(let function) = value {
        return function.prepared?.table.map { .data($0) }
      }
    case .samples:
      if case .stream = value { return value }
      if case .function(let function) = value { return function.prepared.map { Value($0) } }
      return Parameter.Kind.data.converted(value)
    case .run: if case .run = value { return value }
    case .choice(let kind):
      if case .choice(let choice) = value, choice.kind == kind { return value }
      if case .string(let text) = value {
        return Choice.named(text, kind: kind).map { .choice($0) }
      }
      if case .function(let function) = value {
        // relu kept in a variable or handed to a user's function is still the built-in one.
        if case .builtin = function.body, let choice = Choice.named(function.name, kind: kind) {
          return .choice(choice)
        }
        return kind.takesFunctions ? value : nil
      }
    case .word(let words): if case .string(let text) = value, words.contains(text) { return value }
    case .either(let kinds):
      for kind in kinds {
        if let converted = kind.converted(value) { return converted }
      }
    case .alternatives(let kind):
      if let one = kind.converted(value) { return .list([one]) }
      guard let parts = value.parts, !parts.isEmpty else { return nil }
      let converted = parts.compactMap { kind.converted($0) }
      return converted.count == parts.count ? .list(converted) : nil
    }
    return nil
  }
}

extension Choice.Kind {
  /// Whether a user's function can stand for one.
  var takesFunctions: Bool {
    switch self {
    case .activation, .loss, .schedule, .optimizer: true
    case .initializer, .data: false
    }
  }
}
