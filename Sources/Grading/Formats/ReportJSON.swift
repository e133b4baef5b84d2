import Rendering
import Syntax

/// A document of JSON (RFC 8259) that a report is written into. What a terminal would obey or
/// nobody sees is escaped, so that it reads back as it was and does nothing when it is shown.
indirect enum ReportJSON {
  case null
  case truth(Bool)
  /// `null` where it is not finite, which JSON cannot say.
  case number(Double)
  case text(String)
  case list([ReportJSON])
  case object([(name: String, value: ReportJSON)])

  static func texts(_ texts: [String]) -> ReportJSON { .list(texts.map { .text($0) }) }
  static func text(orNull text: String?) -> ReportJSON { text.map { .text($0) } ?? .null }

  /// With a line for each member, the last line ended.
  var document: String {
    var output = ""
    append(to: &output, depth: 0)
    return output + "\n"
  }

  private var isSimple: Bool {
    switch self {
    case .list(let list): list.isEmpty
    case .object(let members): members.isEmpty
    case .null, .truth, .number, .text: true
    }
  }

  private func append(to output: inout String, depth: Int) {
    let line = "\n" + String(repeating: "  ", count: depth)
    switch self {
    case .null: output += "null"
    case .truth(let truth): output += truth ? "true" : "false"
    case .number(let number):
      output += number.isFinite ? NumberStyle.standard.text(number) : "null"
    case .text(let text): output += Self.quoted(text)
    case .list(let list):
      let isShort = list.allSatisfy { $0.isSimple }
      output += "["
      for (place, value) in list.enumerated() {
        if place > 0 { output += isShort ? ", " : "," }
        if !isShort { output += line + "  " }
        value.append(to: &output, depth: depth + 1)
      }
      output += isShort ? "]" : line + "]"
    case .object(let members):
      output += "{"
      for (place, member) in members.enumerated() {
        if place > 0 { output += "," }
        output += line + "  " + Self.quoted(member.name) + ": "
        member.value.append(to: &output, depth: depth + 1)
      }
      output += members.isEmpty ? "}" : line + "}"
    }
  }

  /// In quotes; every escape is one that YAML reads alike.
  static func quoted(_ text: String) -> String {
    let quoted = DiagnosticRenderer.quoted(text)
    guard quoted.unicodeScalars.contains(where: ReportText.isUnheld) else { return quoted }
    return quoted.unicodeScalars.reduce(into: "") { result, scalar in
      guard ReportText.isUnheld(scalar) else { return result.unicodeScalars.append(scalar) }
      let code = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
    }
  }
}
