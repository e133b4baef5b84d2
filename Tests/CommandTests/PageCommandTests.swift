import Exercises
import Foundation
import Testing

/// `bp page`, and `bp grade --code` of what a page hands in.
@Suite struct PageCommandTests {
  private static let engine: [UInt8] = [0, 97, 115, 109, 1, 0, 0, 0]

  @Test func withoutAnEngineTheErrorNamesWhatMakesIt() throws {
    let folder = try Folder()
    let result = try Program.run(
      "page", "--to", "page.html", in: folder, environment: ["BP_ENGINE": "missing.wasm"])
    #expect(result.status == 3)
    #expect(result.errors.contains("scripts/wasm"))
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "page.html").path))
  }

  @Test func aPageHoldsEngineAndScript() throws {
    let folder = try Folder()
    try Data(Self.engine).write(to: folder.url.appending(path: "own.wasm"))
    try folder.write("print 1 # </script>\n", to: "lesson.bp")
    let result = try Program.run(
      "page", "lesson.bp", "--to", "page.html", in: folder, environment: ["BP_ENGINE": "own.wasm"])
    #expect(result.status == 0, "\(result.errors)")
    let page = try String(contentsOf: folder.url.appending(path: "page.html"), encoding: .utf8)
    #expect(page.contains(Data(Self.engine).base64EncodedString()))
    let start = try #require(page.range(of: "id=\"script\">")).upperBound
    let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)).lowerBound
    let script = try JSONDecoder().decode([String: String].self, from: Data(page[start..<end].utf8))
    #expect(script == ["name": "lesson.bp", "text": "print 1 # </script>\n"])
    let missing = try Program.run(
      "page", "nowhere.bp", "--to", "b.html", in: folder, environment: ["BP_ENGINE": "own.wasm"])
    #expect(missing.status == 3 && missing.errors.contains("nowhere.bp"))
  }

  private static let key = """
    variant w = 0.1..0.9 by 0.1
    exercise "Forward" {
      task "w is {w}."
      answer z points=1
      answer y points=1
      check z ≈ 2*w, "2·w"
      check y ≈ sigmoid(z), "the sigmoid"
    }

    """

  @Test func aCodeIsGradedByTheNumbersOfItsStudent() throws {
    let folder = try Folder()
    try folder.write(Self.key, to: "key.bp")
    // A formula may use the numbers of the sheet.
    let code = AnswerCode.code(student: "4711", answers: [("z", "2*w"), ("y", "sigmoid(z)")])
    let result = try Program.run("grade", "key.bp", "--code", code, "--as", "csv", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("code,2,2,graded"))
    let other = AnswerCode.code(student: "4711", answers: [("z", "100"), ("y", "1")])
    let wrong = try Program.run("grade", "key.bp", "--code", other, "--as", "csv", in: folder)
    #expect(wrong.output.contains("code,1,2,graded"), "\(wrong.output)")
  }

  @Test func aDamagedCodeIsToldAndNotGraded() throws {
    let folder = try Folder()
    try folder.write(Self.key, to: "key.bp")
    let code = AnswerCode.code(student: "4711", answers: [("z", "1")])
    let cut = try Program.run("grade", "key.bp", "--code", String(code.dropLast(2)), in: folder)
    #expect(cut.status == 3 && cut.errors.contains("letters of the code"))
    let other = try Program.run("grade", "key.bp", "--code", "z = 1", in: folder)
    #expect(other.status == 3 && other.errors.contains("begins with bp1-"))
    #expect(try Program.run("grade", "key.bp", in: folder).status == 2)
    let both = try Program.run("grade", "key.bp", "--code", code, "a.bp", in: folder)
    #expect(both.status == 2)
  }
}
