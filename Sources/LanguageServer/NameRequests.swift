import Assistance
import Interchange
import Language
import Syntax

// What is asked about the name at a place.
extension LanguageServer {
  func hover(_ place: Place) -> JSON {
    guard let found = place.analysis.hover(at: place.offset) else { return .null }
    return .record([
      "contents": markup(found.text), "range": json(of: found.range, in: place.document.text),
    ])
  }

  func completion(_ place: Place) -> JSON {
    guard let found = place.analysis.completion(at: place.offset) else { return .null }
    let range = json(
      of: SourceRange(start: found.start, end: place.offset), in: place.document.text)
    let typed = String(
      decoding: place.document.text.bytes[found.start..<place.offset], as: UTF8.self)
    let position = json(of: place.document.text.position(of: place.offset, units))
    let digits = "\(found.candidates.count)".count
    let items = found.candidates.enumerated().map { number, candidate in
      let order = "\(number)"
      var note = candidate.display
      if note.hasPrefix(candidate.text) { note.removeFirst(candidate.text.count) }
      note = String(note.drop { $0 == " " })
      return JSON.record([
        "label": .text(candidate.kind == .letter ? candidate.display : candidate.text),
        "kind": .integer(Self.number(of: candidate.kind)),
        "detail": .text(note.isEmpty ? candidate.kind.rawValue : note),
        "sortText": .text(String(repeating: "0", count: digits - order.count) + order),
        "filterText": .text(candidate.kind == .letter ? typed : candidate.text),
        "textEdit": .record(["range": range, "newText": .text(candidate.text)]),
        "data": .record([
          "uri": .text(place.document.uri), "position": position,
          "kind": .text(candidate.kind.rawValue), "name": .text(candidate.text),
        ]),
      ])
    }
    return .record(["isIncomplete": .truth(false), "items": .list(items)])
  }

  /// The protocol's kinds of completion items.
  private static func number(of kind: Completion.Kind) -> Int {
    switch kind {
    case .keyword: 14
    case .function: 3
    case .constant: 21
    case .variable: 6
    case .option: 10
    case .choice: 20
    case .field: 5
    case .file: 17
    case .letter: 1
    case .topic: 18
    }
  }

  /// The item with its documentation.
  func resolved(_ item: JSON) -> JSON {
    guard case .object(let members) = item, let data = item["data"],
      let document = data["uri"]?.text.flatMap({ documents[$0] }), let name = data["name"]?.text,
      let kind = data["kind"]?.text.flatMap({ Completion.Kind(rawValue: $0) }),
      let position = Self.position(data["position"])
    else { return item }
    let help = analysis(of: document).documentation(
      of: name, kind, at: document.text.offset(of: position, units))
    guard let help else { return item }
    return .object(
      members.filter { $0.name != "documentation" } + [.init("documentation", markup(help))])
  }

  func definition(_ place: Place) -> JSON {
    guard let use = place.analysis.use(at: place.offset) else { return .null }
    switch use.meaning {
    case .symbol(let symbol, _):
      let places = place.analysis.definitions(of: symbol, seenFrom: use.range.start)
      return .list(
        places.map { definition in
          if let file = definition.file {
            return location(definition.range, in: file, of: place.document)
          }
          return location(definition.range, in: place.document)
        })
    case .file(let file):
      return .list([location(SourceRange(start: 0, end: 0), in: file, of: place.document)])
    default: return .null
    }
  }

  func references(_ place: Place, includesDefinitions: Bool) -> JSON {
    guard let symbol = symbol(at: place) else { return .list([]) }
    return .list(
      place.analysis.uses(of: symbol).filter { includesDefinitions || !$0.isDefinition }
        .map { location($0.range, in: place.document) })
  }

  func highlights(_ place: Place) -> JSON {
    guard let symbol = symbol(at: place) else { return .null }
    return .list(
      place.analysis.uses(of: symbol).map { use in
        .record([
          "range": json(of: use.range, in: place.document.text),
          "kind": .integer(use.isDefinition ? 3 : 2),
        ])
      })
  }

  private func symbol(at place: Place) -> ScriptSymbol? {
    guard case .symbol(let symbol, _)? = place.analysis.use(at: place.offset)?.meaning else {
      return nil
    }
    return symbol
  }

  func renamable(_ place: Place) throws(ResponseError) -> JSON {
    do throws(RenamingError) {
      let (symbol, range) = try place.analysis.renamable(at: place.offset)
      return .record([
        "range": json(of: range, in: place.document.text), "placeholder": .text(symbol.name),
      ])
    } catch {
      throw .failed(error.message)
    }
  }

  func renamed(_ place: Place, _ params: JSON) throws(ResponseError) -> JSON {
    guard let name = params["newName"]?.text else { throw .params("a new name is missing") }
    do throws(RenamingError) {
      let ranges = try place.analysis.renaming(at: place.offset, to: name)
      return workspaceEdit(ranges.map { ($0, name) }, in: place.document)
    } catch {
      throw .failed(error.message)
    }
  }

  func signature(_ place: Place) -> JSON {
    guard let help = place.analysis.callHelp(at: place.offset) else { return .null }
    let text = help.signature
    let parameters = help.parameters.map { parameter in
      let start = text[..<parameter.range.lowerBound].utf16.count
      let end = text[..<parameter.range.upperBound].utf16.count
      return JSON.record([
        "label": .list([.integer(start), .integer(end)]), "documentation": .text(parameter.summary),
      ])
    }
    let active = JSON.integer(help.active ?? help.parameters.count)
    return .record([
      "signatures": .list([
        .record([
          "label": .text(text), "documentation": .text(help.summary),
          "parameters": .list(parameters), "activeParameter": active,
        ])
      ]),
      "activeSignature": .integer(0), "activeParameter": active,
    ])
  }
}
