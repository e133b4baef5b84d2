import Language
import Syntax

/// All that is known of a script without running it.
package final class ScriptAnalysis {
  /// Scripts that import one another this deep are not followed any further.
  private static let deepestImport = 8

  package let source: SourceText
  package let parsed: ParseResult
  /// Whether it is a file of Android's build system, of which nothing is said.
  package let isForeign: Bool
  package let interpreter: Interpreter
  /// In the order of the text.
  package private(set) var uses: [NameUse] = []
  /// In the order of the text.
  package private(set) var diagnostics: [Diagnostic]
  /// What is asked for less often than errors.
  package private(set) lazy var values: KnownValues = {
    let scope = scope
    var values = KnownValues(interpreter, source, id) { scope.symbols[$0] != nil }
    if !isForeign { values.look(at: parsed.statements) }
    return values
  }()
  private let id: SourceID
  /// Whether other scripts are imported.
  package private(set) var hasImports = false
  /// The names outside of functions.
  package var symbols: [ScriptSymbol] { scope.symbols.values.sorted { $0.name < $1.name } }
  private let scope = NameScope(parent: nil, range: nil)
  private var scopes: [NameScope] = []
  package private(set) lazy var colours = Colouring.tokens(of: source)

  /// - Parameters:
  ///   - readScript: the text of a script by its path as an import has it; nil where it is out of
  ///     reach.
  package init(
    _ text: String, name: String, catalog: Catalog, files: FileAccess = .none,
    readScript: (String) -> String? = { _ in nil }
  ) {
    let source = SourceText(name: name, text: text)
    self.source = source
    let host = Host(write: { _ in true }, report: { _ in }, files: files)
    interpreter = Interpreter(catalog: catalog, host: host, limits: KnownValues.limits)
    let parsed = Parser.parse(source)
    self.parsed = parsed
    isForeign = !parsed.diagnostics.isEmpty && AndroidBlueprint.matches(text)
    id = interpreter.adopt(source)
    guard !isForeign else {
      diagnostics = []
      return
    }
    diagnostics = parsed.diagnostics
    resolve(readScript)
    for statement in parsed.statements {
      if let problem = interpreter.resolutionError(of: statement, in: source, id) {
        diagnostics.append(problem)
      }
    }
    diagnostics.sort { ($0.range.start, $0.range.end) < ($1.range.start, $1.range.end) }
  }

  private func resolve(_ readScript: (String) -> String?) {
    var declarations = Declarations(source: source, scope: scope)
    declarations.add(parsed.statements)
    let resolution = NameResolution(interpreter, source: source, scope: scope)
    var paths: Set<String> = []
    hasImports = !declarations.imports.isEmpty
    follow(declarations.imports, resolution, &paths, depth: 0, from: nil, readScript)
    resolution.presumed.insert(Interpreter.argumentsName)
    if !parsed.diagnostics.isEmpty { presumeNames(in: resolution) }
    resolution.visit(parsed.statements)
    resolution.recordNamedArguments()
    scopes = resolution.scopes
    uses = resolution.uses.sorted { $0.range.start < $1.range.start }
    diagnostics += resolution.problems
  }

  /// Takes the names of imported scripts up.
  private func follow(
    _ imports: [Expression], _ resolution: NameResolution, _ paths: inout Set<String>, depth: Int,
    from folder: String?, _ readScript: (String) -> String?
  ) {
    for path in imports {
      guard let written = path.plainText, depth < Self.deepestImport else {
        resolution.presumesAll = true
        continue
      }
      let place = written.hasPrefix("/") ? written : (folder ?? "") + written
      guard paths.insert(place).inserted else { continue }
      guard let text = readScript(place) else {
        resolution.presumesAll = true
        continue
      }
      let file = ScriptFile(path: place, text: text)
      if depth == 0 { resolution.record(path.range, .file(file)) }
      let known = Set(scope.symbols.keys)
      var declarations = Declarations(source: file.source, scope: scope, file: file)
      declarations.add(Parser.parse(file.source).statements)
      resolution.assign(all: Set(scope.symbols.keys).subtracting(known))
      let inner = place.lastIndex(of: "/").map { String(place[...$0]) }
      follow(declarations.imports, resolution, &paths, depth: depth + 1, from: inner, readScript)
    }
  }

  /// Where a statement is not in the language, what it would have given a value is not known.
  private func presumeNames(in resolution: NameResolution) {
    for place in unreadNames { resolution.presumed.insert(source.text(of: place)) }
  }

  /// The names in what is not in the language.
  var unreadNames: [SourceRange] {
    guard !parsed.diagnostics.isEmpty else { return [] }
    var places: [SourceRange] = []
    var covered = parsed.statements.map { $0.range }[...]
    let broken = Set(parsed.diagnostics.map { source.line(at: $0.range.start) })
    for token in colours where token.colour == .name {
      while let first = covered.first, first.end <= token.range.start { covered.removeFirst() }
      let isCovered = covered.first.map { $0.start <= token.range.start } ?? false
      if !isCovered || broken.contains(source.line(at: token.range.start)) {
        places.append(token.range)
      }
    }
    return places
  }

  // MARK: Places

  /// What stands at a byte of the text, or right before it.
  package func use(at offset: Int) -> NameUse? {
    uses.prefix(startingUpTo: offset, { $0.range }).suffix(2).reversed().first {
      $0.range.start <= offset && offset <= $0.range.end
    }
  }

  /// Every place of a name in the script.
  package func uses(of symbol: ScriptSymbol) -> [(range: SourceRange, isDefinition: Bool)] {
    uses.compactMap {
      guard case .symbol(let other, let isDefinition) = $0.meaning, other === symbol else {
        return nil
      }
      return ($0.range, isDefinition)
    }
  }

  /// The token or comment at a byte of the text, or right before it.
  package func token(at offset: Int) -> ColouredToken? {
    colours.prefix(startingUpTo: offset, { $0.range }).last.flatMap {
      offset <= $0.range.end ? $0 : nil
    }
  }

  /// The names that may be used at a byte of the text.
  package func visibleSymbols(at offset: Int) -> [ScriptSymbol] {
    let inner = scopes.filter { scope in
      scope.range.map { $0.start <= offset && offset <= $0.end } ?? false
    }
    return inner.reversed().flatMap { $0.symbols.values.sorted { $0.name < $1.name } } + symbols
  }

  /// The places that may have given the name its value at a place of the text: the last one before
  /// it, and those that may be passed over after that.
  package func definitions(
    of symbol: ScriptSymbol, seenFrom offset: Int
  ) -> [ScriptSymbol.Definition] {
    let before = symbol.definitions.filter { $0.file == nil && $0.range.start <= offset }
    guard symbol.scope == nil, let sure = before.lastIndex(where: { !$0.isConditional }) else {
      return symbol.definitions
    }
    return Array(before[sure...])
  }
}

extension Array {
  /// Of parts in the order of the text, those that begin at a byte or before it.
  fileprivate func prefix(
    startingUpTo offset: Int, _ range: (Element) -> SourceRange
  ) -> ArraySlice<Element> {
    var low = startIndex
    var high = endIndex
    while low < high {
      let middle = (low + high) / 2
      if range(self[middle]).start <= offset { low = middle + 1 } else { high = middle }
    }
    return self[..<low]
  }
}
