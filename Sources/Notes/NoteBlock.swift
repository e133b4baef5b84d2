/// A piece of a note: code of bp, or what is written below it as its result.
struct NoteBlock: Equatable {
  enum Role: Equatable {
    /// - Parameter isHidden: whether it only sets up and has no result.
    case code(isHidden: Bool)
    /// Text that may be the result of the code before it.
    case result
    /// Something else in a fence, which ends the search for a result.
    case other
  }

  var role: Role
  /// The lines of the file that are its content, counted from 0.
  var lines: Range<Int>
  /// What stands in front of each line, and is no part of the content.
  var margin: String

  /// The content, without the margins.
  func content(of file: [String]) -> [String] {
    file[lines].map { line in
      line.hasPrefix(margin) ? String(line.dropFirst(margin.count)) : line.withoutMargin
    }
  }
}

extension String {
  /// Without the blanks at the beginning.
  var withoutMargin: String { String(drop { $0 == " " || $0 == "\t" }) }

  /// The blanks at the beginning.
  var margin: String { String(prefix { $0 == " " || $0 == "\t" }) }

  var trimmed: String {
    String(withoutMargin.reversed().drop { $0.isWhitespace }.reversed())
  }
}

/// Finds the blocks of a kind of file. A new kind is one more record.
package struct NoteFormat: Sendable {
  /// `Markdown`
  package let name: String
  package let extensions: [String]
  let blocks: @Sendable (_ lines: [String]) -> [NoteBlock]

  package static let all = [markdown, latex, restructuredText]

  /// By the ending of the name; nil for none that is known.
  package static func of(file: String) -> NoteFormat? {
    guard let point = file.lastIndex(of: ".") else { return nil }
    let ending = file[file.index(after: point)...].lowercased()
    return all.first { $0.extensions.contains(ending) }
  }

  /// What listings call the language.
  static let languages = ["bp", "bplang"]
}
