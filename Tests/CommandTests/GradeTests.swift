import Foundation
import Language
import Library
import Testing

/// `bp grade` against submissions that are hostile, broken or careless: each gets the marks of its
/// answers, and the next one is graded.
@Suite struct GradeTests {
  static let key = """
    param w = 0.8, x = 2, b = 0.1
    secret = 0.123454321
    exercise "Forward pass" {
      task "Compute z and y."
      answer z "the net input" points=1
      answer y "the output" points=1
      check z ≈ w*x + b, "the net input"
      check y ≈ sigmoid(z), "the output"
    }

    """
  /// Both answers, right.
  static let right = "z = 1.7\ny = 0.845534735\n"
  /// One right, one wrong.
  static let half = "z = 1.7\ny = 0.1\n"

  /// A submission, the points it earns, and how it may end.
  struct Attempt: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let points: Double
    let status: Set<String>

    init(_ name: String, _ text: String, _ points: Double, _ status: String...) {
      self.name = name
      self.text = text
      self.points = points
      self.status = status.isEmpty ? ["graded"] : Set(status)
    }

    var testDescription: String { name }
  }

  static let attempts: [Attempt] =
    [
      // Honest ones.
      Attempt("right", right, 2), Attempt("half", half, 1), Attempt("empty", "", 0),
      Attempt("blank", "z = ___\ny = ___\n", 0),
      Attempt("computed", "z = 0.8*2 + 0.1\ny = sigmoid z\n", 2),
      Attempt("follow-on", "z = 1.6\ny = 0.832\n", 1),
      Attempt("an error between", "z = 1.7\nnonsense + 1\ny = 0.846\n", 2),
      Attempt("a syntax error between", "z = 1.7\nq = = 3\ny = 0.846\n", 2),
      Attempt("an exercise around", "exercise \"A\" { z = 1.7; y = 0.846 }\n", 2),
      // Loops and growth.
      Attempt("endless loop", right + "while true { }\n", 2, "limit"),
      Attempt("endless recursion", right + "f(x) = f(x)\nf(1)\n", 2, "graded", "limit"),
      Attempt("endless repeat", right + "repeat 1e14 { a = 1 }\n", 2, "limit"),
      Attempt("10 GB", right + "a = zeros 1300000000\n", 2, "graded", "limit"),
      Attempt(
        "10 GB in parts", right + "a = []\nwhile true { a = append a (zeros 1000000) }\n", 2,
        "limit"),
      Attempt(
        "doubling string", right + "s = \"ab\"\nwhile true { s = s + s }\n", 2, "limit", "graded"),
      Attempt(
        "lists in lists", right + "l = [1]\nwhile true { l = [l, l] }\n", 2, "limit", "graded"),
      Attempt(
        "huge output", right + "while true { print \"xxxxxxxxxxxxxxxxxxxxxxxxxxxx\" }\n", 2, "limit"
      ),
      Attempt(
        "huge matrix product", right + "a = rand 4000 4000\nwhile true { a = a @ a }\n", 2, "limit",
        "graded"),
      Attempt(
        "endless training",
        right + "net = mlp [2, 20, 1] relu sigmoid\ntrain net circles epochs=200000000\n", 2,
        "limit"),
      Attempt(
        "deep brackets",
        right + "a = " + String(repeating: "(", count: 5000) + "1"
          + String(repeating: ")", count: 5000) + "\n", 2, "graded", "refused"),
      Attempt(
        "long sum", right + "a = 1" + String(repeating: " + 1", count: 50_000) + "\n", 2, "graded",
        "refused"),
      Attempt(
        "large text",
        right + String(repeating: "# a comment that goes on and on\n", count: 100_000), 0,
        "refused", "limit"),
      // Reports and points of its own.
      Attempt("bonus", half + "exercise \"bonus\" points=100 { check true }\n", 1),
      Attempt(
        "answers of its own",
        half + "exercise \"Forward pass\" { answer z points=99; answer y points=99 }\n", 1),
      Attempt("a fake row", half + "print \"a,2,2,graded,\"\n", 1),
      Attempt("a fake report", half + "print \"{\\\"points\\\": 100}\"\n", 1),
      Attempt("a fake answer", half + "print \"z\", 1.7, \"y\", 0.845534735\n", 1),
      Attempt("checks of its own", half + "check y ≈ 0.1\n", 1),
      Attempt("a variant of its own", half + "variant w = [1, 2]\n", 1),
      // Leaving.
      Attempt("exit", right + "exit 0\n", 2),
      Attempt("exit first", "exit 0\n" + right, 2, "graded"),
      Attempt("exit in a loop", right + "repeat 3 { exit 1 }\n", 2),
      // Reaching out.
      Attempt("import the key", half + "import \"key.bp\"\n", 1),
      Attempt("import above", half + "import \"../key.bp\"\n", 1),
      Attempt("load the key", half + "k = load \"key.bp\"\n", 1),
      Attempt("csv of passwd", half + "k = csv \"/etc/passwd\"\n", 1),
      Attempt("the environment", half + "k = load \"/proc/self/environ\"\n", 1),
      Attempt("its own memory", half + "k = load \"/proc/self/mem\"\n", 1),
      Attempt("standard input", half + "k = csv \"-\"\n", 1),
      Attempt("write a file", half + "save (mlp [2, 1] sigmoid) \"out.safetensors\"\n", 1),
      Attempt("write a table", half + "write_csv [[1, 2]] \"out.csv\"\n", 1),
      Attempt("write to the output", half + "save [1, 2] \"-\" as=json\n", 1),
      Attempt("write the key", half + "save \"z = 1\" \"key.bp\"\n", 1),
      Attempt("a picture", half + "show circles to=\"out.svg\"\n", 1),
      Attempt("an export", half + "export (mlp [2, 1] sigmoid) \"out.c\"\n", 1),
      Attempt("run", half + "run \"key.bp\"\n", 1), Attempt("edit", half + "edit\n", 1),
      // What cannot be an answer.
      Attempt("a function", "z(x) = 1.7\ny = 0.846\n", 1),
      Attempt("a net", "z = mlp [2, 1] sigmoid\ny = 0.846\n", 1),
      Attempt("a text", "z = \"1.7\"\ny = 0.846\n", 1),
      Attempt("a list", "z = [1.7]\ny = [\"a\", 2]\n", 0),
      Attempt("a vector", "z = [1.7, 1.7]\ny = 0.846\n", 1),
      Attempt("a truth value", "z = true\ny = 0.846\n", 1),
      Attempt("nan", "z = 0/0\ny = 0.846\n", 1), Attempt("inf", "z = inf\ny = 1e308*10\n", 0),
      Attempt("a huge vector", "z = zeros 1000000\ny = 0.846\n", 1),
      Attempt(
        "a giant text", "z = 1.7\ny = \"" + String(repeating: "a", count: 100_000) + "\"\n", 1),
      // Letters and lines.
      Attempt("terminal codes", right + "print \"\\u{1B}[2J\\u{1B}]0;owned\\u{7}\"\n", 2),
      Attempt("windows lines", "z = 1.7\r\ny = 0.846\r\n", 2),
      Attempt("a byte order mark", "\u{FEFF}" + right, 2),
      Attempt("bidirectional marks", "z = 1.7 # \u{202E}\ny = 0.846\n", 2),
      Attempt("the last value counts", "z = 1\nz = 1.7\ny = 0\ny = 0.846\n", 2),
      Attempt("a hidden value", right + "f() = { z = 3; z }\nf()\n", 2),
      Attempt("a param", "param z = 1.7\ny = sigmoid z\n", 2),
      Attempt("clear", right + "clear all\n", 0),
      Attempt("seeds and styles", "seed 3\ndigits 2\nz = 1.7\ny = 0.845534735\n", 2),
    ]

  /// The rows of a run, by the name of the submission.
  private func rows(
    _ texts: [(name: String, text: String)], in folder: Folder
  ) throws -> [String: [String: String]] {
    try folder.write(Self.key, to: "key.bp")
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "in"), withIntermediateDirectories: false)
    for (name, text) in texts { try folder.write(text, to: "in/\(name).bp") }
    let result = try Program.run(
      "grade", "key.bp", "in", "--as", "json", "--max-time", "5", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let submissions = try #require(report["submissions"] as? [[String: Any]])
    var rows: [String: [String: String]] = [:]
    for submission in submissions {
      let path = "\(submission["submission"] ?? submission["name"] ?? "")"
      let name = path.split(separator: "/").last.map { String($0.dropLast(3)) } ?? ""
      rows[name] = [
        "points": "\(submission["points"] ?? "")", "status": "\(submission["status"] ?? "")",
        "all": "\(submission)",
      ]
    }
    return rows
  }

  @Test func everyAttemptGetsTheMarksOfItsAnswers() throws {
    let folder = try Folder()
    let texts = Self.attempts.enumerated().map { ("a\($0.offset)", $0.element.text) }
    let rows = try rows(texts, in: folder)
    #expect(rows.count == Self.attempts.count)
    for (place, attempt) in Self.attempts.enumerated() {
      let row = try #require(rows["a\(place)"], "\(attempt.name)")
      #expect(Double(row["points"] ?? "") == attempt.points, "\(attempt.name): \(row)")
      #expect(attempt.status.contains(row["status"] ?? ""), "\(attempt.name): \(row)")
      #expect(row["all"]?.contains("0.123454321") == false, "\(attempt.name)")
    }
    // Nothing was written beside the submissions.
    #expect(folder.files == ["in", "key.bp"])
  }

  @Test func noNameOfBpTakenByASubmissionChangesAMark() throws {
    let folder = try Folder()
    let names = Catalog.standard.names.filter { $0.allSatisfy { $0.isLetter || $0 == "_" } }
    var texts: [(String, String)] = []
    // Fifty in one submission, wrong answers and right ones.
    for (place, start) in stride(from: 0, to: names.count, by: 50).enumerated() {
      let taken = names[start..<min(start + 50, names.count)].map { "\($0)(x...) = 0\n\($0) = 0\n" }
        .joined()
      let plain = names[start..<min(start + 50, names.count)].map { "\($0) = 0\n" }.joined()
      texts.append(("half\(place)", Self.half + plain + taken))
      texts.append(("right\(place)", Self.right + plain + taken))
    }
    for (name, row) in try rows(texts, in: folder) {
      #expect(row["points"] == (name.hasPrefix("half") ? "1" : "2"), "\(name): \(row)")
    }
  }
}
