import Language
import Rendering
import Syntax

/// What bp knows about a place in a text.
package struct Inspection {
  /// The name at the place.
  package let name: String
  /// Its bytes in the text.
  package let range: SourceRange
  /// The help on it, in lines.
  package let text: String
}

extension Interpreter {
  /// The help on the name at a byte of the text; inside of an argument list where no name is known,
  /// that on the function. Nil where nothing is known.
  package func inspection(
    of text: String, at offset: Int, display: Display = .plain
  ) -> Inspection? {
    for word in WordsAround(text, offset).mostLikely {
      if let page = Help.text(ofKnown: word.text, session: session, runtime: runtime) {
        return Inspection(name: word.text, range: word.range, text: page(display))
      }
    }
    return nil
  }
}

/// The name at a place of a text, and those of the functions whose arguments stand there.
private struct WordsAround {
  struct Word {
    let text: String
    let range: SourceRange
  }

  /// What may be meant, the nearest first.
  let mostLikely: [Word]

  init(_ text: String, _ offset: Int) {
    var words: [Word] = []
    var start: Int?
    var place = 0
    var word = ""
    /// Where a statement or an argument in brackets begins, as far as that is before the cursor.
    var heads: [Int] = [0]
    func finish(at end: Int) {
      if let begin = start {
        words.append(Word(text: word, range: SourceRange(start: begin, end: end)))
      }
      (start, word) = (nil, "")
    }
    for character in text {
      let isWord = character.isLetter || character.isNumber || character == "_"
      if isWord {
        start = start ?? place
        word.append(character)
      } else {
        finish(at: place)
        if place < offset {
          switch character {
          case "\n", ";", "=": heads[heads.count - 1] = place + 1
          case "(", "[", "{": heads.append(place + 1)
          case ")", "]", "}": if heads.count > 1 { heads.removeLast() }
          default: break
          }
        }
      }
      place += character.utf8.count
    }
    finish(at: place)
    let atCursor = words.last { $0.range.start <= offset && offset <= $0.range.end }
    // In `f x` and in `f(x` alike the arguments of f are typed.
    let begin = heads.last ?? 0
    let command = words.first { $0.range.start >= begin && $0.range.end < offset }
    let called = words.last { $0.range.end < begin }
    mostLikely = [atCursor, command, called].compactMap { $0 }
  }
}
