/// Results that stand in the code: `# → text` for a line of output, `# error: text` for an error on
/// this line or the one above.
struct ResultMarks {
  struct Mark {
    /// Of the file, counted from 0.
    let line: Int
    let text: String
  }

  private(set) var outputs: [Mark] = []
  private(set) var errors: [(line: Int, message: String)] = []
  private let firstLine: Int

  private static let output = "# →"
  private static let error = "# error:"

  init(_ code: [String], firstLine: Int) {
    self.firstLine = firstLine
    for (number, line) in code.enumerated() {
      if let text = line.text(behind: Self.output) {
        outputs.append(Mark(line: firstLine + number, text: text))
      } else if let text = line.text(behind: Self.error) {
        let isAlone = line.withoutMargin.hasPrefix(Self.error)
        errors.append((firstLine + number - (isAlone ? 1 : 0), text))
      }
    }
  }

  var isEmpty: Bool { outputs.isEmpty && errors.isEmpty }

  /// The code with other results: in the places of the old ones, as far as there are as many.
  func rewritten(_ code: [String], with results: [String]) -> [String] {
    var result: [String] = []
    var left = results[...]
    for (number, line) in code.enumerated() {
      guard let place = outputs.firstIndex(where: { $0.line == firstLine + number }),
        let stem = line.text(before: Self.output)
      else {
        result.append(line)
        continue
      }
      if let next = left.popFirst() {
        result.append("\(stem)\(Self.output) \(next)")
      } else if !stem.trimmed.isEmpty {
        result.append(String(stem.reversed().drop { $0 == " " }.reversed()))
      }
      if place == outputs.count - 1 {
        result += left.map { "\(Self.output) \($0)" }
        left = []
      }
    }
    return result
  }
}

extension String {
  func containsText(_ part: String) -> Bool { text(before: part) != nil }

  func text(before mark: String) -> String? { sides(of: mark).map { String($0.before) } }

  /// Without the first blank.
  func text(behind mark: String) -> String? {
    sides(of: mark).map { String($0.behind.hasPrefix(" ") ? $0.behind.dropFirst() : $0.behind) }
  }

  private func sides(of mark: String) -> (before: Substring, behind: Substring)? {
    var place = startIndex
    while place < endIndex {
      if self[place...].hasPrefix(mark) {
        return (self[..<place], self[index(place, offsetBy: mark.count)...])
      }
      place = index(after: place)
    }
    return nil
  }
}
