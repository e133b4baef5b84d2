/// A formula of one number in elementary functions, as algebra systems read it.
final class PlainFormula {
  indirect enum Kind {
    /// A number that is the same in every variant: the 1 of `1/(1 + exp(-x))`.
    case literal(Double)
    /// A number of the key, which may differ between variants.
    case number(Double)
    /// What a student entered for the part of that name.
    case part(String)
    case call(String, [PlainFormula])
    /// - Parameter sign: `+`, `-`, `*`, `/`, `^`.
    case operation(String, PlainFormula, PlainFormula)
    case negated(PlainFormula)
    /// - Parameter sign: `<`, `<=`, `>`, `>=`, `=`.
    case choice(sign: String, PlainFormula, PlainFormula, PlainFormula, otherwise: PlainFormula)
  }

  /// A formula is longer than people read, and than platforms take, beyond so many operations.
  static let mostOperations = 400

  let kind: Kind
  /// Its operations, those that occur twice counted twice.
  let size: Int

  init(_ kind: Kind) {
    self.kind = kind
    let parts: [PlainFormula] =
      switch kind {
      case .literal, .number, .part: []
      case .call(_, let operands): operands
      case .operation(_, let a, let b): [a, b]
      case .negated(let operand): [operand]
      case .choice(_, let a, let b, let first, let second): [a, b, first, second]
      }
    // Sizes of shared parts multiply: beyond the limit they no longer matter.
    size = parts.reduce(1) { min($0 + $1.size, 1 << 20) }
  }

  var isTooLong: Bool { size > Self.mostOperations }

  /// A piece of a formula as it is written.
  enum Piece: Hashable {
    case text(String)
    case part(String)
    /// The place of a number in the list of those that may differ.
    case number(Int)
  }

  /// How Maxima reads it, with the numbers that may differ between variants taken out.
  func maxima() -> (pieces: [Piece], numbers: [Double]) {
    var writer = Writer()
    writer.write(self)
    return (writer.pieces, writer.numbers)
  }

  private struct Writer {
    var pieces: [Piece] = []
    var numbers: [Double] = []

    mutating func write(_ formula: PlainFormula) {
      switch formula.kind {
      case .literal(let number): text(MaximaText.number(number))
      case .number(let number):
        pieces.append(.number(numbers.count))
        numbers.append(number)
      case .part(let name): pieces.append(.part(name))
      case .call(let name, let operands):
        text("\(name)(")
        for (place, operand) in operands.enumerated() {
          if place > 0 { text(",") }
          write(operand)
        }
        text(")")
      case .operation(let sign, let a, let b):
        text("(")
        write(a)
        text(sign)
        write(b)
        text(")")
      case .negated(let operand):
        text("(-")
        write(operand)
        text(")")
      case .choice(let sign, let a, let b, let first, let second):
        text("(if is(")
        write(a)
        text(sign)
        write(b)
        text(") then ")
        write(first)
        text(" else ")
        write(second)
        text(")")
      }
    }

    private mutating func text(_ text: String) {
      if case .text(let before)? = pieces.last {
        pieces[pieces.count - 1] = .text(before + text)
      } else {
        pieces.append(.text(text))
      }
    }
  }
}
