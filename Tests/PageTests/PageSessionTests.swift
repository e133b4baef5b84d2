import Exercises
import Interchange
import Language
import Page
import Testing

@Suite struct PageSessionTests {
  private let page = PageSession(limits: Runtime.Limits(), clock: { 0 })

  private func ask(_ kind: String, _ code: String, _ more: [(String, JSON)] = []) throws -> JSON {
    let request = JSON.record([("ask", .text(kind)), ("code", .text(code))] + more)
    return try JSON.parse(page.answer(request.bytes()))
  }

  private func text(_ answer: JSON) -> String {
    (answer["outputs"]?.list ?? []).compactMap { $0["text"]?.text }.joined()
  }

  private func makeNet() throws {
    _ = try ask("run", "d = circles 20\nnet = mlp [2,2,1] tanh sigmoid seed=1")
  }

  @Test func aLineIsRunAndItsVariablesStay() throws {
    #expect(try ask("run", "x = 2")["status"]?.number == 0)
    let answer = try ask("run", "print x + 1")
    #expect(text(answer) == "3\n")
    #expect(answer["status"]?.number == 0)
    #expect(answer["names"]?.list?.compactMap { $0["name"]?.text } == ["x"])
  }

  @Test func errorsComeWithTheirPlaceAndStatus() throws {
    let answer = try ask("run", "print nowhere")
    #expect(answer["status"]?.number == 3)
    #expect(text(answer).contains("nowhere"))
    #expect(try ask("run", "print (")["status"]?.number == 2)
  }

  @Test(arguments: ["", "{", "[]", "{\"ask\":\"fly\"}", "{\"ask\":3}", "\"run\""])
  func aRequestThatCannotBeReadIsAnsweredWithAnError(request: String) throws {
    let answer = try JSON.parse(page.answer(Array(request.utf8)))
    #expect(answer["error"]?.text?.isEmpty == false)
  }

  @Test func drawingsSayWhatTheyShow() throws {
    try makeNet()
    let svg = try #require(ask("draw", "show net d view=net")["svg"]?.text)
    for name in ["W1[2,1]", "W2[1,2]", "a1[1]", "a2[1]", "x[2]"] {
      #expect(svg.contains("data-name=\"\(name)\""), "\(name)")
    }
    let map = try #require(ask("draw", "show net d")["svg"]?.text)
    #expect(map.contains("data-name=\"sample 20\""))
    _ = try ask("run", "run = train net d epochs=3 quiet=true")
    #expect(try #require(ask("draw", "show run")["svg"]?.text).contains("data-name=\"epoch 3\""))
    #expect(try ask("draw", "x = 1")["error"] != nil)
  }

  @Test func aPlotTellsWhatItsAreaStandsFor() throws {
    try makeNet()
    let map = try #require(ask("draw", "show net d")["svg"]?.text)
    let area = try #require(map.firstMatch(of: /data-area="([^"]*)"/)?.1)
    let ends = area.split(separator: " ").compactMap { Double($0) }
    for row in 1...20 {
      let point = try text(ask("run", "print d.x[\(row)]")).filter { !"[]\n".contains($0) }
        .split(separator: ", ").compactMap { Double($0) }
      #expect(point[0] > ends[0] && point[0] < ends[2] && point[1] > ends[1] && point[1] < ends[3])
    }
    // A net on one sample is no plot.
    let drawing = try #require(ask("draw", "show net d view=net")["svg"]?.text)
    #expect(!drawing.contains("data-area"))
  }

  @Test func theSymbolsInUseAreNamed() throws {
    #expect(try ask("run", "x = 1")["notation"]?.text == "mazur")
    let answer = try ask("run", "notation [from: \"ng\", name: \"mine\", net: \"s_<unit>\"]")
    #expect(answer["notation"]?.text == "mine")
  }

  @Test func derivationsNameWhatTheirRowsAreAboutAndMadeOf() throws {
    try makeNet()
    let answer = try ask(
      "derive", "explain net d sample=3 optimizer=sgd lr=0.1",
      [("net", .text("net")), ("sample", .number(3))])
    let rows = try #require(answer["rows"]?.list)
    func uses(_ name: String) throws -> [String] {
      let row = try #require(rows.first { $0["about"]?.text == name }, "\(name)")
      return row["uses"]?.list?.compactMap { $0.text } ?? []
    }
    #expect(try uses("z1[2]") == ["W1[2,1]", "W1[2,2]", "b1[2]", "x[1]", "x[2]"])
    #expect(try uses("a2[1]") == ["z2[1]"])
    #expect(try Set(uses("delta1[1]")) == ["W2[1,1]", "delta2[1]", "slope a1[1]"])
    #expect(try uses("loss").contains("t[1]"))
    #expect(try uses("W1[2,1]").contains("grad W1[2,1]"))
  }

  @Test(arguments: ["ng", "goebels", "vitay", "upc", "rumelhart"])
  func rowsHaveTheSameNamesInEveryNotation(notation: String) throws {
    try makeNet()
    _ = try ask("run", "notation \(notation)")
    let answer = try ask(
      "derive", "explain net d sample=3", [("net", .text("net")), ("sample", .number(3))])
    let about = Set((answer["rows"]?.list ?? []).compactMap { $0["about"]?.text })
    #expect(about.isSuperset(of: ["z1[1]", "a1[2]", "a2[1]", "loss"]))
  }

