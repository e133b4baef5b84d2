import Differentiation
import Interchange
import Language
import Learning
import Rendering
import Syntax

/// The options of every function that draws.
enum PictureOption {
  static let file = Key.string(
    "to", .absent, "A file to draw into instead: .svg, .png, .txt, or .tex for TikZ.")
  static let title = Key.string("title", .absent, "What stands above the picture.")
  static let width = Key.wholeNumber(
    "width", .absent, in: 20...10_000, "Columns on a terminal, points in a file.")
  static let height = Key.wholeNumber(
    "height", .absent, in: 2...10_000, "Lines on a terminal, points in a file.")
  static let theme = Key.word(
    "theme", of: Figure.Theme.allCases.map { $0.rawValue }, .word("light"), "The ground of a file.")
  static let charset = Key.word(
    "charset", of: Display.Characters.allCases.map { $0.rawValue }, .absent,
    "The characters to draw with; as the terminal says where left out.")

  static let form = Key.word(
    "as", of: PictureForm.allCases.map { $0.rawValue }, .absent,
    "Characters, or an image between the lines where the terminal says that it can show one.")

  static let parameters = [
    file.parameter, title.parameter, width.parameter, height.parameter, theme.parameter,
    charset.parameter, form.parameter,
  ]
}

/// How the functions that draw look at what they are given.
enum ViewOption {
  static let view = Key.word(
    "view", of: NetView.allCases.map { $0.rawValue } + ["weights", "metric"], .absent,
    "What to look at; what fits best where left out.")
  static let layer = Key.wholeNumber(
    "layer", .absent, in: 1...Int.max, "The layer whose units are shown, from 1.")
  static let units = Key.any(
    "units", .either([.word(["all"]), .truth, .vector]), .absent,
    "The hidden units to show, from 1, or all.")
  static let scale = Key.truth("log", .absent, "Whether the axis of values is logarithmic.")
  static let names = Key.truth(
    "names", .truth(false),
    "Of a net: whether its weights are named, and targets stand below the outputs; of a computed number: a box for each of your names, in place of each operation."
  )
  static let features = Key.function(
    "features", .absent,
    "Of a net and data: what makes the net's inputs of the first two features, (x1, x2) -> [x1, x2, x1*x2]; the map is of these two."
  )
  static let domain = Key.vector("domain", .absent, "The ends of the axis: [-5, 5].")
}

extension Arguments {
  /// What becomes of a picture: a report that draws itself, or the file of the option `to`.
  /// - Parameters:
  ///   - fields: what the report can be asked for.
  ///   - text: what is written above the picture; a file has the picture alone.
  func drawn(
    _ picture: Picture, fields: Record = Record(), below text: ((Display) -> TextBlocks)? = nil
  ) throws(Failure) -> Value {
    var picture = picture
    if let title = try optional(PictureOption.title) { picture.title = title }
    let change = try displayChange()
    guard let name = try optional(PictureOption.file) else {
      let image = try inlineImage(of: picture)
      return .report(
        .ofTables(
          title: picture.title.isEmpty ? "picture" : picture.title, fields: fields,
          picture: picture, isImage: image != nil, on: change
        ) { [picture] display in
          let drawing = TextBlocks.Block.drawing(image ?? picture.text(on: display))
          guard let text else { return TextBlocks([drawing]) }
          return TextBlocks(text(display).blocks + [.lines(""), drawing])
        })
    }
    try write(try file(of: picture, name: name, change), to: PictureOption.file)
    return .report(
      .ofTables(
        title: "picture", fields: fields, picture: picture, isEcho: text == nil, on: change
      ) { display in
        text.map { $0(display) }
          ?? TextBlocks([.lines("\(visible(name, limit: 200)) is written")])
      })
  }

  /// The picture as an image, where one is wanted and the terminal can show it.
  private func inlineImage(of picture: Picture) throws(Failure) -> String? {
    let form =
      try optional(PictureOption.form).flatMap { PictureForm(rawValue: $0) } ?? session.pictureForm
    guard form != .characters else { return nil }
    let surface = session.host.images()
    let kind = form == .image ? surface?.best : InlineImage(rawValue: form.rawValue)
    guard let surface, let kind, surface.protocols.contains(kind) else {
      let what = form == .image ? "images" : "images by \(form.rawValue)"
      session.noteOnce(
        surface == nil
          ? "images are shown on a terminal only: the picture is drawn in characters"
          : "this terminal shows no \(what): the picture is drawn in characters")
      return nil
    }
    let theme = Figure.Theme(rawValue: try self(PictureOption.theme)) ?? .light
    return kind.text(picture, theme: theme, on: surface)
  }

  /// A report that only writes, with the options that hold for text.
  func written(
    _ title: String, _ text: @escaping (Display) -> TextBlocks
  ) throws(Failure) -> Value {
    let change = try displayChange()
    if let argument = given(PictureOption.file) {
      throw Failure(
        "there is nothing to draw into a file: this is text", at: argument.range, label: title)
    }
    return .report(.ofTables(title: title, on: change, blocks: text))
  }

  private func displayChange() throws(Failure) -> (Display) -> Display {
    let width = try optional(PictureOption.width)
    let height = try optional(PictureOption.height)
    let characters = try optional(PictureOption.charset).flatMap {
      Display.Characters(rawValue: $0)
    }
    return { display in
      var display = display
      if let width { display.columns = min(width, 1000) }
      if let height { display.plotRows = height }
      if let characters { display.characters = characters }
      return display
    }
  }

  private func file(
    of picture: Picture, name: String, _ change: (Display) -> Display
  ) throws(Failure) -> [UInt8] {
    let slide = Figure.Size.slide
    let width = try optional(PictureOption.width).map(Double.init)
    let height = try optional(PictureOption.height).map(Double.init)
    // One of the two alone keeps the proportions of a slide.
    let size = Figure.Size(
      width ?? height.map { $0 * slide.width / slide.height } ?? slide.width,
      height ?? width.map { $0 * slide.height / slide.width } ?? slide.height)
    let theme = Figure.Theme(rawValue: try self(PictureOption.theme)) ?? .light
    return try picture.file(
      named: name, theme: theme, size: size, display: change(.plain),
      at: range(of: PictureOption.file))
  }
}

extension Picture {
  /// The bytes of a file whose ending says how to draw.
  func file(
    named name: String, theme: Figure.Theme = .light, size: Figure.Size = .slide,
    display: Display = .plain, at range: SourceRange
  ) throws(Failure) -> [UInt8] {
    let ending = name.contains(".") ? name.split(separator: ".").last?.lowercased() : nil
    switch ending {
    case "svg":
      return Array(SVG.text(self, theme: theme, size: size, isStopped: Interruption.cutsShort).utf8)
    case "png": return PNG.bytes(self, theme: theme, size: size, isStopped: Interruption.cutsShort)
    case "tex":
      return Array(
        TikZ.text(self, theme: theme, size: size, isStopped: Interruption.cutsShort).utf8)
    case "txt": return Array((text(on: display) + "\n").utf8)
    default:
      throw Failure(
        "a picture is written as .svg, .png, .txt or .tex", at: range, label: "no such ending")
    }
  }
}
