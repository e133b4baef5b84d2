/// One description of a picture, as plain values; `CharacterPicture`, `SVG` and `PNG` draw it.
package struct Picture: Sendable {
  package enum Content: Sendable {
    case plot(Plot)
    case diagram(Diagram)
    /// Several pictures in rows of so many.
    case panels([Picture], columns: Int)
  }

  package var title: String
  package var content: Content
  package var legend: [LegendEntry]
  /// Lines below the picture, as they are.
  package var notes: [String]

  package init(
    title: String = "", _ content: Content, legend: [LegendEntry] = [], notes: [String] = []
  ) {
    self.title = title
    self.content = content
    self.legend = legend
    self.notes = notes
  }
}

/// What a mark, line or shade of a picture stands for.
package struct LegendEntry: Hashable, Sendable {
  package enum Sample: Hashable, Sendable {
    case line(series: Int)
    case point(series: Int)
    case shade(Double, Field.Scale)
  }

  package var sample: Sample
  package var text: String

  package init(_ sample: Sample, _ text: String) {
    self.sample = sample
    // Names come from files: none of them may speak to the terminal.
    self.text = TextWidth.printable(text)
  }
}

package struct Point: Hashable, Sendable {
  package var x: Double
  package var y: Double

  package init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  var isFinite: Bool { x.isFinite && y.isFinite }
}

/// A picture with axes.
package struct Plot: Sendable {
  package enum Mark: Sendable {
    /// A grid of values over the whole area.
    case field(Field)
    /// A curve or path through the points; a point that is not finite breaks it.
    case line([Point], series: Int)
    case points([Point], series: Int)
    /// What lies between two curves, pale in the colour of a series.
    case band([Band], series: Int)
    case bars([Bar], series: Int)
    /// A thin line to compare with: a diagonal, a grid.
    case guide([Point])
    /// The way through the points, a step each.
    case path([Point])
    /// A word with its middle at the point; left out where it is wider than `room`, in units of x.
    case text(String, at: Point, room: Double? = nil)
    case horizontalRule(y: Double)
    case verticalRule(x: Double)
  }

  /// A piece of a band across the x axis.
  package struct Band: Hashable, Sendable {
    package var start: Double
    package var end: Double
    package var low: Double
    package var high: Double

    package init(from start: Double, to end: Double, low: Double, high: Double) {
      self.start = start
      self.end = end
      self.low = low
      self.high = high
    }
  }

  /// A bar from 0, or from the lower end of the axis where 0 is not on it.
  package struct Bar: Hashable, Sendable {
    /// Where it begins and ends across its length.
    package var start: Double
    package var end: Double
    package var value: Double

    package init(from start: Double, to end: Double, value: Double) {
      self.start = start
      self.end = end
      self.value = value
    }
  }

  /// A place that stands for something with a name, for pages that are pointed at.
  package struct Place: Hashable, Sendable {
    package var point: Point
    /// As the language calls it: `run.losses[12]`.
    package var name: String
    /// Its numbers in words.
    package var description: String

    package init(_ point: Point, name: String, description: String) {
      self.point = point
      self.name = name
      self.description = description
    }
  }

  package var x: PlotAxis
  package var y: PlotAxis
  package var marks: [Mark]
  package var places: [Place] = []
  /// Width by height of the area; nil to fill what there is.
  package var aspect: Double?
  /// Bars grow to the right and the y axis names them.
  package var barsAreHorizontal = false

  /// The aspect of equal units on both axes, unless one side would be a sliver.
  package static func equalUnits(_ x: PlotAxis, _ y: PlotAxis) -> Double {
    min(max((x.high - x.low) / (y.high - y.low), 0.5), 2.5)
  }

  package init(x: PlotAxis, y: PlotAxis, marks: [Mark], aspect: Double? = nil) {
    self.x = x
    self.y = y
    self.marks = marks
    self.aspect = aspect
  }
}

