import Differentiation

/// A language as far as the text of a graph depends on it: one template a primitive in
/// `PrimitiveTable.swift`, and how numbers, truths, arrays and assignments are written.
enum Dialect: String, CaseIterable, Sendable {
  case numpy = "NumPy"
  case torch = "PyTorch"
  case keras = "Keras"
  case c = "C"

  func template(_ row: PrimitiveRow) -> String? {
    switch self {
    case .numpy: row.numpy
    case .torch: row.torch
    case .keras: row.keras
    case .c: row.c
    }
  }

  /// The number of a truth `x`.
  var truth: String {
    switch self {
    case .numpy: "np.where(x, 1.0, 0.0)"
    case .torch: "(x).to(DTYPE)"
    case .keras: "ops.cast(x, FLOAT)"
    case .c: "(double)(x)"
    }
  }

  func number(_ number: Double) -> String {
    if number.isFinite { return ProgramText.literal(number) }
    switch self {
    case .c: return number.isNaN ? "NAN" : number < 0 ? "-INFINITY" : "INFINITY"
    default: return "float(\"\(number)\")"
    }
  }

  /// The statement that gives a name to the numbers of a constant.
  func definition(_ name: String, _ value: Tensor) -> String {
    func list(_ numbers: ArraySlice<Double>) -> String {
      numbers.map(number).joined(separator: ", ")
    }
    if self == .c { return "static const double \(name)[] = {\(list(value.elements[...]))};" }
    var text = "[\(list(value.elements[...]))]"
    if case .matrix(let rows, let columns) = value.shape {
      let lists = (0..<rows).map { "[\(list(value.elements[$0 * columns..<($0 + 1) * columns]))]" }
      text = "[\(lists.joined(separator: ", "))]"
    }
    switch self {
    case .torch: return "\(name) = torch.tensor(\(text), dtype=DTYPE)"
    case .keras: return "\(name) = ops.convert_to_tensor(np.array(\(text)), FLOAT)"
    default: return "\(name) = np.array(\(text))"
    }
  }

  /// Positions, from 0, as they stand between the brackets of an index.
  ///
  /// - Parameter name: for a language that takes them from an array of that name.
  /// - Returns: the positions and the statement that they need.
  func positions(_ positions: [Int], name: String) -> (text: String, statement: String?) {
    let list = positions.map { "\($0)" }.joined(separator: ", ")
    return self == .c ? (name, "static const int \(name)[] = {\(list)};") : ("[\(list)]", nil)
  }

  /// One element of an array in C, the array itself elsewhere.
  /// - Parameter width: how many columns it has.
  func element(of name: String, width: Int) -> String {
    self == .c ? "\(name)[\(width == 1 ? "0" : "i")]" : name
  }

  /// The statements that give a name to the value of an expression of so many columns.
  func assignment(_ name: String, _ expression: String, width: Int) -> [String] {
    guard self == .c else { return ["\(name) = \(expression)"] }
    return ["double \(name)[\(width)];", Self.loop(name, expression, width: width)]
  }

  /// The statement of C that computes the elements of an array.
  static func loop(_ name: String, _ expression: String, width: Int) -> String {
    guard width == 1 else {
      return "for (int i = 0; i < \(width); i++) \(name)[i] = \(expression);"
    }
    return "\(name)[0] = " + TemplatePiece.filled(expression) { $0 == "i" ? "0" : nil } + ";"
  }

  /// Functions that templates call, each with its name.
  var helpers: [(name: String, code: String)] {
    switch self {
    case .numpy, .keras: return []
    case .torch:
      return [
        (
          "tensor",
          """
          def tensor(x):
              return torch.as_tensor(x, dtype=DTYPE)
          """
        )
      ]
    case .c:
      func extreme(_ name: String, _ sign: String) -> (name: String, code: String) {
        (
          name,
          """
          static double \(name)(int count, const double *x) {
            double best = x[0];
            for (int i = 1; i < count; i++) if (x[i] != x[i] || x[i] \(sign) best) best = x[i];
            return best;
          }
          """
        )
      }
      return [
        (
          "sum_of",
          """
          static double sum_of(int count, const double *x) {
            double sum = 0;
            for (int i = 0; i < count; i++) sum += x[i];
            return sum;
          }
          """
        ),
        extreme("largest_of", ">"), extreme("smallest_of", "<"),
        (
          "product_at",
          """
          static double product_at(int column, int count, int columns, const double *x,
                                   const double *w) {
            double sum = 0;
            for (int j = 0; j < count; j++) sum += x[j] * w[j * columns + column];
            return sum;
          }
          """
        ),
        (
          "remainder_of",
          """
          static double remainder_of(double x, double divisor) {
            double rest = fmod(x, divisor);
            return rest != 0 && (rest < 0) != (divisor < 0) ? rest + divisor : rest;
          }
          """
        ),
      ]
    }
  }

  /// The helpers that statements call, in their order.
  func helpers(calledBy text: String) -> String {
    let words = Set(TemplatePiece.pieces(of: text).filter { $0.isWord }.map { $0.text })
    return helpers.filter { words.contains($0.name[...]) }
      .map { $0.code + (self == .torch ? "\n\n\n" : "\n\n") }.joined()
  }
}
