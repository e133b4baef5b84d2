import Glibc
import Interchange

/// What was run in this kernel, as front ends ask for it.
struct InputHistory {
  private struct Entry {
    let line: Int
    let input: String
    var output: String?
  }

  private var entries: [Entry] = []
  /// This kernel is the first session there is.
  private static let session = 1

  mutating func add(_ input: String, line: Int) {
    entries.append(Entry(line: line, input: input))
  }

  mutating func setOutput(_ output: String, ofLine line: Int) {
    guard let place = entries.lastIndex(where: { $0.line == line }) else { return }
    entries[place].output = output
  }

  /// - Parameter request: the content of a `history_request`.
  func answer(to request: JSON) -> JSON {
    var chosen: [Entry]
    switch request["hist_access_type"]?.text {
    case "range":
      let session = request["session"]?.wholeNumber ?? 0
      let start = request["start"]?.wholeNumber ?? 0
      let stop = request["stop"]?.wholeNumber ?? .max
      chosen =
        session == 0 || session == Self.session
        ? entries.filter { $0.line >= start && $0.line < stop } : []
    case "search":
      let pattern = request["pattern"]?.text ?? "*"
      chosen = entries.filter { fnmatch(pattern, $0.input, 0) == 0 }
      if request["unique"]?.truth == true {
        var seen: Set<String> = []
        chosen = chosen.reversed().filter { seen.insert($0.input).inserted }.reversed()
      }
    default: chosen = entries
    }
    if request["hist_access_type"]?.text != "range", let count = request["n"]?.wholeNumber {
      chosen = Array(chosen.suffix(max(count, 0)))
    }
    let hasOutput = request["output"]?.truth == true
    return .record([
      ("status", .text("ok")),
      (
        "history",
        .list(
          chosen.map { entry in
            let input = JSON.text(entry.input)
            let output = entry.output.map { JSON.text($0) } ?? .null
            return .list([
              .number(Double(Self.session)), .number(Double(entry.line)),
              hasOutput ? .list([input, output]) : input,
            ])
          })
      ),
    ])
  }
}
