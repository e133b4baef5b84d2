/// Elements of XML, indented by two.
struct QuizXML {
  private(set) var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  private var open: [String] = []

  mutating func begin(_ name: String, _ attributes: [(String, String)] = []) {
    line("<\(name)\(Self.written(attributes))>")
    open.append(name)
  }

  mutating func end() {
    guard let name = open.popLast() else { return }
    line("</\(name)>")
  }

  mutating func element(
    _ name: String, _ content: String, _ attributes: [(String, String)] = []
  ) {
    line("<\(name)\(Self.written(attributes))>\(Self.escaped(content))</\(name)>")
  }

  /// `<name format="html"><text>…</text></name>`
  /// - Parameter files: what the text shows, by name and in base64.
  mutating func html(_ name: String, _ content: String, files: [QuizFile] = []) {
    begin(name, [("format", "html")])
    element("text", content)
    for file in files {
      element(
        "file", file.base64, [("name", file.name), ("path", "/"), ("encoding", "base64")])
    }
    end()
  }

  /// `<name><text>…</text></name>`
  mutating func text(_ name: String, _ content: String) {
    begin(name)
    element("text", content)
    end()
  }

  private mutating func line(_ line: String) {
    text += String(repeating: "  ", count: open.count) + line + "\n"
  }

  private static func written(_ attributes: [(String, String)]) -> String {
    attributes.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined()
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default:
        let isForbidden =
          scalar.value < 0x20 || 0x7F...0x9F ~= scalar.value || 0xFFFE...0xFFFF ~= scalar.value
        result.unicodeScalars.append(isForbidden ? "\u{FFFD}" : scalar)
      }
    }
    return result
  }
}

/// A picture that a question shows.
struct QuizFile {
  let name: String
  let base64: String
}
