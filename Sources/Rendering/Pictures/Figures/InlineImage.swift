/// A figure in pixels between the lines of a terminal.
package enum InlineImage: String, Hashable, Sendable, CaseIterable {
  /// DEC's six rows at a time, in up to 256 colours.
  case sixel
  /// The protocol of the terminal kitty, which some others speak too.
  case kitty

  /// What a terminal says of itself.
  package struct Surface: Hashable, Sendable {
    package var protocols: Set<InlineImage>
    /// Of the window, in pixels; nil where the terminal does not tell.
    package var width: Int?
    package var height: Int?

    package init(protocols: Set<InlineImage>, width: Int? = nil, height: Int? = nil) {
      self.protocols = protocols
      self.width = width
      self.height = height
    }

    /// The better of what it speaks: that with all colours.
    package var best: InlineImage? { [.kitty, .sixel].first { protocols.contains($0) } }

    /// Points of a figure that leaves room for the prompt, and pixels a point: two where letters
    /// would be small otherwise.
    func layout() -> (size: Figure.Size, scale: Double) {
      let slide = Figure.Size.slide
      let (width, height) = (Double(width ?? 960), Double(height ?? 720) * 0.8)
      let scale = width >= 1800 && height >= 1000 ? 2.0 : 1.0
      let shrink = min(width / scale / slide.width, height / scale / slide.height, 1)
      return (Figure.Size(slide.width * shrink, slide.height * shrink), scale)
    }
  }

  /// The sequence of characters that shows the picture where the cursor stands.
  package func text(
    _ picture: Picture, theme: Figure.Theme = .light, size: Figure.Size? = nil, on surface: Surface
  ) -> String {
    let layout = surface.layout()
    let raster = Raster(
      Figure(picture, theme: theme, size: size ?? layout.size), scale: layout.scale)
    switch self {
    case .sixel: return Sixel.text(raster)
    case .kitty: return Self.kittyText(raster)
    }
  }

  /// A PNG file in pieces of at most 4096 characters.
  private static func kittyText(_ raster: Raster) -> String {
    let file = PNG.file(columns: raster.columns, rows: raster.rows, pixels: raster.pixels)
    let characters = Array(SVG.base64(file).utf8)
    let pieces = stride(from: 0, to: characters.count, by: 4096).map {
      String(decoding: characters[$0..<min($0 + 4096, characters.count)], as: UTF8.self)
    }
    return pieces.enumerated().map { index, piece in
      let more = index + 1 < pieces.count ? 1 : 0
      // a=T shows at once, f=100 is PNG, q=2 asks for no answer, which would be taken for typing.
      let keys = index == 0 ? "a=T,f=100,q=2,m=\(more)" : "m=\(more)"
      return "\u{1B}_G\(keys);\(piece)\u{1B}\\"
    }.joined()
  }
}
