/// A symbol of another language or keyboard that people type, and what it is called here.
///
/// The lexer reports it and goes on with the token that was meant.
struct ForeignSpelling: Sendable {
  let text: String
  let kind: TokenKind
  let replacement: String
  /// What the error says behind the symbol.
  let message: String

  private init(_ text: String, _ kind: TokenKind, _ replacement: String, _ message: String) {
    self.text = text
    self.kind = kind
    self.replacement = replacement
    self.message = message
  }

  var isWord: Bool { kind.isKeyword }

  /// Longer ones before their own beginnings.
  static let all: [ForeignSpelling] = [
    ForeignSpelling("**", .caret, "^", "a power is written ^"),
    ForeignSpelling("%*%", .at, "@", "the matrix product is written @"),
    ForeignSpelling("%%", .percent, "%", "the remainder is written %"),
    ForeignSpelling("&&", .and, "and", "the word is and"),
    ForeignSpelling("&", .and, "and", "the word is and"),
    ForeignSpelling("||", .or, "or", "the word is or"),
    ForeignSpelling("|", .or, "or", "the word is or"),
    ForeignSpelling("!==", .unequal, "!=", "unequal is written !="),
    ForeignSpelling("===", .equal, "==", "equality is written =="),
    ForeignSpelling("~=", .unequal, "!=", "unequal is written !="),
    ForeignSpelling("<>", .unequal, "!=", "unequal is written !="),
    ForeignSpelling("≠", .unequal, "!=", "unequal is written !="),
    ForeignSpelling("=>", .arrow, "->", "a function is written with ->, at least with >="),
    ForeignSpelling("=<", .lessOrEqual, "<=", "at most is written <="),
    ForeignSpelling(":=", .assign, "=", "assignment is written ="),
    ForeignSpelling(".*", .star, "*", "* works element by element already"),
    ForeignSpelling("./", .slash, "/", "/ works element by element already"),
    ForeignSpelling(".^", .caret, "^", "^ works element by element already"),
    ForeignSpelling(".'", .prime, "'", "the transpose is written '"),
    ForeignSpelling("≤", .lessOrEqual, "<=", "at most is written <="),
    ForeignSpelling("≥", .greaterOrEqual, ">=", "at least is written >="),
    ForeignSpelling("×", .star, "*", "a product is written *"),
    ForeignSpelling("·", .star, "*", "a product is written *"),
    ForeignSpelling("⋅", .star, "*", "a product is written *"),
    ForeignSpelling("÷", .slash, "/", "a quotient is written /"),
    ForeignSpelling("−", .minus, "-", "this dash is not the minus of the keyboard"),
    ForeignSpelling("–", .minus, "-", "this dash is not the minus of the keyboard"),
    ForeignSpelling("—", .minus, "-", "this dash is not the minus of the keyboard"),
    ForeignSpelling("→", .arrow, "->", "a function is written with ->"),
    ForeignSpelling("←", .assign, "=", "assignment is written ="),
    ForeignSpelling("∧", .and, "and", "the word is and"),
    ForeignSpelling("∨", .or, "or", "the word is or"),
    ForeignSpelling("¬", .not, "not", "the word is not"),
    ForeignSpelling("!", .not, "not", "the word is not"),
    ForeignSpelling("~", .not, "not", "the word is not"),
  ]

  /// How what a symbol without a counterpart means is said here.
  static func help(for symbol: Unicode.Scalar) -> [Advice] {
    symbolHelp[symbol].map { [Advice($0)] } ?? []
  }

  private static let symbolHelp: [Unicode.Scalar: String] = [
    "√": "the root is sqrt x", "½": "a half is 1/2", "¼": "a quarter is 1/4",
    "∑": "the sum is sum x", "Σ": "the sum is sum x", "∂": "a derivative is grad E w",
    "∇": "a gradient is grad E", "°": "angles are in radians: 30*pi/180",
    "\\": "the x with A @ x = b is solve A b", "$": "a field is written r.x",
  ]

  private static let byFirstByte: [UInt8: [ForeignSpelling]] =
    Dictionary(grouping: all) { $0.text.utf8.first ?? 0 }

  /// The one that `bytes` has at `offset`.
  static func find(in bytes: [UInt8], at offset: Int) -> ForeignSpelling? {
    byFirstByte[bytes[offset]]?.first { bytes[offset...].starts(with: $0.text.utf8) }
  }
}
