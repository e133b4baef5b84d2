extension NoteFormat {
  /// `lstlisting` and `minted` in the language; results in `verbatim`, or a listing without one.
  ///
  /// A line `% bp hidden` sets up: the comment lines behind it are code, or the listing is that
  /// follows at once.
  static let latex = NoteFormat(name: "LaTeX", extensions: ["tex", "ltx", "latex"]) { lines in
    var blocks: [NoteBlock] = []
    var place = 0
    var isHidden = false
    while place < lines.count {
      let line = lines[place].trimmed
      if line.hasPrefix("%"), line.dropFirst().split(separator: " ") == ["bp", "hidden"] {
        let start = place + 1
        place = start
        while place < lines.count, lines[place].trimmed.hasPrefix("%") { place += 1 }
        isHidden = start == place
        if !isHidden {
          blocks.append(hiddenComments(start..<place, lines))
        }
        continue
      }
      guard let listing = Listing(line) else {
        place += 1
        isHidden = isHidden && line.isEmpty
        continue
      }
      let start = place + 1
      place = start
      while place < lines.count, !lines[place].contains("\\end{\(listing.environment)}") {
        place += 1
      }
      blocks.append(
        NoteBlock(
          role: listing.role(isHidden: isHidden), lines: start..<place,
          margin: commonMargin(lines[start..<place])))
      isHidden = false
      place += 1
    }
    return blocks
  }

  private static func hiddenComments(_ range: Range<Int>, _ lines: [String]) -> NoteBlock {
    let isSpaced = lines[range].allSatisfy { $0.trimmed == "%" || $0.trimmed.hasPrefix("% ") }
    let margin = lines[range.lowerBound].margin + (isSpaced ? "% " : "%")
    return NoteBlock(role: .code(isHidden: true), lines: range, margin: margin)
  }

  /// The blanks that all lines begin with.
  static func commonMargin(_ lines: ArraySlice<String>) -> String {
    let margins = lines.filter { !$0.trimmed.isEmpty }.map { $0.margin }
    return margins.min { $0.count < $1.count } ?? ""
  }

  /// `\begin{lstlisting}[language=bplang]`, `\begin{minted}[…]{bplang}`, `\begin{verbatim}`
  private struct Listing {
    let environment: String
    private let rest: Substring

    init?(_ line: String) {
      guard
        let known = ["lstlisting", "minted", "verbatim", "Verbatim"].first(where: {
          line.hasPrefix("\\begin{\($0)}")
        })
      else { return nil }
      environment = known
      rest = line.dropFirst("\\begin{\(known)}".count)
    }

    func role(isHidden: Bool) -> NoteBlock.Role {
      switch language {
      case nil, "text": .result
      case let language? where NoteFormat.languages.contains(language.lowercased()):
        .code(isHidden: isHidden)
      default: .other
      }
    }

    private var language: String? {
      if environment == "minted" {
        guard let open = rest.lastIndex(of: "{"), let close = rest.lastIndex(of: "}"), open < close
        else { return nil }
        return String(rest[rest.index(after: open)..<close])
      }
      guard environment == "lstlisting" else { return nil }
      for option in rest.split(whereSeparator: { "[],".contains($0) }) {
        let sides = option.split(separator: "=", maxSplits: 1).map { String($0).trimmed }
        if sides.count == 2, sides[0] == "language" { return sides[1] }
      }
      return nil
    }
  }
}
