import Explanation
import Language
import Rendering

extension Talk {
  /// What a slide has on its pages, in its order.
  func items(of slide: Slide, _ symbols: Set<Symbol>) -> [TalkLayout.Item] {
    let prose = Prose(symbols: symbols, readsNames: false)
    let parts = slide.parts.map { part -> TalkLayout.Item in
      switch part {
      case .text(let text): return .rows(TalkRow.rows(of: text, prose))
      case .report(let report, let text):
        if let picture = report.picture { return .picture(picture) }
        guard let derivation = report.derivation() else {
          return .rows(TalkRow.rows(of: text, prose))
        }
        return .rows(
          TalkRow.rows(
            of: derivation, number: report.number ?? { NumberStyle.standard.text($0) },
            besides: symbols))
      }
    }
    guard let table = slide.checkTable else { return parts }
    return parts + [
      .rows([.table(table.titles.map(prose.spans), table.rows.map { $0.map(prose.spans) })])
    ]
  }

  /// The symbols of the talk's derivations, which are formulas in running text.
  var symbols: Set<Symbol> {
    slides.reduce(into: []) { symbols, slide in
      for case .report(let report, _) in slide.parts {
        if let derivation = report.derivation() { symbols.formUnion(derivation.symbols) }
      }
    }
  }
}
