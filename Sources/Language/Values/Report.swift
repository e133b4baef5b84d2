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
  private let text: (Display) -> String
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

  package init(
    title: String, fields: Record = Record(), aliases: [String: String] = [:],
    derivation: @autoclosure @escaping () -> Derivation? = nil, picture: Picture? = nil,
    isEcho: Bool = false, isImage: Bool = false, isPage: Bool = false,
    text: @escaping (Display) -> String
  ) {
    self.title = title
    self.fields = fields
    self.aliases = aliases
    self.derivation = derivation
    self.picture = picture
    self.isEcho = isEcho
    self.isImage = isImage
    self.isPage = isPage
    self.text = text
    subject = nil
    number = nil
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
    text = { display in
      let text = derivation.text(number: number, width: display.columns)
      return display.isASCII ? PlainCharacters.ascii(text) : text
    }
  }

  /// The report without what was shown before of what it is about.
  func sparing(_ shown: inout ShownValues) -> Report {
    guard let subject, let number, let whole = derivation() else { return self }
    let derivation = shown.next(whole, about: subject, number: number)
    return Report(derivation, title: title, fields: fields, number: number)
  }

  /// The text for a terminal or a page; control characters of names and files in it are visible.
  package func text(_ display: Display) -> String {
    isImage ? text(display) : TextWidth.printableLines(text(display), on: display)
  }
}
