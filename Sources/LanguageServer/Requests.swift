import Assistance
import Interchange
import Language
import Syntax

extension LanguageServer {
  /// `initialize`: takes up how the client counts, and says what can be asked.
  func initialize(_ params: JSON) -> JSON {
    let offered = params.at("capabilities", "general", "positionEncodings")?.list ?? []
    units = offered.compactMap { $0.text.flatMap { TextUnits(rawValue: $0) } }.first ?? .utf16
    let formats = params.at("capabilities", "textDocument", "hover", "contentFormat")?.list ?? []
    showsMarkdown = formats.contains(.text("markdown"))
    let capabilities = JSON.record([
      "positionEncoding": .text(units.rawValue),
      "textDocumentSync": .record([
        "openClose": .truth(true), "change": .integer(2), "save": .truth(true),
      ]),
      "completionProvider": .record([
        "triggerCharacters": .list([".", "=", "\"", "\\", "/"].map { .text($0) }),
        "resolveProvider": .truth(true),
      ]),
      "hoverProvider": .truth(true), "definitionProvider": .truth(true),
      "referencesProvider": .truth(true), "documentHighlightProvider": .truth(true),
      "renameProvider": .record(["prepareProvider": .truth(true)]),
      "signatureHelpProvider": .record([
        "triggerCharacters": .list(["(", ",", " "].map { .text($0) })
      ]),
      "documentFormattingProvider": .truth(true), "documentSymbolProvider": .truth(true),
      "foldingRangeProvider": .truth(true), "inlayHintProvider": .truth(true),
      "codeActionProvider": .record(["codeActionKinds": .list([.text("quickfix")])]),
      "semanticTokensProvider": .record([
        "legend": .record([
          "tokenTypes": .list(MeaningfulToken.Kind.allCases.map { .text($0.rawValue) }),
          "tokenModifiers": .list(Self.modifiers.map { .text($0) }),
        ]), "full": .truth(true),
      ]),
    ])
    return .record([
      "capabilities": capabilities,
      "serverInfo": .record(["name": .text("bp"), "version": .text(process.version)]),
    ])
  }

  static let modifiers = ["declaration", "defaultLibrary"]

  func answer(_ method: String, _ params: JSON) throws(ResponseError) -> JSON {
    switch method {
    case "completionItem/resolve": return resolved(params)
    case "textDocument/completion": return completion(try place(in: params))
    case "textDocument/hover": return hover(try place(in: params))
    case "textDocument/definition": return definition(try place(in: params))
    case "textDocument/references":
      let includes = params.at("context", "includeDeclaration")?.truth ?? true
      return references(try place(in: params), includesDefinitions: includes)
    case "textDocument/documentHighlight": return highlights(try place(in: params))
    case "textDocument/prepareRename": return try renamable(try place(in: params))
    case "textDocument/rename": return try renamed(try place(in: params), params)
    case "textDocument/signatureHelp": return signature(try place(in: params))
    case "textDocument/formatting": return formatted(try document(in: params))
    case "textDocument/documentSymbol": return symbols(of: try document(in: params))
    case "textDocument/foldingRange": return folds(of: try document(in: params))
    case "textDocument/semanticTokens/full": return semanticTokens(of: try document(in: params))
    case "textDocument/inlayHint": return hints(in: try document(in: params), params["range"])
    case "textDocument/codeAction": return actions(in: try document(in: params), params["range"])
    default: throw .unknown(method)
    }
  }

  /// A byte of an open script.
  struct Place {
    let document: TextDocument
    let analysis: ScriptAnalysis
    let offset: Int
  }

  func document(in params: JSON) throws(ResponseError) -> TextDocument {
    guard let uri = params.at("textDocument", "uri")?.text else {
      throw .params("a request names no document")
    }
    guard let document = documents[uri] else { throw .params("\(uri) is not open") }
    return document
  }

