import Assistance
import Interchange
import Syntax

/// A text as an editor has it, whose places are lines and units within them, both from 0.
struct PlacedText {
  struct Position: Equatable {
    var line: Int
    var character: Int
  }

  private(set) var bytes: [UInt8]
  /// Where lines begin. The protocol ends them with `\n`, `\r\n` or `\r`.
  private var starts: [Int] = []

  init(_ text: String) {
    bytes = Array(text.utf8)
    findLines()
  }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  private mutating func findLines() {
    starts = [0]
    for (place, byte) in bytes.enumerated() {
      let isEnd =
        byte == 0x0A || byte == 0x0D && !(place + 1 < bytes.count && bytes[place + 1] == 0x0A)
      if isEnd { starts.append(place + 1) }
    }
  }

  /// The bytes of a line without its end.
  private func range(ofLine line: Int) -> Range<Int> {
    var end = line + 1 < starts.count ? starts[line + 1] : bytes.count
    let start = starts[line]
    while end > start, line + 1 < starts.count, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D {
      end -= 1
    }
    return start..<end
  }

  /// What lies behind the end of a line or of the text is its end.
  func offset(of position: Position, _ units: TextUnits) -> Int {
    guard position.line >= 0 else { return 0 }
    guard position.line < starts.count else { return bytes.count }
    let range = range(ofLine: position.line)
    let line = String(decoding: bytes[range], as: UTF8.self)
    return range.lowerBound + min(range.count, units.byte(in: line, afterUnits: position.character))
  }

  func position(of offset: Int, _ units: TextUnits) -> Position {
    let offset = min(max(offset, 0), bytes.count)
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    let line = String(decoding: bytes[starts[low]..<offset], as: UTF8.self)
    return Position(line: low, character: units.count(in: line, beforeByte: .max))
  }

  mutating func replace(_ start: Position, _ end: Position, by text: String, _ units: TextUnits) {
    let (first, last) = (offset(of: start, units), offset(of: end, units))
    bytes.replaceSubrange(min(first, last)..<max(first, last), with: text.utf8)
    findLines()
  }
}

/// A script that is open in the editor.
final class TextDocument {
  let uri: String
  var version: Int?
  var text: PlacedText
  /// Whether its diagnostics are to be sent.
  var isChanged = true
  private var known: ScriptAnalysis?

  init(uri: String, version: Int?, text: String) {
    self.uri = uri
    self.version = version
    self.text = PlacedText(text)
  }

  func forget() {
    known = nil
    isChanged = true
  }

  func analysis(_ make: (String) -> ScriptAnalysis) -> ScriptAnalysis {
    if let known { return known }
    let analysis = make(text.text)
    known = analysis
    return analysis
  }

  /// Whether what is known of it depends on other scripts.
  var hasImports: Bool { known?.hasImports ?? true }
}
