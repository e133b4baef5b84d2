import Differentiation
import Foundation
import Testing

/// A JSON document of golden numbers.
indirect enum Fixture: Decodable {
  case number(Double)
  case text(String)
  case list([Fixture])
  case object([String: Fixture])
  case nothing

  enum Failure: Error {
    case missing(String)
    case notNumeric
  }

  /// - Parameter tests: whose fixture it is.
  static func load(_ name: String, of tests: String = "LectureTests") throws -> Fixture {
    let text = try Shelf.text("Tests/\(tests)/Fixtures/\(name).json")
    return try JSONDecoder().decode(Fixture.self, from: Data(text.utf8))
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .nothing
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let flag = try? container.decode(Bool.self) {
      self = .number(flag ? 1 : 0)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([Fixture].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: Fixture].self))
    }
  }

  /// The member at a path of keys and positions: `at("expected", "W", "0")`.
  func at(_ path: String...) throws -> Fixture {
    var current = self
    for key in path {
      switch current {
      case .object(let members):
        guard let member = members[key] else { throw Failure.missing(key) }
        current = member
      case .list(let members):
        guard let index = Int(key), members.indices.contains(index) else {
          throw Failure.missing(key)
        }
        current = members[index]
      default: throw Failure.missing(key)
      }
    }
    return current
  }

  var keys: [String] {
    if case .object(let members) = self { return members.keys.sorted() }
    return []
  }

  var isNothing: Bool {
    if case .nothing = self { return true }
    return false
  }

  func list() throws -> [Fixture] {
    guard case .list(let members) = self else { throw Failure.notNumeric }
    return members
  }

  func number() throws -> Double {
    guard case .number(let number) = self else { throw Failure.notNumeric }
    return number
  }

  func text() throws -> String {
    guard case .text(let text) = self else { throw Failure.notNumeric }
    return text
  }

  /// All numbers in reading order, whatever their nesting.
  func numbers() throws -> [Double] {
    switch self {
    case .number(let number): return [number]
    case .list(let members): return try members.flatMap { try $0.numbers() }
    default: throw Failure.notNumeric
    }
  }

  func matrix() throws -> Tensor {
    let rows = try list()
    let elements = try numbers()
    return Tensor(.matrix(rows.count, elements.count / rows.count), elements)
  }
}

/// Records an issue unless the numbers agree within `absolute + relative·|expected|` each.
func expectClose(
  _ got: [Double], _ expected: [Double], relative: Double = 1e-12, absolute: Double = 1e-15,
  _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  guard got.count == expected.count else {
    Issue.record(
      "\(what): \(got.count) numbers, not \(expected.count)", sourceLocation: sourceLocation)
    return
  }
  for (index, (a, b)) in zip(got, expected).enumerated()
  where !(abs(a - b) <= absolute + relative * abs(b)) {
    Issue.record(
      "\(what)[\(index)] is \(a), not \(b) (off by \(a - b))", sourceLocation: sourceLocation)
  }
}

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
