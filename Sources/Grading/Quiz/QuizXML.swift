import Explanation

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
    line("<\(name)\(Self.written(attributes))>\(MathMLWriter.escaped(content))</\(name)>")
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
    attributes.map { " \($0.0)=\"\(MathMLWriter.escaped($0.1))\"" }.joined()
  }
}

/// A picture that a question shows.
struct QuizFile {
  let name: String
  let base64: String
}
