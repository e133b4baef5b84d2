import Differentiation
import Foundation

/// A JSON document of golden numbers.
package indirect enum Fixture: Decodable {
  case number(Double)
  case text(String)
  case list([Fixture])
  case object([String: Fixture])
  case nothing

  package enum Failure: Error {
    case missing(String)
    case notNumeric
  }

  package static func load(_ name: String) throws -> Fixture {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Numbers/\(name).json")
    return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: url))
  }

  package init(from decoder: any Decoder) throws {
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
  package func at(_ path: String...) throws -> Fixture {
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

  package var keys: [String] {
    if case .object(let members) = self { return members.keys.sorted() }
    return []
  }

  package var isNothing: Bool {
    if case .nothing = self { return true }
    return false
  }

  package func list() throws -> [Fixture] {
    guard case .list(let members) = self else { throw Failure.notNumeric }
    return members
  }

  package func number() throws -> Double {
    guard case .number(let number) = self else { throw Failure.notNumeric }
    return number
  }

  package func text() throws -> String {
    guard case .text(let text) = self else { throw Failure.notNumeric }
    return text
  }

  /// All numbers in reading order, whatever their nesting.
  package func numbers() throws -> [Double] {
    switch self {
    case .number(let number): return [number]
    case .list(let members): return try members.flatMap { try $0.numbers() }
    default: throw Failure.notNumeric
    }
  }

  package func matrix() throws -> Tensor {
    let rows = try list()
    let elements = try numbers()
    return Tensor(.matrix(rows.count, elements.count / rows.count), elements)
  }
}
