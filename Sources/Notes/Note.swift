import Language

/// A file of notes whose numbers are checked: its blocks of bp are run, and what is written as their
/// results is compared with what comes.
package struct Note {
  /// Something that a note says and bp does not.
  package struct Difference: Equatable {
    /// Counted from 1.
    package let line: Int
    /// What is wrong, in a few words.
    package let message: String
    package var written: String?
    package var found: String?
  }

  private let path: String
  private let format: NoteFormat
  private var lines: [String]
  /// How many blocks were run.
  package private(set) var blockCount = 0
  package private(set) var differences: [Difference] = []
  /// Pictures that are to be written beside the note, where it is brought up to date.
  package private(set) var pictures: [(path: String, bytes: [UInt8])] = []

  private static let pictureEndings = [".svg", ".png", ".tex", ".html"]

  package init(_ text: String, path: String, format: NoteFormat) {
    (self.path, self.format) = (path, format)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasSuffix("\r") ? String(line.dropLast()) : String(line)
    }
  }

  /// The note, after `run` with its results as they come.
  package var text: String { lines.joined(separator: "\n") }

  /// Runs all blocks.
  /// - Parameters:
  ///   - isEachAlone: whether every block is a session of its own.
  ///   - updates: whether results that differ are replaced.
  package mutating func run(
    catalog: Catalog, host: Host, isEachAlone: Bool = false, updates: Bool = false
  ) {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    func makeSession() -> NoteSession {
      NoteSession(name: name, path: path, host: host, catalog: catalog)
    }
    var session = makeSession()
    let blocks = format.blocks(lines)
    var edits: [(range: Range<Int>, lines: [String])] = []
    for (place, block) in blocks.enumerated() {
      guard case .code(let isHidden) = block.role else { continue }
      blockCount += 1
      if isEachAlone { session = makeSession() }
      let code = block.content(of: lines)
      let outcome = session.run(code, firstLine: block.lines.lowerBound)
      let marks = ResultMarks(code, firstLine: block.lines.lowerBound)
      let result = isHidden ? nil : result(of: block, marks, in: blocks[(place + 1)...])
      compareErrors(outcome, marks, result)
      edits += compare(outcome, marks, block, result)
      comparePictures(session.takeWritten(), host, at: block)
    }
    guard updates else { return }
    for edit in edits.reversed() { lines.replaceSubrange(edit.range, with: edit.lines) }
  }

  // MARK: Comparing

  private mutating func compareErrors(
    _ outcome: NoteOutcome, _ marks: ResultMarks, _ result: NoteBlock?
  ) {
    // A result may show an error as it is written.
    if let result, result.content(of: lines).contains(where: { $0.hasPrefix("error:") }) { return }
    var expected = marks.errors
    for error in outcome.errors {
      if let known = expected.firstIndex(where: { $0 == (error.line, error.message) }) {
        expected.remove(at: known)
      } else {
        differences.append(
          Difference(line: error.line + 1, message: "an error: \(error.message)"))
      }
    }
    for missing in expected {
      differences.append(
        Difference(
          line: missing.line + 1, message: "no such error comes", written: missing.message))
    }
  }

  /// The block that says what the code comes to: the next one, where it has no language. Behind code
  /// with results of its own it is what else is printed, and follows at once.
  private func result(
    of code: NoteBlock, _ marks: ResultMarks, in later: ArraySlice<NoteBlock>
  ) -> NoteBlock? {
    guard let next = later.first, next.role == .result else { return nil }
    let between = lines[code.lines.upperBound..<next.lines.lowerBound]
    // Signs that open and close blocks are no prose.
    let follows = between.allSatisfy { line in
      ["", "`", "~", ":", ".", "\\"].contains { start in
        start.isEmpty ? line.trimmed.isEmpty : line.trimmed.hasPrefix(start)
      }
    }
    return marks.isEmpty || follows ? next : nil
  }

  /// - Returns: what has to stand where, so that nothing differs.
  private mutating func compare(
    _ outcome: NoteOutcome, _ marks: ResultMarks, _ block: NoteBlock, _ result: NoteBlock?
  ) -> [(range: Range<Int>, lines: [String])] {
    guard !marks.outputs.isEmpty || result != nil else { return [] }
    let below = result?.content(of: lines) ?? []
    let written = marks.outputs.map { $0.text } + below
    let errors = Self.errors(of: outcome, asIn: below, firstLine: block.lines.lowerBound)
    let all = [outcome.printed, outcome.shown].map { $0 + errors }
    guard all.allSatisfy({ !NoteComparison.holds(written, $0) }),
      let place = NoteComparison.firstDifference(written, all[0])
    else { return [] }
    let inMarks = place.written < marks.outputs.count
    let line: Int
    if inMarks || result == nil {
      line = marks.outputs[min(place.written, marks.outputs.count - 1)].line
    } else {
      line = (result?.lines.lowerBound ?? 0) + place.written - marks.outputs.count
    }
    differences.append(
      Difference(
        line: line + 1, message: "another result comes", written: written.element(place.written),
        found: all[0].element(place.found)))
    var edits: [(range: Range<Int>, lines: [String])] = []
    // Where the prompt alone shows something, that is what is meant.
    let new = outcome.printed.isEmpty ? all[1] : all[0]
    let count = result == nil ? new.count : min(marks.outputs.count, new.count)
    if !marks.outputs.isEmpty {
      let code = marks.rewritten(block.content(of: lines), with: Array(new[..<count]))
      edits.append((block.lines, code.map { $0.isEmpty ? "" : block.margin + $0 }))
    }
    if let result {
      let rest = new[(marks.outputs.isEmpty ? 0 : count)...]
      edits.append((result.lines, rest.map { $0.isEmpty ? "" : result.margin + $0 }))
    }
    return edits
  }

  /// The errors as they are written, where a result shows some: with the name of the file that it has
  /// and the lines of the block alone.
  private static func errors(
    of outcome: NoteOutcome, asIn result: [String], firstLine: Int
  ) -> [String] {
    guard result.contains(where: { $0.hasPrefix("error:") }) else { return [] }
    let name = result.compactMap { $0.text(behind: "--> ") }.first?.text(before: ":")
    return outcome.errors.flatMap { error in
      error.text(name ?? "note", firstLine).split(separator: "\n").map(String.init)
    }
  }

  private mutating func comparePictures(
    _ written: [(path: String, bytes: [UInt8])], _ host: Host, at block: NoteBlock
  ) {
    for (path, bytes) in written
    where Self.pictureEndings.contains(where: { path.lowercased().hasSuffix($0) }) {
      let old = host.files.read(path)
      if case .success(let old) = old, old == bytes { continue }
      pictures.append((path, bytes))
      let line =
        block.lines.first { number in
          lines[number].containsText(path.split(separator: "/").last.map(String.init) ?? path)
        } ?? block.lines.lowerBound
      let message = if case .success = old { "is out of date" } else { "is not there" }
      differences.append(Difference(line: line + 1, message: "\(path) \(message)"))
    }
  }
}

extension Array {
  fileprivate func element(_ place: Int) -> Element? { indices.contains(place) ? self[place] : nil }
}
