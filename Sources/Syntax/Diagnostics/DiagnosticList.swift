/// Errors found so far, up to a number after which nobody reads on.
struct DiagnosticList {
  private let limit: Int
  private var all: [Diagnostic] = []
  private var isFull = false

  init(limit: Int) {
    self.limit = limit
  }

  mutating func report(_ diagnostic: Diagnostic) {
    guard all.count < limit else {
      isFull = true
      return
    }
    all.append(diagnostic)
  }

  /// In the order of the text.
  var sorted: [Diagnostic] {
    var sorted = all.enumerated().sorted {
      ($0.element.range.start, $0.offset) < ($1.element.range.start, $1.offset)
    }.map { $0.element }
    if isFull, let last = sorted.last {
      sorted.append(
        Diagnostic(
          .syntax, "there are more errors than these \(limit)", at: last.range,
          label: "the last that is shown"))
    }
    return sorted
  }
}
