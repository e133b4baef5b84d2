import Differentiation

/// How one primitive is written in each language that nets are exported to.
///
/// A template is an expression in which `x`, `y` and `z` stand for the operands, `a` and `b` for the
/// primitive's constants, `n` for the columns of `x`, `m` for those of the result, `k` for the
/// positions that a slice takes and `i` for the column of the result that C computes. Arrays have
/// one row a sample, whatever their number; in C they hold one sample.
struct PrimitiveRow: Sendable {
  enum Kind: Hashable, Sendable {
    case elementwise
    /// Gives the truth of its template, which is 1 or 0 as a number.
    case comparison
    /// Its first operand is a truth.
    case choice
    /// Looks at whole arrays, not at one element of each.
    case wholeArrays
    /// The operand as it is.
    case unchanged
  }

  /// A name or layer of Keras for what a primitive makes of the net inputs.
  struct Layer: Sendable {
    /// A value of `activation=`; otherwise `template` makes a layer.
    let isName: Bool
    let template: String
    /// With binary64 it is not exact.
    let isFloat32Only: Bool

    static func named(_ name: String, isFloat32Only: Bool = false) -> Layer {
      Layer(isName: true, template: name, isFloat32Only: isFloat32Only)
    }

    static func layer(_ template: String, isFloat32Only: Bool = false) -> Layer {
      Layer(isName: false, template: template, isFloat32Only: isFloat32Only)
    }
  }

  /// The same from other primitives, for languages without a form of their own.
  typealias Expansion =
    @Sendable (_ primitive: Primitive, _ inputs: [Node]) throws(ShapeError) -> Node

  /// One of those that differ in their constants only.
  let primitive: Primitive
  let kind: Kind
  let numpy: String?
  let torch: String?
  let keras: String?
  let c: String?
  let onnx: ONNXForm?
  /// A module of PyTorch that does it to the net inputs.
  let module: String?
  let layer: Layer?
  let expansion: Expansion?

  /// - Parameters:
  ///   - everywhere: for the languages whose template is left out.
  ///   - expansion: for the languages that have none.
  init(
    _ primitive: Primitive, _ kind: Kind = .elementwise, everywhere: String? = nil,
    numpy: String? = nil, torch: String? = nil, keras: String? = nil, c: String? = nil,
    onnx: ONNXForm? = nil, module: String? = nil, layer: Layer? = nil, expansion: Expansion? = nil
  ) {
    self.primitive = primitive
    self.kind = kind
    self.numpy = numpy ?? everywhere
    self.torch = torch ?? everywhere
    self.keras = keras ?? everywhere
    self.c = c ?? everywhere
    self.onnx = onnx
    self.module = module
    self.layer = layer
    self.expansion = expansion
  }

  /// A function that has one name in all languages but where another is given.
  static func function(
    _ primitive: Primitive, _ name: String, numpy: String? = nil, c: String? = nil,
    onnx: ONNXForm? = nil, expansion: Expansion? = nil
  ) -> PrimitiveRow {
    PrimitiveRow(
      primitive, numpy: "np.\(numpy ?? name)(x)", torch: "torch.\(name)(x)",
      keras: "ops.\(numpy ?? name)(x)", c: "\(c ?? name)(x)", onnx: onnx, expansion: expansion)
  }

  /// A template of a module or layer with the constants of its primitive.
  static func filled(_ template: String, with constants: [Double], in dialect: Dialect) -> String {
    TemplatePiece.filled(template) { word in
      zip(["a", "b"], constants).first { $0.0 == word }.map { dialect.number($0.1) }
    }
  }

  /// The row of a primitive; nil where it cannot be exported.
  static func row(of primitive: Primitive) -> PrimitiveRow? { table[primitive.operation] }

  private static let table: [Primitive.Operation: PrimitiveRow] = all.reduce(into: [:]) {
    table, row in
    if table[row.primitive.operation] == nil { table[row.primitive.operation] = row }
  }
}

/// A place in a template: a word of letters and digits, or what stands between two of them.
struct TemplatePiece {
  let text: Substring
  let isWord: Bool

  static func pieces(of template: String) -> [TemplatePiece] {
    func isPart(_ character: Character) -> Bool {
      character.isLetter || character.isNumber || character == "_"
    }
    var pieces: [TemplatePiece] = []
    var rest = template[...]
    while let first = rest.first {
      let isWord = isPart(first)
      let end = rest.firstIndex { isPart($0) != isWord } ?? rest.endIndex
      pieces.append(TemplatePiece(text: rest[..<end], isWord: isWord))
      rest = rest[end...]
    }
    return pieces
  }

  /// The template with words replaced.
  /// - Parameter value: what a word stands for; nil where it is itself. An expression that is no
  ///   single operand comes in parentheses unless the template has it between some already.
  static func filled(_ template: String, _ value: (Substring) -> String?) -> String {
    let pieces = pieces(of: template)
    var result = ""
    for (place, piece) in pieces.enumerated() {
      guard piece.isWord, let text = value(piece.text) else {
        result += piece.text
        continue
      }
      let before = place > 0 ? pieces[place - 1].text : ""
      let after = place + 1 < pieces.count ? pieces[place + 1].text : ""
      let isAlone =
        pieces.count == 1
        || (before.hasSuffix("(") || before.hasSuffix(", "))
          && (after.hasPrefix(")") || after.hasPrefix(","))
      result += isAlone || isOperand(text) ? text : "(\(text))"
    }
    return result
  }

  /// Whether an expression keeps its meaning beside any operator.
  private static func isOperand(_ text: String) -> Bool {
    var depth = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: " ") where depth == 0: return false
      default: break
      }
    }
    return !text.hasPrefix("-")
  }
}