  func place(in params: JSON) throws(ResponseError) -> Place {
    let document = try document(in: params)
    guard let position = Self.position(params["position"]) else {
      throw .params("a request names no position")
    }
    return Place(
      document: document, analysis: analysis(of: document),
      offset: document.text.offset(of: position, units))
  }

  // MARK: Places

  func json(of position: PlacedText.Position) -> JSON {
    .record(["line": .integer(position.line), "character": .integer(position.character)])
  }

  func json(of range: SourceRange, in text: PlacedText) -> JSON {
    .record([
      "start": json(of: text.position(of: range.start, units)),
      "end": json(of: text.position(of: range.end, units)),
    ])
  }

  func range(_ json: JSON?, in document: TextDocument) -> SourceRange? {
    guard let start = Self.position(json?["start"]), let end = Self.position(json?["end"]) else {
      return nil
    }
    return SourceRange(
      start: document.text.offset(of: start, units), end: document.text.offset(of: end, units))
  }

  func location(_ range: SourceRange, in document: TextDocument) -> JSON {
    .record(["uri": .text(document.uri), "range": json(of: range, in: document.text)])
  }

  /// A place in another script.
  func location(_ range: SourceRange, in file: ScriptFile, of document: TextDocument) -> JSON {
    var path = file.path
    if !path.hasPrefix("/"), let own = FileURI.path(of: document.uri) {
      path = FileURI.folder(ofPath: own) + path
    }
    let text = PlacedText(String(decoding: file.source.bytes, as: UTF8.self))
    return .record([
      "uri": .text(FileURI.uri(ofPath: path)), "range": json(of: range, in: text),
    ])
  }

  /// Help, whose lines are kept as they are.
  func markup(_ text: String) -> JSON {
    var fence = "```"
    while text.contains(fence) { fence += "`" }
    return showsMarkdown
      ? .record(["kind": .text("markdown"), "value": .text("\(fence)text\n\(text)\n\(fence)")])
      : .record(["kind": .text("plaintext"), "value": .text(text)])
  }

  // MARK: Diagnostics

  func json(of diagnostic: Diagnostic, in document: TextDocument) -> JSON {
    var message = diagnostic.message
    if !diagnostic.label.isEmpty { message += ": \(diagnostic.label)" }
    for help in diagnostic.help { message += "\nhelp: \(help.text)" }
    let related = diagnostic.labels.map { label in
      JSON.record([
        "location": location(label.range, in: document), "message": .text(label.text),
      ])
    }
    return .record([
      "range": json(of: diagnostic.range, in: document.text), "severity": .integer(1),
      "source": .text("bp"), "code": .text(diagnostic.kind.rawValue), "message": .text(message),
      "relatedInformation": .list(related),
    ])
  }

  /// The help that is known as edits, for the diagnostics that touch a range.
  func actions(in document: TextDocument, _ json: JSON?) -> JSON {
    guard let range = range(json, in: document) else { return .list([]) }
    var actions: [JSON] = []
    for diagnostic in analysis(of: document).diagnostics
    where diagnostic.range.start <= range.end && range.start <= diagnostic.range.end {
      let fixes = diagnostic.help.filter { !$0.edits.isEmpty }
      for fix in fixes {
        actions.append(
          .record([
            "title": .text(fix.text), "kind": .text("quickfix"),
            "diagnostics": .list([self.json(of: diagnostic, in: document)]),
            "isPreferred": .truth(fixes.count == 1),
            "edit": workspaceEdit(fix.edits.map { ($0.range, $0.text) }, in: document),
          ]))
      }
    }
    return .list(actions)
  }

  func workspaceEdit(_ edits: [(SourceRange, String)], in document: TextDocument) -> JSON {
    .record([
      "changes": .object([
        .init(
          document.uri,
          .list(
            edits.map { range, text in
              .record(["range": json(of: range, in: document.text), "newText": .text(text)])
            }))
      ])
    ])
  }
}
