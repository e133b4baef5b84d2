import Interchange
import Rendering

/// A page with the engine in it, as one file that needs no network.
package struct PageFile {
  /// A file that the page opens with.
  package struct Script {
    let name: String
    let text: String

    package init(name: String, text: String) {
      (self.name, self.text) = (name, text)
    }
  }

  private let engine: [UInt8]
  private let isCompressed: Bool
  private let script: Script?

  /// - Parameters:
  ///   - engine: engine.wasm, or the same with gzip.
  ///   - script: what the page opens with; nil for the examples.
  package init(engine: [UInt8], isCompressed: Bool, script: Script?) {
    self.engine = engine
    self.isCompressed = isCompressed
    self.script = script
  }

  /// HTML in UTF-8.
  package var bytes: [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(engine.count * 4 / 3 + 1 << 17)
    for piece in Self.pieces(of: PackageResources.page_html) {
      switch piece {
      case .text(let text): output += text
      case .place(let name): output += content(of: name)
      }
    }
    return output
  }

  private enum Piece {
    case text(ArraySlice<UInt8>)
    case place(String)
  }

  /// The template, cut at its places: `{{style}}`.
  private static func pieces(of template: [UInt8]) -> [Piece] {
    var pieces: [Piece] = []
    var rest = template[...]
    let (open, close) = (Array("{{".utf8), Array("}}".utf8))
    while let start = place(of: open, in: rest), let end = place(of: close, in: rest[start...]) {
      pieces.append(.text(rest[..<start]))
      pieces.append(
        .place(String(decoding: rest[(start + open.count)..<end], as: UTF8.self)))
      rest = rest[(end + close.count)...]
    }
    return pieces + [.text(rest)]
  }

  private static func place(of part: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= part.count else { return nil }
    return (bytes.startIndex...(bytes.endIndex - part.count)).first {
      bytes[$0...].starts(with: part)
    }
  }

  private func content(of name: String) -> [UInt8] {
    switch name {
    case "style": PackageResources.page_css
    case "program": Self.program.flatMap { $0 + [UInt8(ascii: "\n")] }
    case "worker": PackageResources.engine_mjs + PackageResources.worker_js
    case "engine": Array(SVG.base64(engine).utf8)
    case "compression": Array((isCompressed ? "gzip" : "none").utf8)
    case "script": Array(scriptJSON.utf8)
    default: []
    }
  }

  /// The page's own code, in the order in which its parts use each other.
  private static var program: [[UInt8]] {
    [
      PackageResources.words_js, PackageResources.client_js, PackageResources.state_js,
      PackageResources.views_js, PackageResources.why_js, PackageResources.prompt_js,
      PackageResources.task_js, PackageResources.pen_js, PackageResources.settings_js,
      PackageResources.page_js,
    ]
  }

  /// The script as JSON that can stand in a page: no end of an element, and no line end but those of HTML.
  private var scriptJSON: String {
    guard let script else { return "null" }
    let json = JSON.record([("name", .text(script.name)), ("text", .text(script.text))])
    guard let bytes = try? json.bytes() else { return "null" }
    return String(decoding: bytes, as: UTF8.self).replacing("<", with: "\\u003c")
      .replacing("\u{2028}", with: "\\u2028").replacing("\u{2029}", with: "\\u2029")
  }
}
