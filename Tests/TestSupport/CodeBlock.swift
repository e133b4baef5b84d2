import Foundation

/// A block of code of a page in Markdown: fenced, or indented by four blanks.
package struct CodeBlock: Sendable {
  /// The path of the page in the project.
  package let page: String
  /// Where its first line stands.
  package let line: Int
  /// What stands behind the opening fence: `bp`; nil for an indented block.
  package let language: String?
  package let lines: [String]

  package static func all(in page: String) throws -> [CodeBlock] {
    var blocks: [CodeBlock] = []
    var open: (language: String?, line: Int, lines: [String])?
    func close() {
      guard var block = open else { return }
      while block.language == nil, block.lines.last == "" { block.lines.removeLast() }
      blocks.append(
        CodeBlock(page: page, line: block.line, language: block.language, lines: block.lines))
      open = nil
    }
    var isBehindBlank = true
    for (number, line) in zip(1..., try Project.text(page).components(separatedBy: "\n")) {
      let isBlank = line.allSatisfy { $0 == " " }
      if let block = open, block.language != nil {
        if line == "```" { close() } else { open?.lines.append(line) }
      } else if open != nil, isBlank || line.hasPrefix("    ") {
        open?.lines.append(String(line.dropFirst(4)))
      } else {
        close()
        if line.hasPrefix("```") {
          open = (String(line.dropFirst(3)), number + 1, [])
        } else if isBehindBlank, !isBlank, line.hasPrefix("    ") {
          open = (nil, number, [String(line.dropFirst(4))])
        }
      }
      isBehindBlank = isBlank
    }
    close()
    return blocks
  }
}
