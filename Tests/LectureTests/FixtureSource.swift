import GoldenNumbers

extension Fixture {
  /// The numbers as the language writes them.
  func source() throws -> String {
    switch self {
    case .number(let number): "\(number)"
    case .list(let members):
      try "[" + members.map { try $0.source() }.joined(separator: ", ") + "]"
    default: throw Failure.notNumeric
    }
  }

  /// Statements that give a net the weights and biases of a setup.
  func assignments(to net: String) throws -> String {
    var text = ""
    for (place, weights) in try at("W").list().enumerated() {
      text += "\(net).W\(place + 1) = \(try weights.source())\n"
    }
    guard let biases = try? at("b"), !biases.isNothing else { return text }
    for (place, numbers) in try biases.list().enumerated() {
      text += "\(net).b\(place + 1) = \(try numbers.source())\n"
    }
    return text
  }
}
