import Explanation
import Rendering

/// Text that a command made, with the values it was made from.
///
/// As a whole statement a report writes itself; its fields are read like a record's.
package final class Report {
  /// What kind of report it is: `gradient check`, `forward pass`.
  package let title: String
  package let fields: Record
  /// Further names under which fields are read, by name: those of earlier versions.
  package let aliases: [String: String]
  package let body: (Display) -> TextBlocks
  private let change: (Display) -> Display
  /// Whether the text holds an image in the protocol of a terminal.
  private let isImage: Bool
  /// Whether it is a text to read, which a pager shows where it is longer than the screen.
  package let isPage: Bool
  /// What it derives, for other forms of writing than text.
  package let derivation: () -> Derivation?
  /// What it draws, for files of pictures and pages.
  package let picture: Picture?
  /// Whether it writes itself only where values are echoed: what a command does besides its work.
  package let isEcho: Bool
  /// What an explanation is about, by which parts that were shown before are left out where it
  /// writes itself; nil where it is always whole.
  package let subject: ShownValues.Subject?
  /// How its numbers are written, where it derives something.
  package let number: ((Double) -> String)?

  package convenience init(
    title: String, fields: Record = Record(), aliases: [String: String] = [:],
    derivation: @autoclosure @escaping () -> Derivation? = nil, picture: Picture? = nil,
    isEcho: Bool = false, isImage: Bool = false, isPage: Bool = false,
    text: @escaping (Display) -> String
  ) {
    self.init(
      title, fields, aliases, derivation, picture, isEcho, isImage, isPage: isPage, { $0 },
      { TextBlocks([.lines(text($0))]) })
  }

  /// A derivation as a report.
  /// - Parameters:
  ///   - number: how numbers are written.
  ///   - subject: what it is about; nil where it is always whole.
  package init(
    _ derivation: Derivation, title: String, fields: Record = Record(),
    number: @escaping (Double) -> String, about subject: ShownValues.Subject? = nil
  ) {
    self.title = title
    self.fields = fields
    aliases = [:]
    self.derivation = { derivation }
    picture = nil
    isEcho = false
    isImage = false
    isPage = false
    self.subject = subject
    self.number = number
    change = { $0 }
    body = { display in
      let text = derivation.text(number: number, width: display.columns)
      return TextBlocks([.lines(display.isASCII ? PlainCharacters.ascii(text) : text)])
    }
  }

  /// Text with tables in it.
  /// - Parameter change: what the options of the command change of a display.
  package static func ofTables(
    title: String, fields: Record = Record(), picture: Picture? = nil, isEcho: Bool = false,
    isImage: Bool = false, on change: @escaping (Display) -> Display = { $0 },
    blocks: @escaping (Display) -> TextBlocks
  ) -> Report {
    Report(title, fields, [:], { nil }, picture, isEcho, isImage, isPage: false, change, blocks)
  }

  private init(
    _ title: String, _ fields: Record, _ aliases: [String: String],
    _ derivation: @escaping () -> Derivation?, _ picture: Picture?, _ isEcho: Bool,
    _ isImage: Bool, isPage: Bool, _ change: @escaping (Display) -> Display,
    _ body: @escaping (Display) -> TextBlocks
  ) {
    self.title = title
    self.fields = fields
    self.aliases = aliases
    self.derivation = derivation
    self.picture = picture
    (self.isEcho, self.isImage, self.isPage) = (isEcho, isImage, isPage)
    (self.change, self.body) = (change, body)
    (subject, number) = (nil, nil)
  }

  /// The report without what was shown before of what it is about.
  func sparing(_ shown: inout ShownValues) -> Report {
    guard let subject, let number, let whole = derivation() else { return self }
    let derivation = shown.next(whole, about: subject, number: number)
    return Report(derivation, title: title, fields: fields, number: number)
  }

  /// The text for a terminal or a page; control characters of names and files in it are visible.
  package func text(_ display: Display) -> String {
    let own = change(display)
    let text = body(own).text(on: own)
    return isImage ? text : TextWidth.printableLines(text, on: display)
  }

  /// The text as part of a page in HTML, without pictures; nil where it has no table.
  package func html(_ display: Display) -> String? {
    let body = body(change(display))
    return body.hasTable ? body.html : nil
  }
}
