import Language
import Library
import Syntax
import TestSupport
import Testing

@testable import Assistance

/// What is said of scripts that are not run.
@Suite struct ScriptAnalysisTests {
  private func problems(_ text: String) -> [String] {
    onDeepStack {
      ScriptAnalysis(text, name: "a.bp", catalog: .standard).diagnostics.map {
        let place = SourceText(name: "", text: text).position(at: $0.range.start)
        return "\(place.line):\(place.column) \($0.message)"
      }
    }
  }

  @Test func everyScriptOfTheProjectIsRight() throws {
    let folders = ["scripts/lectures", "scripts/exercises", "scripts/keys", "scripts/peers"]
    let scripts = try folders.flatMap { try Project.files(below: $0, endingWith: ".bp") }
    #expect(scripts.count >= 40)
    for (path, text) in scripts { #expect(problems(text) == [], "\(path)") }
  }

  /// The scripts of the language's tests: only where one of their errors is expected may something be
  /// said.
  @Test func whatWorksIsNeverCalledWrong() throws {
    let scripts = try Project.files(below: "Tests/LanguageTests/Scripts", endingWith: ".bp")
    var chunks = 0
    for (path, text) in scripts where !path.contains("/files/") {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for chunk in lines.split(separator: "---") where !chunk.contains("# echo") {
        chunks += 1
        let unexpected = problems(chunk.joined(separator: "\n")).filter { problem in
          let number = problem.prefix { $0 != ":" }
          let line = chunk[chunk.startIndex + (Int(number) ?? 1) - 1]
          return !line.contains("# expect error")
        }
        #expect(unexpected == [], "\(path)")
      }
    }
    #expect(chunks >= 600)
  }

  @Test(arguments: [
    ("print y", ["1:7 y has no value"]),
    ("print y; y = 1", ["1:7 y has no value"]),
    ("f(x) = x + y; y = 1; print f(1)", []),
    ("for i in 1..3 { if i > 1 { print last }; last = i }", []),
    ("if true { y = 1 }; print y", []),
    ("foo 3", ["1:1 there is no function foo"]),
    ("f(x) = x; print f(1, 2)", ["1:22 f takes 1 argument, not 2"]),
    ("f(x, y) = x; print f(1)", ["1:20 f needs a value for y"]),
    ("f(x) = x; print (f y=1)", ["1:20 f has no parameter y"]),
    ("f(x) = x; f = cos; print f(1, 2)", []),
    ("print (max 1)", []),
    ("print (sigmoid 1 2)", ["1:18 sigmoid takes 1 argument, not 2"]),
    ("train circles", ["1:1 train needs a data set"]),
    ("n = mlp [2,1] rely", ["1:15 there is no activation called rely"]),
    ("n = mlp [2,1] leaky(slop=1)", ["1:26 leaky has no setting slop"]),
    ("print \"{y}\"", ["1:9 y has no value"]),
    ("g(x) = x; print (grad g x=2)", []),
    ("import \"nowhere.bp\"; print y", []),
    ("x = ___; print x", []),
    ("x = 3 within\nprint x", ["1:7 within is written behind ≈"]),
    ("print args", []),
  ]) func whatIsKnownWithoutRunningIsSaid(text: String, expected: [String]) {
    let found = problems(text)
    #expect(found.count == expected.count, "\(found)")
    for (found, expected) in zip(found, expected) where !expected.contains("within") {
      #expect(found.hasPrefix(expected))
    }
  }

  @Test func aScriptIsLookedAtQuicklyWhateverItDoes() {
    let text = """
      n = mlp [2,8,1] relu sigmoid
      f(k) = if k < 2 { 1 } else { f(k - 1) + f(k - 2) }
      a = f(40)
      b = zeros 10000 10000
      c = "x"
      repeat 100 { c = c + c }
      r = train n circles epochs=100000000
      d = [1, 2]
      """
    let analysis = onDeepStack { ScriptAnalysis(text, name: "a.bp", catalog: .standard) }
    #expect(analysis.diagnostics.isEmpty)
    let known = analysis.outline.filter { !$0.detail.isEmpty }.map { $0.name }
    #expect(known == ["n", "f", "c", "d"] || known == ["n", "f", "d"])
  }
}
