/// A picture laid out in points, for backends that draw lines and not characters: `SVG` and `PNG`.
package struct Figure: Sendable {
  package enum Theme: String, Hashable, Sendable, CaseIterable {
    case light, dark

    package var background: Colour { self == .light ? Palette.white : Colour(24, 26, 31) }
    package var ink: Colour { self == .light ? Colour(33, 37, 41) : Colour(230, 232, 235) }
    var faint: Colour { self == .light ? Colour(222, 226, 230) : Colour(64, 68, 76) }
    /// What stands for the middle of a scale of colours.
    var paper: Colour { self == .light ? Palette.white : Colour(46, 49, 56) }
    /// Series are lightened on dark ground.
    func shown(_ colour: Colour) -> Colour {
      self == .light ? colour : colour.mixed(with: Palette.white, 0.25)
    }
  }

  enum Anchor: String {
    case start, middle, end

    /// Which part of a text lies before the point.
    var share: Double { self == .start ? 0 : self == .middle ? 0.5 : 1 }
  }

  /// Text on one line, its base line through the place.
  struct Text {
    var text: String
    var place: Point
    var size: Double
    var anchor: Anchor
    var colour: Colour
    /// Runs upwards.
    var isTurned = false
    /// Whether indexes of symbols are lowered.
    var hasSymbols = false
  }

  enum Shape {
    case line([Point], Colour, width: Double)
    case rectangle(x: Double, y: Double, width: Double, height: Double, Colour)
    /// A rectangle with round corners and an edge.
    case box(
      x: Double, y: Double, width: Double, height: Double, radius: Double, fill: Colour,
      edge: Colour)
    case disc(Point, radius: Double, fill: Colour, edge: Colour)
    case text(Text)
    /// A grid of colours, the first row on top.
    case image(
      x: Double, y: Double, width: Double, height: Double, columns: Int, rows: Int, [Colour],
      isSmooth: Bool)
    /// Shapes that let through what is below them: 1 hides it.
    indirect case translucent([Shape], opacity: Double)
    /// Shapes that show something with a name, which a page can point at.
    indirect case named([Shape], name: String, description: String)
    /// A place in a drawing that shows something with a name.
    case place(Point, radius: Double, name: String, description: String)
    /// The area of a plot with linear axes, and what its lower left and its upper right corner stand
    /// for.
    case area(x: Double, y: Double, width: Double, height: Double, from: Point, to: Point)
  }

  private(set) var width: Double
  private(set) var height: Double
  let theme: Theme
  /// Whether who shows it smooths images, so that those of few cells need not be made larger.
  let smoothsImages: Bool
  /// Asked now and then while there is much to draw: where it answers true nobody waits for the
  /// picture, and the rest is left out.
  let isStopped: @Sendable () -> Bool
  private(set) var shapes: [Shape] = []

  static let textSize = 15.0
  static let titleSize = 20.0
  /// In points.
  package struct Size: Hashable, Sendable {
    package var width: Double
    package var height: Double

    package init(_ width: Double, _ height: Double) {
      self.width = min(max(width, 160), 10_000)
      self.height = min(max(height, 120), 10_000)
    }

    package static let slide = Size(960, 540)
  }

  /// Lays `picture` out in so many points, more where it does not fit.
  package init(
    _ picture: Picture, theme: Theme = .light, size: Size = .slide, smoothsImages: Bool = false,
    isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.init(
      picture, theme: theme, width: size.width, height: size.height, smoothsImages, isStopped)
  }

  private init(
    _ picture: Picture, theme: Theme, width: Double, height: Double, _ smoothsImages: Bool,
    _ isStopped: @escaping @Sendable () -> Bool
  ) {
    self.smoothsImages = smoothsImages
    self.isStopped = isStopped
    self.width = width
    self.height = height
    self.theme = theme
    let top = picture.title.isEmpty ? 16.0 : 56.0
    let legend = FigureLegend(picture, theme: theme)
    let foot = Double(picture.notes.count) * 22 + legend.height(within: width - 32)
    switch picture.content {
    case .plot(let plot):
      FigurePlot(
        plot, theme: theme, hasColourBar: legend.leavesColoursToPlot,
        frame: (x: 16, y: top, width: width - 32, height: height - top - foot - 12)
      ).draw(into: &self)
    case .diagram(let diagram):
      FigureDiagram(diagram)?.draw(into: &self, top: top, foot: foot)
        ?? addMiddle("(too large to draw: \(diagram.nodes.count) nodes)")
    case .panels(let pictures, let columns):
      draw(pictures, columns: max(columns, 1), top: top, foot: foot)
    }
    if !picture.title.isEmpty {
      // A long title becomes smaller before it is cut off.
      let room = (self.width - 24) / Self.width(of: picture.title, size: 1)
      write(
        picture.title, at: Point(self.width / 2, 36),
        size: min(Self.titleSize, max(room, Self.textSize * 0.7)))
    }
    legend.draw(into: &self, from: self.height - foot)
    for (index, note) in picture.notes.enumerated() {
      let y = self.height - 10 - Double(picture.notes.count - 1 - index) * 22
      write(note, at: Point(self.width / 2, y))
    }
  }

  /// What a drawing of boxes takes with its smallest letters, in points; nil for what can be of any size.
  package static func leastSize(of picture: Picture) -> Size? {
    guard case .diagram = picture.content else { return nil }
    let figure = Figure(picture, size: Size(0, 0))
    return Size(figure.width, figure.height)
  }

  private mutating func addMiddle(_ text: String) {
    write(text, at: Point(width / 2, height / 2))
  }

  /// Makes room for a drawing that is larger than a slide.
  mutating func grow(width: Double, height: Double) {
    self.width = max(self.width, width)
    self.height = max(self.height, height)
  }

  mutating func add(_ shape: Shape) { shapes.append(shape) }

  /// Makes one thing with a name of the shapes from `start` on.
  mutating func group(from start: Int, name: String, description: String) {
    let drawn = Array(shapes[start...])
    shapes.removeSubrange(start...)
    add(.named(drawn, name: name, description: description))
  }

  /// Calls the body with every shape, until nobody waits any more.
  func forEachShape(_ body: (Shape) -> Void) {
    for (place, shape) in shapes.enumerated() {
      if place & 0x3FF == 0x3FF, isStopped() { return }
      body(shape)
    }
  }

  mutating func write(
    _ text: String, at place: Point, size: Double = textSize, _ anchor: Anchor = .middle,
    _ colour: Colour? = nil, isTurned: Bool = false
  ) {
    add(
      .text(
        Text(
          text: text, place: place, size: size, anchor: anchor, colour: colour ?? theme.ink,
          isTurned: isTurned)))
  }

  static func width(of text: String, size: Double = textSize) -> Double {
    Typeface.standard.length(of: text) * size
  }

  /// A whole number as an exponent.
  static func raised(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(number.description.map { $0.wholeNumberValue.map { digits[$0] } ?? "⁻" })
  }

  /// A text as it is printed: its numbers with a minus as long as a plus.
  static func printed(_ text: String) -> String {
    var result = ""
    var last: Character = " "
    for (character, next) in zip(text, text.dropFirst() + " ") {
      let isMinus = character == "-" && next.isNumber && " (=".contains(last)
      result.append(isMinus ? "−" : character)
      last = character
    }
    return result
  }

  private mutating func draw(
    _ pictures: [Picture], columns: Int, top: Double, foot: Double
  ) {
    let perRow = min(columns, max(pictures.count, 1))
    let cell = (width: max(width / Double(perRow), 400), height: 380.0)
    let rowCount = (pictures.count + perRow - 1) / perRow
    width = max(width, cell.width * Double(perRow))
    height = max(top + cell.height * Double(rowCount) + foot, foot + top + 40)
    for (index, picture) in pictures.enumerated() {
      let panel = Figure(
        picture, theme: theme, width: cell.width, height: cell.height, smoothsImages, isStopped)
      let x = Double(index % perRow) * cell.width
      let y = top + Double(index / perRow) * cell.height
      shapes += panel.shapes.map { $0.moved(x, y) }
    }
  }

  /// The mark of a class: disc, cross, plus, and so on; they differ in shape, not only in colour.
  /// - Parameter scale: of its usual size; smaller marks let what is below them shine through.
  mutating func drawMark(_ series: Int, at point: Point, scale: Double = 1) {
    let isLight = theme == .light
    let plain = Palette.classColour(series)
    let colour = isLight ? plain : plain.mixed(with: Palette.white, 0.45)
    let first = shapes.count
    defer {
      if scale < 1 {
        let drawn = Array(shapes[first...])
        shapes.removeSubrange(first...)
        add(.translucent(drawn, opacity: 0.75))
      }
    }
    // Told from maps in their own colour, and from each other where they are many.
    let edge = isLight ? Palette.white : theme.background
    let r = 5.0 * scale
    func stroke(_ dx: Double, _ dy: Double, _ colour: Colour, _ width: Double) -> Shape {
      .line(
        [Point(point.x - dx, point.y - dy), Point(point.x + dx, point.y + dy)], colour,
        width: width * scale)
    }
    let arms: [(Double, Double)]
    switch abs(series % 5) {
    case 0:
      add(.disc(point, radius: r, fill: colour, edge: edge))
      return
    case 1: arms = [(r, r), (r, -r)]
    case 2: arms = [(r + 1, 0), (0, r + 1)]
    case 3: arms = [(r, r), (r, -r), (r + 1, 0), (0, r + 1)]
    default:
      add(
        .box(
          x: point.x - r, y: point.y - r, width: 2 * r, height: 2 * r, radius: 0, fill: colour,
          edge: edge))
      return
    }
    for (dx, dy) in arms { add(stroke(dx * 1.2, dy * 1.2, edge, 5)) }
    for (dx, dy) in arms { add(stroke(dx, dy, colour, 2.6)) }
  }
}

