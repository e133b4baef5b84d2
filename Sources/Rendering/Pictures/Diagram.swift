/// A picture of boxes and circles with lines between them, without axes.
///
/// Positions are in abstract units: a column is as wide as its widest node needs, so a node names
/// its column and its place in it rather than coordinates.
package struct Diagram: Sendable {
  package enum Outline: Hashable, Sendable {
    case circle, box, none
  }

  package struct Node: Hashable, Sendable {
    /// From left to right, from 0.
    package var column: Int
    /// From top to bottom, in units of one node; the middle of the node.
    package var place: Double
    package var outline: Outline
    /// Lines of text inside.
    package var lines: [String]
    /// Which of the two colours of signs fills it, −1 to 1; nil for none.
    package var fill: Double?
    /// What it shows, as the language calls it: `a1[2]`; empty where it has no name.
    package var name: String
    /// Whether it takes no part: in characters its outline has gaps, in files it and
    /// its lines are faint.
    package var isLeftOut = false

    package init(
      column: Int, place: Double, outline: Outline, lines: [String], fill: Double? = nil,
      name: String = ""
    ) {
      self.column = column
      self.place = place
      self.outline = outline
      self.lines = lines
      self.fill = fill
      self.name = name
    }
  }

  package struct Edge: Hashable, Sendable {
    package var from: Int
    package var to: Int
    /// Above the line: a value, a weight.
    package var above: String
    /// Below the line: a gradient.
    package var below: String
    /// Thickness and colour, −1 to 1; nil for a plain line.
    package var strength: Double?
    /// What it shows, as the language calls it: `W1[2,1]`; empty where it has no name.
    package var name: String
    /// Its number in words, for who does not see the line.
    package var description: String

    package init(
      from: Int, to: Int, above: String = "", below: String = "", strength: Double? = nil,
      name: String = "", description: String = ""
    ) {
      self.from = from
      self.to = to
      self.above = above
      self.below = below
      self.strength = strength
      self.name = name
      self.description = description
    }
  }

  package var nodes: [Node]
  package var edges: [Edge]
  /// Names of the columns, below them; may be empty.
  package var columnTitles: [String]

  package init(nodes: [Node], edges: [Edge], columnTitles: [String] = []) {
    self.nodes = nodes
    self.edges = edges
    self.columnTitles = columnTitles
  }

  var columnCount: Int { (nodes.map { $0.column }.max() ?? -1) + 1 }
}
