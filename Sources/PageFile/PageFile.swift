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
      PackageResources.task_js, PackageResources.page_js,
    ]
  }

  /// The script as JSON that can stand in a page.
  private var scriptJSON: String {
    guard let script else { return "null" }
    return "{\"name\":\(Self.quoted(script.name)),\"text\":\(Self.quoted(script.text))}"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      // The end of an element is never met inside of it.
      case "<": result += "\\u003c"
      case "\u{2028}": result += "\\u2028"
      case "\u{2029}": result += "\\u2029"
      default:
        if scalar.value < 0x20 {
          let digits = Array("0123456789abcdef")
          let (high, low) = (Int(scalar.value >> 4), Int(scalar.value & 15))
          result += "\\u00\(digits[high])\(digits[low])"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