extension Figure.Shape {
  func moved(_ dx: Double, _ dy: Double) -> Self {
    switch self {
    case .line(let points, let colour, let width):
      return .line(points.map { Point($0.x + dx, $0.y + dy) }, colour, width: width)
    case .rectangle(let x, let y, let width, let height, let colour):
      return .rectangle(x: x + dx, y: y + dy, width: width, height: height, colour)
    case .box(let x, let y, let width, let height, let radius, let fill, let edge):
      return .box(
        x: x + dx, y: y + dy, width: width, height: height, radius: radius, fill: fill, edge: edge)
    case .disc(let point, let radius, let fill, let edge):
      return .disc(Point(point.x + dx, point.y + dy), radius: radius, fill: fill, edge: edge)
    case .text(var text):
      text.place = Point(text.place.x + dx, text.place.y + dy)
      return .text(text)
    case .image(let x, let y, let width, let height, let columns, let rows, let colours, let smooth):
      return .image(
        x: x + dx, y: y + dy, width: width, height: height, columns: columns, rows: rows, colours,
        isSmooth: smooth)
    case .translucent(let shapes, let opacity):
      return .translucent(shapes.map { $0.moved(dx, dy) }, opacity: opacity)
    case .named(let shapes, let name, let description):
      return .named(shapes.map { $0.moved(dx, dy) }, name: name, description: description)
    case .place(let point, let radius, let name, let description):
      return .place(
        Point(point.x + dx, point.y + dy), radius: radius, name: name, description: description)
    case .area(let x, let y, let width, let height, let from, let to):
      return .area(x: x + dx, y: y + dy, width: width, height: height, from: from, to: to)
    }
  }
}
