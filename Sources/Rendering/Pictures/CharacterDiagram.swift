/// Draws boxes, circles and the lines between them in characters.
enum CharacterDiagram {
  static func lines(_ diagram: Diagram, on display: Display) -> [String] { [] }
}
