import Syntax

/// Words of other tools and courses, and how the same is said here: for the error of an unknown
/// name and for `help`.
struct ForeignWord: Sendable {
  /// As they are spelled elsewhere.
  let words: [String]
  /// How the same is said here, in one line.
  let help: String
  /// What `help` says more about it.
  let see: [String]

  /// - Parameters:
  ///   - words: with blanks between them.
  ///   - see: words that `help` knows, with blanks between them.
  init(_ words: String, _ help: String, see: String = "") {
    self.words = Self.list(words)
    self.help = help
    self.see = Self.list(see)
  }

  private static func list(_ text: String) -> [String] {
    text.split { $0 == " " || $0 == "\n" }.map { String($0) }
  }

  /// The record of a word: as it is spelled, otherwise in any case, with or without `_`, and without
  /// the module or value in front of it: `np.zeros`, `keras.layers.Dense`.
  static func named(_ name: String) -> ForeignWord? {
    var word = name
    if let open = word.firstIndex(of: "(") { word = String(word[..<open]) }
    // R has points in names: na.omit.
    if let known = byWord[word] ?? byFolded[folded(word.replacingEach(".", by: "_"))] {
      return known
    }
    guard let point = word.lastIndex(of: ".") else { return nil }
    let last = String(word[word.index(after: point)...])
    return byWord[last] ?? byFolded[folded(last)]
  }

  /// Whether functions stand behind a point of this name elsewhere: `np.zeros`, `plt.plot`.
  static func isModule(_ name: String) -> Bool { modules.contains(name) }

  private static let modules: Set<String> = [
    "np", "numpy", "scipy", "math", "Math", "cmath", "nn", "F", "tf", "torch", "keras", "sklearn",
    "plt", "pyplot", "matplotlib", "sns", "seaborn", "pd", "pandas", "optim", "random", "linalg",
    "layers", "models", "optimizers", "losses", "metrics", "datasets", "jnp", "jax", "Flux", "os",
    "sys", "time", "model", "clf", "optimizer", "loss_fn", "criterion", "statistics", "console",
    "std", "LinearAlgebra", "Plots", "read", "write", "is", "na",
    "as",
  ]

  private static func folded(_ word: String) -> String {
    word.lowercased().split { $0 == "_" || $0 == " " || $0 == "-" }.joined()
  }

  static let all: [ForeignWord] = nets + training + files + arrays + numbers + program + places

  private static let byWord: [String: ForeignWord] = {
    var table: [String: ForeignWord] = [:]
    for record in all { for word in record.words { table[word] = record } }
    return table
  }()

  private static let byFolded: [String: ForeignWord] = {
    var table: [String: ForeignWord] = [:]
    // The first that was written of words that differ in case alone, the same at every start.
    for record in all {
      for word in record.words where table[folded(word)] == nil { table[folded(word)] = record }
    }
    return table
  }()
}
