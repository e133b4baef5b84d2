import Interchange

extension JSON {
  static func record(_ members: KeyValuePairs<String, JSON>) -> JSON {
    .object(members.map { Member($0.key, $0.value) })
  }

  static func integer(_ number: Int) -> JSON { .number(Double(number)) }

  var integer: Int? { number.flatMap { Int(exactly: $0) } }

  /// What a way of names leads to.
  func at(_ names: String...) -> JSON? {
    var value: JSON? = self
    for name in names { value = value?[name] }
    return value
  }

  /// On one line. Numbers of the protocol are finite.
  var line: String {
    do throws(FormatError) {
      return String(decoding: try bytes(), as: UTF8.self)
    } catch {
      return "null"
    }
  }
}
