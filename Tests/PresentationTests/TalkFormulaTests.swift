import Explanation
import Foundation
import FoundationXML
import Language
import Library
import Rendering
import TestSupport
import Testing

@testable import Presentation

/// Formulas of talks as a browser sets them.
@Suite struct TalkFormulaTests {
  static let lectures = ["cazenave", "ceng506", "goebels", "vitay", "llano"]

  private static func talk(_ name: String) throws -> Talk {
    let path = Project.file("scripts/lectures/\(name).bp").path
    let talk = try Talk(
      script: try String(contentsOfFile: path, encoding: .utf8), name: "\(name).bp", path: path,
      arguments: [], display: { .plain },
      makeInterpreter: { write, report in
        Interpreter(
          catalog: .standard, host: Host(write: write, report: report, display: { .plain }))
      })
    talk.run()
    return talk
  }

  private static func equations(of talk: Talk) -> [SetEquation] {
    let items = talk.slides.flatMap { talk.items(of: $0, talk.symbols) }
    return items.flatMap { item -> [SetEquation] in
      guard case .rows(let rows) = item else { return [] }
      return rows.compactMap { if case .equation(let equation) = $0 { equation } else { nil } }
    }
  }

  @Test(
    "Every formula of a lecture is set, with the same signs in MathML and TeX, and none is a line of letters of one width"
  )
  func areSet() throws {
    for name in Self.lectures {
      let talk = try Self.talk(name)
      let equations = Self.equations(of: talk)
      #expect(equations.count > 20, "\(name)")
      let html = talk.html(theme: .light)
      let elements = Self.elements("math", of: html)
      #expect(elements.count >= equations.count)
      for equation in equations {
        let alternative = MathMLWriter.escaped(equation.alternative)
        #expect(
          elements.contains { $0.contains("alttext=\"\(alternative)\"") },
          "\(name): \(equation.alternative)")
        let mathML = MathMLWriter.element(equation, width: .infinity)
        let tex = TeXWriter.element(equation, width: .infinity)
        #expect(
          String(Self.signs(ofMathML: mathML)) == String(Self.signs(ofTeX: tex)), "\(tex)")
      }
      let listings = Self.elements("pre", of: html).joined(separator: "\n")
      for equation in equations where equation.alternative.count > 20 {
        #expect(!listings.contains(MathMLWriter.escaped(equation.alternative)))
      }
      for element in elements { expectMathML(element) }
    }
  }

  /// What stands between the tags, sorted.
  private static func signs(ofMathML element: String) -> [Character] {
    var text = ""
    var isTag = false
    for character in element.dropFirst(element.prefix { $0 != ">" }.count + 1) {
      if character == "<" { isTag = true } else if !isTag { text.append(character) }
      if character == ">" { isTag = false }
    }
    return text.replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .filter { !" {_".contains($0) }.sorted()
  }

  /// The same of TeX, its commands replaced by what they stand for.
  private static func signs(ofTeX tex: String) -> [Character] {
    var text = tex.replacing("^{", with: "{")
    for name in ["pmatrix", "cases", "aligned"] {
      let bracket = name == "pmatrix" ? ("(", ")") : ("", "")
      text = text.replacing("\\begin{\(name)}", with: bracket.0)
        .replacing("\\end{\(name)}", with: bracket.1)
    }
    let commands = [
      ("\\displaystyle", ""), ("\\left.", ""), ("\\left", ""), ("\\right", ""), ("\\mathrm", ""),
      ("\\operatorname", ""), ("\\text", ""), ("\\frac", ""), ("\\sqrt", ""), ("\\dots", "…"),
      ("\\cdot", "·"), ("\\partial", "∂"), ("\\le ", "≤"), ("\\ge ", "≥"), ("\\ne ", "≠"),
      ("\\hat", "^"), ("\\prime", "′"), ("\\ell", "ℓ"), ("\\\\", ""), ("\\,", ""), ("&", ""),
    ]
    for (command, meaning) in commands { text = text.replacing(command, with: meaning) }
    for letter in "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ" {
      let command = TeXWriter.text(Symbol(name: String(letter)).layout)
      text = text.replacing("\(command) ", with: String(letter))
        .replacing(/\\([A-Za-z]+)/) { $0.0 == command ? String(letter) : String($0.0) }
    }
    // Names of functions stand for themselves.
    text = text.replacing("\\", with: "").replacing("-", with: "−").replacing("'", with: "′")
    return text.filter { !" {}_$".contains($0) }.sorted()
  }

  private static func elements(_ name: String, of html: String) -> [String] {
    html.components(separatedBy: "<\(name)").dropFirst().map { part in
      "<\(name)" + (part.components(separatedBy: "</\(name)>").first ?? "") + "</\(name)>"
    }
  }
}

/// Whether an XML reader takes an element, and all elements in it are of MathML Core.
func expectMathML(_ element: String, sourceLocation: SourceLocation = #_sourceLocation) {
  final class Reader: NSObject, XMLParserDelegate {
    var unknown: [String] = []
    static let known: Set<String> = [
      "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "msub", "msup",
      "msubsup", "mover", "mtable", "mtr", "mtd",
    ]

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      if !Self.known.contains(name) { unknown.append(name) }
    }
  }
  let reader = Reader()
  let parser = XMLParser(data: Data(element.utf8))
  parser.delegate = reader
  #expect(parser.parse(), "\(element)", sourceLocation: sourceLocation)
  #expect(reader.unknown.isEmpty, "\(element)", sourceLocation: sourceLocation)
}