  @Test func whatIsChosenFromIsWhatTheCatalogLists() throws {
    let choices = try ask("choices", "")
    let circles = choices["data"]?.list?.first { $0["name"]?.text == "circles" }
    let noise = circles?["settings"]?.list?.first { $0["name"]?.text == "noise" }
    #expect(noise?["standard"]?.text == "0.15")
    #expect(noise?["low"]?.number == 0)
    #expect(choices["notation"]?.list?.count == 6)
    #expect((choices["activation"]?.list?.count ?? 0) > 15)
  }

  @Test func filesStayInThePage() throws {
    _ = try ask(
      "put", "", [("path", .text("a.csv")), ("text", .text("x,y\n1,2\n3,4\n"))])
    #expect(
      try text(ask("run", "print shape (csv \"a.csv\" target=\"y\").x")).hasSuffix("[2, 1]\n"))
    try makeNet()
    _ = try ask("run", "save net \"net.onnx\"")
    #expect(
      try #require(ask("take", "", [("path", .text("net.onnx"))])["base64"]?.text).count > 200)
    #expect(try ask("take", "", [("path", .text("/etc/passwd"))])["error"] != nil)
  }

  @Test func completionAndHelpCountAsJavaScriptDoes() throws {
    let answer = try ask("complete", "\"😀\"; trai", [("cursor", .number(10))])
    #expect(answer["start"]?.number == 6)
    #expect(answer["candidates"]?.list?.first?["text"]?.text == "train")
    #expect(
      try ask("inspect", "train", [("cursor", .number(2))])["text"]?.text?.contains("Trains")
        == true)
  }

  // MARK: Sheets

  private static let sheet = """
    # A unit
    # student: 4711

    w = 0.5; x = 2

    # Compute its net input
    # and its output.
    z = ___    # the net input
    y = ___

    exercise "Forward" {
      answer z
      hint "The weighted input."
      public check z ≈ w*x, "w·x"
      public check y ≈ sigmoid(z), "the sigmoid of z"
    }
    """

  @Test func aSheetIsAForm() throws {
    let segments = try #require(ask("sheet", Self.sheet)["segments"]?.list)
    let kinds = segments.compactMap { $0["kind"]?.text }
    #expect(kinds == ["words", "code", "words", "blank", "blank", "exercise"])
    #expect(segments[2]["text"]?.text == "Compute its net input and its output.")
    #expect(segments[3]["label"]?.text == "z =")
    #expect(segments[3]["words"]?.text == "the net input")
    #expect(try ask("sheet", Self.sheet)["student"]?.text == "4711")
  }

  private func check(_ answers: [String]) throws -> JSON {
    try ask("check", Self.sheet, [("answers", .list(answers.map { .text($0) }))])
  }

  @Test func itsPublicChecksSayWhatHoldsAndTheCodeHoldsTheAnswers() throws {
    let answer = try check(["1", "0.5"])
    let report = try JSON.parse(Array(#require(answer["report"]?.text).utf8))
    let checks = report["exercises"]?.list?.first?["checks"]?.list ?? []
    #expect(checks.compactMap { $0["result"]?.text } == ["holds", "fails"])
    let code = try #require(answer["code"]?.text)
    #expect(try AnswerCode.script(of: code) == "# student: 4711\nz = 1\ny = 0.5\n")
  }

  @Test(arguments: ["1; exit 0", "1\ncheck true", "}", "\"", "(", "x = 3"])
  func anAnswerIsOneValue(hostile: String) throws {
    #expect(try check([hostile, ""])["error"]?.text?.contains("z: ") == true)
  }
}

@Suite struct AnswerCodeTests {
  @Test func aCodeGivesItsAnswersBack() throws {
    let code = AnswerCode.code(
      student: "ä 7", answers: [("η", "0.5"), ("w", "-1e-3*(2 + 1)")])
    #expect(code.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) })
    let script = "# student: ä 7\nη = 0.5\nw = -1e-3*(2 + 1)\n"
    #expect(try AnswerCode.script(of: code) == script)
    #expect(try AnswerCode.script(of: " \(code.prefix(9))\n\(code.dropFirst(9)) ") == script)
  }

  @Test func oneChangedOrMissingLetterIsFound() throws {
    let code = Array(AnswerCode.code(student: "", answers: [("z", "0.25")]))
    for place in code.indices.dropFirst(4) {
      var changed = code
      changed[place] = changed[place] == "A" ? "B" : "A"
      #expect(throws: AnswerCode.Failure.self) {
        try AnswerCode.script(of: String(changed))
      }
      changed.remove(at: place)
      #expect(throws: AnswerCode.Failure.self) { try AnswerCode.script(of: String(changed)) }
    }
    #expect(throws: AnswerCode.Failure.noCode) { try AnswerCode.script(of: "z = 0.25") }
  }
}
