/// The characters that stand for classes, shades and lines, readable without colour.
struct CharacterMarks {
  let display: Display

  /// o for class 0, x for class 1, and so on.
  static func point(_ series: Int) -> Character {
    let marks: [Character] = ["o", "x", "+", "*", "@", "%", "&"]
    let rest = series % marks.count
    return marks[rest < 0 ? rest + marks.count : rest]
  }

  /// Where points of different classes share a cell.
  static let mixed: Character = "?"

  func shade(_ value: Double, _ scale: Field.Scale) -> Character {
    if value.isNaN { return display.isASCII ? "?" : "·" }
    switch scale {
    case .shades(let low, let high), .heights(let low, let high):
      let ramp = Array(display.isASCII ? " .:-=" : " ░▒▓")
      let share = Field.Scale.share(value, low: low, high: high)
      return ramp[min(max(Int(clamped: share * Double(ramp.count)), 0), ramp.count - 1)]
    case .signs(let limit):
      let share = limit > 0 ? min(abs(value) / limit, 1) : 0
      let ramp = Array(
        value < 0
          ? (display.isASCII ? " ,-=%" : " ·-=≡") : (display.isASCII ? " .+*#" : " ░▒▓█"))
      // Only what is nothing at all is blank.
      return value == 0 ? " " : ramp[min(max(Int(clamped: share * 4), 0) + 1, 4)]
    case .classes:
      let ramp = Array(display.isASCII ? " .:-=+*#" : " ░▒▓█")
      return ramp[Int(clamped: min(max(value, 0), Double(ramp.count - 1)))]
    }
  }

  /// The pieces of a curve: level, level seen from below, …
  struct Stroke {
    let level: Character
    let upright: Character
    /// Corners by the two sides they join.
    let leftUp: Character
    let leftDown: Character
    let rightUp: Character
    let rightDown: Character
  }

  func stroke(_ series: Int) -> Stroke {
    if display.isASCII {
      let marks: [Character] = ["*", "+", "o", "x", "#", "@"]
      let mark = marks[abs(series % marks.count)]
      return Stroke(
        level: mark, upright: mark, leftUp: mark, leftDown: mark, rightUp: mark, rightDown: mark)
    }
    let strokes = ["─│╯╮╰╭", "━┃┛┓┗┏", "═║╝╗╚╔", "┄┆╯╮╰╭", "┅┇┛┓┗┏", "╌╎╯╮╰╭", "┈┊╯╮╰╭"].map(
      Array.init)
    let pieces = strokes[abs(series % strokes.count)]
    return Stroke(
      level: pieces[0], upright: pieces[1], leftUp: pieces[2], leftDown: pieces[3],
      rightUp: pieces[4], rightDown: pieces[5])
  }

  /// A column of `eighths` of a cell, from nothing to full.
  func pillar(_ eighths: Int) -> Character {
    if display.isASCII { return eighths >= 4 ? "#" : " " }
    return Self.pillars[min(max(eighths, 0), 8)]
  }

  /// A bar to the right of `eighths` of a cell.
  func beam(_ eighths: Int) -> Character {
    if display.isASCII { return eighths >= 4 ? "#" : " " }
    return Self.beams[min(max(eighths, 0), 8)]
  }

  private static let pillars = Array(" ▁▂▃▄▅▆▇█")
  private static let beams = Array(" ▏▎▍▌▋▊▉█")

  var frame:
    (upright: Character, level: Character, corner: Character, left: Character, down: Character)
  {
    display.isASCII ? ("|", "-", "+", "+", "+") : ("│", "─", "└", "┤", "┬")
  }
}
