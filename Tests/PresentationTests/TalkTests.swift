import Foundation
import Language
import Library
import Presentation
import Rendering
import TestSupport
import Testing

/// A script as slides.
@Suite struct TalkTests {
  private static let script = """
    #!/usr/bin/env bp
    # A short lesson: one weight.

    slide "Start"
    η = 0.5
    print "rate {η}"
    param w = 2
    slide "The error"
    E = (w - 1)^2
    print "E = {E}"
    check grad E w ≈ 2.00
    explain E w
    slide "The step"
    w = w - η*grad E w
    print "w = {w}"
    plot [1, 2, 3]
    """

  private func talk(_ script: String = script) throws -> Talk {
    try Talk(
      script: script, name: "lesson.bp", path: nil, arguments: [], display: { .plain },
      makeInterpreter: { write, report in
        Interpreter(
          catalog: .standard,
          host: Host(write: write, report: report, display: { .plain }))
      })
  }

  @Test("Slides begin with slide statements and hold what was printed behind them")
  func slides() throws {
    let talk = try talk()
    talk.run()
    #expect(talk.title == "A short lesson: one weight")
    #expect(talk.slides.map { $0.title } == ["Start", "The error", "The step"])
    #expect(talk.slides[0].text(on: .plain) == "rate 0.5\n")
    #expect(talk.slides[2].text(on: .plain).hasPrefix("w = 1\n"))
    #expect(talk.outcome == .done && talk.checksFailed == 0)
  }

  @Test("A check is shown as what the slide says, what is computed and a verdict")
  func checks() throws {
    let talk = try talk()
    talk.run()
    let text = talk.slides[1].text(on: .plain)
    #expect(text.contains("check     slide says  bp computes  verdict"))
    #expect(text.contains("grad E w  2.00        2            agrees"))
    let wrong = try self.talk(Self.script.replacing("≈ 2.00", with: "≈ 2.50"))
    wrong.run()
    #expect(wrong.slides[1].text(on: .plain).contains("grad E w  2.50        2            differs"))
    #expect(wrong.checksFailed == 1)
  }

  @Test("A statement on a slide takes the place of the slide's own, and all that follow change")
  func insertion() throws {
    let talk = try talk()
    talk.run()
    #expect(talk.insert("η = 0.1", onSlide: 1) == nil)
    #expect(talk.slides[0].text(on: .plain) == "rate 0.1\n")
    #expect(talk.slides[2].text(on: .plain).hasPrefix("w = 1.8\n"))
    // On a later slide it holds from there on.
    #expect(talk.insert("η = 0.2", onSlide: 3) == nil)
    #expect(talk.slides[0].text(on: .plain) == "rate 0.1\n")
    #expect(talk.slides[2].text(on: .plain).hasPrefix("w = 1.6\n"))
    #expect(talk.insert("print \"more: {2*w}\"", onSlide: 3) == nil)
    #expect(talk.slides[2].text(on: .plain).contains("more: 3.2"))
    #expect(talk.reset() == nil)
    #expect(talk.slides[2].text(on: .plain).hasPrefix("w = 1\n"))
  }

  @Test("What is wrong with a statement is said, and the talk goes on")
  func mistakes() throws {
    let talk = try talk()
    talk.run()
    #expect(talk.insert("η = ", onSlide: 1)?.hasPrefix("error:") == true)
    #expect(talk.insert("η = unknown_name", onSlide: 1) == nil)
    #expect(talk.slides.count == 3)
    #expect(talk.slides[0].text(on: .plain).contains("unknown_name"))
    #expect(throws: TalkError.self) { try self.talk("slide \"open") }
  }

  @Test("A talk can end with a slide, and be searched")
  func partsOfATalk() throws {
    let talk = try talk()
    talk.run(upTo: 2)
    #expect(talk.slides.map { $0.title } == ["Start", "The error"])
    talk.run()
    #expect(talk.search("rate") == [1])
    #expect(talk.search("THE") == [2, 3])
    #expect(talk.search("elephant") == [])
  }

  @Test("An error of the script stands on the slide on which it happened, with its own line")
  func errors() throws {
    let talk = try talk("print 1\nslide \"A\"\nprint 2\nprint nobody\nslide \"B\"\nprint 3\n")
    talk.run()
    #expect(talk.slides.map { $0.title } == ["lesson.bp", "A"])
    #expect(talk.slides[1].text(on: .plain).contains("lesson.bp:4:7"))
    #expect(talk.outcome == .runtimeError)
  }

  @Test(
    "A page holds every slide, its pictures, and nothing from elsewhere",
    arguments: Figure.Theme.allCases)
  func page(_ theme: Figure.Theme) throws {
    let talk = try talk()
    talk.run()
    let html = talk.html(theme: theme)
    #expect(html.components(separatedBy: "<section").count == 5)
    #expect(html.contains("<svg") && html.contains("rate 0.5"))
    #expect(!html.contains("src=") && !html.contains("href=\"http"))
  }

  @Test("A talk for beamer has an overlay for each equation and pictures of TikZ")
  func beamer() throws {
    let talk = try talk()
    talk.run()
    let tex = talk.beamer(theme: .light)
    #expect(tex.contains("\\begin{frame}[t]{\\fittitle{The error}}"))
    #expect(tex.contains("\\uncover<3->") && tex.contains("\\frac{\\partial E}{\\partial w}"))
    #expect(tex.contains("\\begin{tikzpicture}"))
    #expect(
      tex.components(separatedBy: "\\begin{frame}").count
        == tex.components(separatedBy: "\\end{frame}").count)
    #expect(tex.allSatisfy { $0.isASCII })
  }
}
