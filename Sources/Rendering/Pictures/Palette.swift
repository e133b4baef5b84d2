/// A colour by its red, green and blue parts.
package struct Colour: Hashable, Sendable {
  package var red: UInt8
  package var green: UInt8
  package var blue: UInt8

  package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// This colour with `share` (0 to 1) of `other` in it.
  func mixed(with other: Colour, _ share: Double) -> Colour {
    let share = share.isNaN ? 0 : min(max(share, 0), 1)
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8(clamping: Int(clamped: Double(a) + (Double(b) - Double(a)) * share + 0.5))
    }
    return Colour(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }

  /// How bright it looks, 0 to 1 (ITU-R BT.709, with the bytes as they are).
  var brightness: Double {
    (0.2126 * Double(red) + 0.7152 * Double(green) + 0.0722 * Double(blue)) / 255
  }

  /// The escape sequence that sets it as the colour of letters or of their ground.
  func escape(asGround: Bool, on display: Display) -> String {
    let kind = asGround ? 48 : 38
    return display.hasFullColour
      ? "\u{1B}[\(kind);2;\(red);\(green);\(blue)m" : "\u{1B}[\(kind);5;\(terminalIndex)m"
  }

  /// The nearest of the 240 fixed colours that terminals number 16 to 255.
  var terminalIndex: Int {
    func level(_ part: UInt8) -> Int {
      part < 48 ? 0 : part < 115 ? 1 : (Int(part) - 35) / 40
    }
    let steps = [0, 95, 135, 175, 215, 255]
    let (r, g, b) = (level(red), level(green), level(blue))
    func distance(_ x: Int, _ y: Int, _ z: Int) -> Int {
      let (dr, dg, db) = (x - Int(red), y - Int(green), z - Int(blue))
      return dr * dr + dg * dg + db * db
    }
    let grey = min(max((Int(red) + Int(green) + Int(blue)) / 3 - 3, 0) / 10, 23)
    let shade = 8 + 10 * grey
    return distance(shade, shade, shade) < distance(steps[r], steps[g], steps[b])
      ? 232 + grey : 16 + 36 * r + 6 * g + b
  }
}

/// The colours of series, classes and signs; distinguishable to the colour-blind (Okabe and Ito,
/// 2008, the first two swapped so that class 0 is orange and class 1 blue).
enum Palette {
  private static let series: [Colour] = [
    Colour(0, 114, 178), Colour(213, 94, 0), Colour(0, 158, 115), Colour(204, 121, 167),
    Colour(86, 180, 233), Colour(230, 159, 0), Colour(120, 120, 120),
  ]
  private static let classes: [Colour] = [
    Colour(213, 94, 0), Colour(0, 114, 178), Colour(0, 158, 115), Colour(204, 121, 167),
    Colour(230, 159, 0), Colour(86, 180, 233), Colour(120, 120, 120),
  ]
  static let white = Colour(255, 255, 255)
  static let black = Colour(0, 0, 0)

  static func series(_ index: Int) -> Colour { pick(series, index) }
  static func classColour(_ index: Int) -> Colour { pick(classes, index) }

  private static func pick(_ colours: [Colour], _ index: Int) -> Colour {
    let rest = index % colours.count
    return colours[rest < 0 ? rest + colours.count : rest]
  }

  /// The colour of a field's value, light enough for black marks on it.
  ///
  /// - Parameter paper: what stands for the middle of a scale.
  static func field(
    _ value: Double, _ scale: Field.Scale, on paper: Colour = white
  ) -> Colour {
    if value.isNaN { return Colour(190, 190, 190) }
    switch scale {
    case .shades(let low, let high):
      let share = Field.Scale.share(value, low: low, high: high)
      return share < 0.5
        ? paper.mixed(with: Colour(240, 140, 40), (0.5 - share) * 2 * 0.68)
        : paper.mixed(with: Colour(8, 115, 185), (share - 0.5) * 2 * 0.62)
    case .heights(let low, let high):
      return height(Field.Scale.share(value, low: low, high: high))
    case .signs(let limit):
      return sign(limit > 0 ? value / limit : 0, on: paper)
    case .classes:
      let index = abs(value) < 1000 ? Int(clamped: value) : 0
      return white.mixed(with: classColour(index), 0.45)
    }
  }

  /// The colour of a class where the net is so sure of it, 0 to 1.
  static func classGround(_ index: Int, confidence: Double, on paper: Colour = white) -> Colour {
    paper.mixed(with: classColour(index), 0.12 + 0.38 * min(max(confidence, 0), 1))
  }

  /// As `field`, on terminals of 256 colours one of nine of them: the nearest of all would
  /// change its hue from step to step.
  static func field(_ value: Double, _ scale: Field.Scale, on display: Display) -> Colour {
    if display.hasFullColour || value.isNaN { return field(value, scale) }
    let share: Double
    switch scale {
    case .shades(let low, let high), .heights(let low, let high):
      share = Field.Scale.share(value, low: low, high: high)
    case .signs(let limit): share = Field.Scale.share(value, low: -limit, high: limit)
    case .classes: return field(value, scale)
    }
    return steps[min(max(Int(clamped: share * Double(steps.count)), 0), steps.count - 1)]
  }

  private static let steps: [Colour] = [
    Colour(255, 135, 0), Colour(255, 175, 95), Colour(255, 215, 175), Colour(255, 255, 215),
    Colour(255, 255, 255), Colour(215, 255, 255), Colour(175, 215, 255), Colour(135, 175, 255),
    Colour(95, 135, 215),
  ]

  /// Orange for −1, white for 0, blue for 1.
  static func sign(_ strength: Double, on paper: Colour = white) -> Colour {
    strength < 0
      ? paper.mixed(with: Colour(230, 120, 20), -strength)
      : paper.mixed(with: Colour(8, 119, 189), strength)
  }

  /// From light yellow through green to dark blue (Brewer's YlGnBu, 2003).
  private static func height(_ share: Double) -> Colour {
    let place = share * Double(heights.count - 1)
    let index = min(max(Int(clamped: place), 0), heights.count - 2)
    return heights[index].mixed(with: heights[index + 1], place - Double(index))
  }

  private static let heights: [Colour] = [
    Colour(255, 255, 217), Colour(237, 248, 177), Colour(199, 233, 180), Colour(127, 205, 187),
    Colour(65, 182, 196), Colour(29, 145, 192), Colour(34, 94, 168), Colour(37, 52, 148),
  ]
}