/// A grid of values, the first row at the bottom, that fills the area of a plot.
package struct Field: Hashable, Sendable {
  package enum Scale: Hashable, Sendable {
    /// From one colour through white to another, as outputs of a net.
    case shades(low: Double, high: Double)
    /// From nearly nothing to dark, as the heights of a map.
    case heights(low: Double, high: Double)
    /// Negative one colour, positive another, nothing at 0, full at ±limit.
    case signs(limit: Double)
    /// Class numbers 0, 1, ….
    case classes(Int)

    /// Where `value` lies between the ends, 0 to 1; halves first, since the difference of two
    /// large numbers can be too large for a double.
    static func share(_ value: Double, low: Double, high: Double) -> Double {
      let share = high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0.5
      return share.isNaN ? 0.5 : min(max(share, 0), 1)
    }
  }

  package var columns: Int
  package var rows: Int
  /// Row by row; columns × rows values.
  package var values: [Double]
  package var scale: Scale
  /// What the values are, beside the colours.
  package var label = ""
  /// Values along which figures draw a line.
  package var levels: [Double] = []
  /// What the lines are drawn of, where that is not what is shown; as many as `values`.
  package var levelValues: [Double] = []
  /// Of classes: the output for each of them, as many as `values` each; empty where only the classes
  /// are known. Borders and colours follow the outputs then.
  package var scores: [[Double]] = []
  /// A grid of cells that mean something each (a matrix) is not smoothed.
  package var isDiscrete: Bool

  package init(
    columns: Int, rows: Int, values: [Double], scale: Scale, isDiscrete: Bool = false
  ) {
    self.columns = columns
    self.rows = rows
    self.values = values
    self.scale = scale
    self.isDiscrete = isDiscrete
  }

  var isComplete: Bool {
    columns > 0 && rows > 0 && values.count / rows >= columns
  }

  /// The value at (u, v), both from 0 to 1, from the lower left corner: between the centres of
  /// cells it is interpolated, unless cells mean classes or elements.
  func value(u: Double, v: Double) -> Double {
    guard isComplete else { return .nan }
    let across = min(max(u, 0), 1) * Double(columns)
    let up = min(max(v, 0), 1) * Double(rows)
    if case .classes = scale { return at(Int(clamped: across), Int(clamped: up)) }
    if isDiscrete { return at(Int(clamped: across), Int(clamped: up)) }
    return interpolated(values, across, up)
  }

  private func interpolated(_ values: [Double], _ across: Double, _ up: Double) -> Double {
    let x = max(across - 0.5, 0)
    let y = max(up - 0.5, 0)
    let column = Int(clamped: x)
    let row = Int(clamped: y)
    let right = x - Double(column)
    let above = y - Double(row)
    func at(_ column: Int, _ row: Int) -> Double {
      values[min(row, rows - 1) * columns + min(column, columns - 1)]
    }
    let low = at(column, row) * (1 - right) + at(column + 1, row) * right
    let high = at(column, row + 1) * (1 - right) + at(column + 1, row + 1) * right
    return low * (1 - above) + high * above
  }

  /// The class with the largest output at (u, v), and how far that output is beyond what all classes
  /// alike would have, 0 to 1; nil where the outputs are not known or no shares of a whole.
  func classification(u: Double, v: Double) -> (index: Int, confidence: Double)? {
    guard isComplete, scores.count > 1, scores.allSatisfy({ $0.count >= values.count }) else {
      return nil
    }
    let across = min(max(u, 0), 1) * Double(columns)
    let up = min(max(v, 0), 1) * Double(rows)
    let outputs = scores.map { interpolated($0, across, up) }
    var best = 0
    for (index, output) in outputs.enumerated() where output > outputs[best] { best = index }
    let sum = outputs.reduce(0, +)
    guard outputs.allSatisfy({ $0.isFinite && $0 >= 0 }), abs(sum - 1) < 1e-6 else {
      return outputs[best].isFinite ? (best, 1) : nil
    }
    let even = 1 / Double(outputs.count)
    return (best, (outputs[best] - even) / (1 - even))
  }

  /// As `value`, but borders between classes run straight between the centres of cells: the class
  /// that most of the four cells around belong to, by nearness.
  func smoothValue(u: Double, v: Double) -> Double {
    guard case .classes = scale, isComplete else { return value(u: u, v: v) }
    let x = max(min(max(u, 0), 1) * Double(columns) - 0.5, 0)
    let y = max(min(max(v, 0), 1) * Double(rows) - 0.5, 0)
    let (column, row) = (Int(clamped: x), Int(clamped: y))
    let (right, above) = (x - Double(column), y - Double(row))
    let corners = [
      (at(column, row), (1 - right) * (1 - above)), (at(column + 1, row), right * (1 - above)),
      (at(column, row + 1), (1 - right) * above), (at(column + 1, row + 1), right * above),
    ]
    var best = corners[0].0
    var most = 0.0
    for (candidate, _) in corners {
      let share = corners.reduce(0) { $0 + ($1.0 == candidate ? $1.1 : 0) }
      if share > most { (best, most) = (candidate, share) }
    }
    return best
  }

  private func at(_ column: Int, _ row: Int) -> Double {
    values[min(row, rows - 1) * columns + min(column, columns - 1)]
  }
}
