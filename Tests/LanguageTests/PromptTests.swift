import Foundation
import TestSupport
import Testing

@testable import Language

/// What belongs to working at a prompt, without a terminal.
@Suite struct SessionPromptTests {
  private func candidates(_ text: String, after code: String = "") -> [String] {
    let session = TestSession()
    session.run(code)
    return session.interpreter.completion(of: text, cursor: text.utf8.count).candidates
      .map(\.text)
  }

  @Test func `completion knows the position`() {
    #expect(candidates("lands") == ["landscape"])
    #expect(candidates("train net circles loss=b").contains("bce"))
    #expect(candidates("train net circles ep").contains("epochs="))
    #expect(candidates("train net circles shuf") == ["shuffle=", "shuffle"])
    let options = candidates("train net circles ", after: "mine = 1")
    #expect(options.first?.hasSuffix("=") == true)
    #expect(options.contains("mine") && !options.contains("landscape"))
    #expect(candidates("print ").contains("landscape"))
    #expect(candidates("show net view=sp") == ["space"])
    #expect(candidates("\\delt") == ["δ"])
    #expect(candidates("r.fir", after: "r = [first: 1, second: 2]") == ["first"])
    #expect(candidates("r.a.de", after: "r = [a: [deep: 1]]") == ["deep"])
    #expect(candidates("net.W", after: "net = mlp [2,3,1] tanh sigmoid") == ["W1", "W2"])
    #expect(candidates("# net.W", after: "net = mlp [2,3,1] tanh sigmoid").isEmpty)
  }

  @Test(
    "behind a word of a statement an expression is completed as it is alone",
    arguments: ["check ", "print ", "return ", "x = ", "if ", "while ", "repeat ", "time "])
  func completionBehindStatements(word: String) {
    for expression in [
      "train net circles ep", "train net circles loss=b", "train net circles ", "lands",
    ] {
      #expect(candidates(word + expression) == candidates(expression), "\(word)\(expression)")
    }
    #expect(candidates(word).contains("landscape"))
  }

  @Test func `completion in a string offers files, folders with a slash`() throws {
    let session = TestSession { host in
      host.files.list = { folder in
        switch folder {
        case "": ["lesson.bp", "lectures/", "rain.csv", "notes.txt", ".hidden"]
        case "lectures/": ["one.bp"]
        default: []
        }
      }
    }
    let interpreter = session.interpreter
    func texts(_ text: String) -> [String] {
      interpreter.completion(of: text, cursor: text.utf8.count).candidates.map(\.text)
    }
    #expect(texts("run \"le") == ["lectures/", "lesson.bp"])
    #expect(texts("run \"lectures/") == ["one.bp"])
    #expect(texts("csv \"r") == ["rain.csv"])
    #expect(texts("csv \"").count == 4)
    // What load reads, and what save could write.
    #expect(texts("d = load \"") == ["lectures/", "rain.csv"])
    #expect(texts("save net \"net.o") == ["net.onnx"])
    #expect(texts("export net \"net.") == ["net.py", "net.c"].sorted())
    #expect(texts("save net \"n") == ["notes.txt"])
    let only = interpreter.completion(of: "csv \"ra", cursor: 7).candidates
    #expect(only.first?.suffix == "\"")
    // A folder leads on: its string stays open.
    let folder = interpreter.completion(of: "run \"lec", cursor: 8).candidates
    #expect(folder.map(\.text) == ["lectures/"] && folder.map(\.suffix) == [""])
    #expect(texts("csv \".h") == [".hidden"])
  }

  @Test func `a session is saved as the statements that worked, and they run again`() throws {
    let session = TestSession()
    for line in ["a = 2", "b = a +", "b = a * 3", "c = unknown", "help sin", "a + b"] {
      session.run(line, name: "prompt", echoes: true)
    }
    session.run("save \"session.bp\"", name: "prompt", echoes: true)
    #expect(session.outputLines.last == "session.bp is written")
    let text = String(decoding: try #require(session.written["session.bp"]), as: UTF8.self)
    #expect(text.split(separator: "\n").dropFirst() == ["a = 2", "b = a * 3", "a + b"])
    let again = TestSession()
    again.run(text)
    again.run("print b")
    #expect(again.output == "6\n")
  }

  @Test func `run brings in the names of another script, whatever is called run`() {
    let session = TestSession()
    session.run("save_as = 1")
    session.run("run = train (mlp [2,1] sigmoid) gate(\"and\") epochs=1 quiet=true")
    #expect(session.run("run \"missing.bp\"") == .runtimeError)
    #expect(session.reports.last?.contains("missing.bp cannot be read") == true)
    #expect(!session.reports.contains { $0.contains("hides") })
  }

  @Test func `undo takes the last training back, bit for bit`() {
    let session = TestSession()
    session.run(
      """
      net = mlp [2,3,1] tanh sigmoid
      before = net.W1
      train net xor epochs=5 quiet=true
      print net.W1 == before
      undo
      print net.W1 == before
      """)
    #expect(session.outputLines == ["false", "true"])
    #expect(session.run("undo") == .runtimeError)
  }

  @Test func `long lists, vectors and matrices are echoed with their middle left out`() {
    let session = TestSession()
    session.run("xs = map (x -> [n: x]) (1..500)", name: "prompt", echoes: true)
    #expect(session.output.contains("…") && session.output.contains("(500 elements)"))
    #expect(session.output.utf8.count < 400)
    session.run("1..5000", name: "prompt", echoes: true)
    #expect(session.output.contains("(5000 elements)"))
  }

  @Test func `help tells of variables, of options and of what a value is`() {
    let session = TestSession()
    for line in ["x = [1, 2]", "?x", "?epochs", "what x", "vars"] {
      session.run(line, name: "prompt", echoes: true)
    }
    #expect(session.reports.isEmpty)
    let lines = session.outputLines
    #expect(lines.prefix(2) == ["x = [1, 2]", "x = [1, 2]"])
    #expect(lines.contains("epochs is an option of"))
    #expect(lines.contains { $0.hasPrefix("  train ") && $0.contains("epochs=100") })
    #expect(lines.contains("a vector of 2"))
    // No arguments of a script at the prompt.
    #expect(lines.contains("x     a vector of 2  [1, 2]"))
    #expect(!session.output.contains("args"))
  }

  @Test func `the last result is ans; an assignment and a semicolon leave it`() {
    let session = TestSession()
    for line in ["6*7", "x = 1", "5;", "ans"] { session.run(line, name: "prompt", echoes: true) }
    #expect(session.outputLines == ["42", "x = 1", "42"])
  }
}
