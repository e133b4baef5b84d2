import Interchange
import Testing

@testable import LanguageServer

/// What an editor is told about a script.
@Suite struct RequestTests {
  static let script = """
    # A lesson.
    net = mlp [2,20,1] relu sigmoid
    X = [[1, 2], [3, 4]]
    Y = X @ X' + 1
    ## Twice a number.
    twice(x, times=2) = {
      η = times*x
      η
    }
    a = twice 3 times=4
    b = twice(a)
    slide "One"
    exercise "Two" {
      check a ≈ 12, "no" points=2
    }
    train net circles epochs=5 optimizer=adam
    """

  private func opened(_ text: String = script) -> TestClient {
    let client = TestClient()
    client.open(text)
    return client
  }

  private func hover(_ client: TestClient, _ line: Int, _ character: Int) -> String {
    client.ask("hover", at: line, character).at("contents", "value")?.text ?? ""
  }

  @Test func errorsComeWithPlacesHelpAndVersions() {
    let client = TestClient()
    let found = client.open("trian net circles\nx = (1\n")
    #expect(found.count == 3)
    #expect(
      found.first?["message"]?.text
        == "there is no function trian: unknown name\nhelp: did you mean train?")
    #expect(found.first?["range"]?.place == "0:0-0:5")
    let fixed = client.change([.record(["text": .text("x = (1)\n")])], version: 7)
    #expect(TestClient.diagnostics(fixed).isEmpty)
    #expect(fixed.last?.at("params", "version") == .integer(7))
    let twice = client.change(
      [.record(["text": .text("train circles circles epochs=1 epochs=2\n")])])
    #expect(TestClient.diagnostics(twice).map { $0["range"]?.place } == ["0:31-0:37"])
    // A file that is closed has no errors any more.
    let closed = client.notify(
      "textDocument/didClose",
      .record(["textDocument": .record(["uri": .text(TestClient.uri)])]))
    #expect(closed.count == 1 && TestClient.diagnostics(closed).isEmpty)
  }

  @Test func errorsPointAtOtherPlacesAsWell() {
    let client = TestClient()
    let found = client.open("f(x) = {\n  y = z\n  z = 2\n}\nz = 1\n")
    let related = found.first?["relatedInformation"]?.list?.first
    #expect(related?.at("location", "range")?.place == "1:6-1:7")
  }

  @Test func hoverTellsKindsFormulasAndHelp() {
    let client = opened()
    #expect(hover(client, 1, 1).contains("a net with the sizes 2-20-1"))
    #expect(hover(client, 3, 0).contains("a 2×2 matrix"))
    #expect(hover(client, 9, 5) == "twice(x, times=2)\nTwice a number.")
    #expect(hover(client, 5, 10).contains("a parameter"))
    #expect(hover(client, 15, 1).hasPrefix("train net data"))
    #expect(hover(client, 15, 19).hasPrefix("train … epochs=100"))
    #expect(hover(client, 15, 39).contains("adam(beta1"))
    #expect(hover(client, 12, 2).hasPrefix("exercise"))
    #expect(hover(client, 3, 6).hasPrefix("W @ x"))
    #expect(hover(client, 0, 3).isEmpty)
    let sigmoid = opened("y = sigmoid 0\n")
    #expect(hover(sigmoid, 0, 6).contains("1/(1 + exp(-x))"))
  }

  @Test func definitionsAndReferencesAreFound() {
    let client = opened()
    func places(_ result: JSON) -> [String] { (result.list ?? []).map { $0["range"]?.place ?? "" } }
    #expect(places(client.ask("definition", at: 9, 6)) == ["5:0-5:5"])
    #expect(places(client.ask("definition", at: 7, 3)) == ["6:2-6:4"])
    let context: KeyValuePairs<String, JSON> = [
      "context": .record(["includeDeclaration": .truth(false)])
    ]
    #expect(places(client.ask("references", at: 5, 0, context)) == ["9:4-9:9", "10:4-10:9"])
    #expect(places(client.ask("references", at: 10, 10)).count == 3)
    #expect(places(client.ask("documentHighlight", at: 10, 10)).count == 3)
  }

  @Test func theLastValueBeforeAUseIsItsDefinition() {
    let client = opened("x = 1\nx = 2\nif x > 1 {\n  x = 3\n}\nprint x\n")
    let places = client.ask("definition", at: 5, 6).list?.map { $0["range"]?.place ?? "" }
    #expect(places == ["1:0-1:1", "3:2-3:3"])
  }

  @Test func renamingReachesEveryPlaceOfTheName() {
    let client = opened()
    func places(_ line: Int, _ character: Int, _ name: String) -> [String] {
      let result = client.ask("rename", at: line, character, ["newName": .text(name)])
      return (result["changes"]?[TestClient.uri]?.list ?? []).map { $0["range"]?.place ?? "" }
    }
    // The parameter, in the function and where a call names it.
    #expect(places(5, 10, "factor") == ["5:9-5:14", "6:7-6:12", "9:12-9:17"])
    #expect(places(6, 2, "y") == ["6:2-6:4", "7:2-7:4"])
    #expect(places(9, 0, "answer_a").count == 3)
    func refusal(_ line: Int, _ character: Int, _ name: String) -> String {
      client.ask("rename", at: line, character, ["newName": .text(name)])["message"]?.text ?? ""
    }
    #expect(refusal(9, 0, "X") == "X means something in this script already")
    #expect(refusal(9, 0, "sin") == "bp has something of the name sin")
    #expect(refusal(9, 0, "2x") == "2x is no name")
    #expect(refusal(9, 0, "if") == "if is no name")
    #expect(refusal(15, 0, "y").contains("only a variable"))
    #expect(client.ask("prepareRename", at: 9, 0)["placeholder"] == .text("a"))
    let ambiguous = opened("loss = 0.3\nprint loss\nprint (loss 3)\n")
    #expect(
      ambiguous.ask("rename", at: 0, 0, ["newName": .text("y")])["message"]?.text?
        .contains("mean the function loss of bp") == true)
  }

  @Test(arguments: [
    (9, 12, 1, "twice(x, times=2)"), (10, 11, 0, "twice(x, times=2)"), (15, 9, 0, "train net data"),
    (15, 14, 1, "train net data"), (15, 26, 2, "train net data"), (3, 0, -1, ""),
  ]) func theCallUnderWayIsShown(line: Int, character: Int, active: Int, label: String) {
    let help = opened().ask("signatureHelp", at: line, character)
    let signature = help["signatures"]?.list?.first
    #expect(signature?["label"]?.text?.hasPrefix(label) ?? (active < 0))
    #expect(help["activeParameter"]?.integer ?? -1 == active)
  }

  private func labels(_ result: JSON) -> [String] {
    (result["items"]?.list ?? []).compactMap { $0["label"]?.text }
  }

  @Test func completionKnowsPlacesAndNames() {
    let client = opened()
    #expect(labels(client.ask("completion", at: 15, 20)) == ["epochs="])
    #expect(labels(client.ask("completion", at: 15, 39)) == ["adagrad", "adam", "adamw"])
    #expect(labels(client.ask("completion", at: 0, 4)).isEmpty)
    let typed = opened("f(alpha) = {\n  beta = 2\n  be\n}\ngamma = 3\ngam\nn = mlp [2,1] relu\nn.")
    #expect(labels(typed.ask("completion", at: 2, 4)) == ["beta"])
    #expect(labels(typed.ask("completion", at: 5, 3)) == ["gamma"])
    #expect(labels(typed.ask("completion", at: 7, 2)).contains("W1"))
  }

  @Test func completionIsExplainedWhenAsked() throws {
    let client = opened("tra")
    let item = try #require(client.ask("completion", at: 0, 3)["items"]?.list?.first)
    let resolved = client.ask("completionItem/resolve", item)
    #expect(resolved.at("documentation", "value")?.text?.hasPrefix("train net data") == true)
    #expect(item.at("textEdit", "range")?.place == "0:0-0:3")
  }

  @Test func namesOfFilesAreCompleted() {
    let client = TestClient(scripts: ["/lesson/table.csv": "", "/lesson/tab.txt": ""])
    client.open("d = csv \"ta\n")
    #expect(labels(client.ask("completion", at: 0, 11)) == ["tab.txt", "table.csv"])
  }

  @Test func theHelpOfAnErrorIsAnEdit() {
    let client = TestClient()
    client.open("x = 2 ** 3\nif x = 8 { print 1 }\ntrain circles circles epocs=3\n")
    let range: KeyValuePairs<String, JSON> = [
      "range": .record([
        "start": TestClient.position(0, 0), "end": TestClient.position(3, 0),
      ])
    ]
    let actions = client.ask("codeAction", at: 0, 0, range).list ?? []
    let edits = actions.map { action -> String in
      let edits = action["edit"]?["changes"]?[TestClient.uri]?.list ?? []
      return edits.map { "\($0["range"]?.place ?? "") \($0["newText"]?.text ?? "")" }
        .joined(separator: ", ")
    }
    #expect(edits == ["0:6-0:8 ^", "1:5-1:6 ==", "2:22-2:27 epochs"])
    #expect(actions.first?["title"] == .text("write x = 2 ^ 3"))
  }

  @Test func formattingChangesTheLinesThatDiffer() {
    let client = opened("a = 1\nb   =  2\nc = 3\n")
    let edits = client.ask("formatting").list ?? []
    #expect(edits.map { $0["range"]?.place ?? "" } == ["1:0-2:0"])
    #expect(edits.first?["newText"] == .text("b = 2\n"))
    #expect(opened("a = 1\n").ask("formatting") == .list([]))
    #expect(opened("a = (").ask("formatting") == .null)
  }

  @Test func partsAreListedAndFold() {
    let client = opened()
    let symbols = client.ask("documentSymbol").list ?? []
    #expect(
      symbols.compactMap { $0["name"]?.text } == ["net", "X", "Y", "twice", "a", "b", "One"])
    #expect(symbols.last?["children"]?.list?.first?["name"] == .text("Two"))
    let folds = (client.ask("foldingRange").list ?? []).map {
      [$0["startLine"]?.integer, $0["endLine"]?.integer]
    }
    #expect(folds.contains([5, 7]) && folds.contains([12, 13]))
  }

  @Test func shapesStandBesideNames() {
    let hints = opened().ask("inlayHint").list ?? []
    #expect(hints.compactMap { $0["label"]?.text } == [": 2-20-1", ": 2×2"])
    // What a training may change is not told, nor what depends on it.
    let after = opened("n = mlp [2,1] sigmoid\ntrain n xor\ny = n [[0, 1]]\nz = y + 1\n")
    #expect(after.ask("inlayHint").list?.compactMap { $0["label"]?.text } == [": 2-1"])
    // A loop may have made it another.
    let loop = opened("x = 1..3\nfor i in 1..2 {\n  x = append x i\n}\ny = x + 1\n")
    #expect(loop.ask("inlayHint").list?.compactMap { $0["label"]?.text } == [": 3"])
  }

  @Test func tokensSayWhatNamesStandFor() {
    let client = opened("f(x) = x + pi\nprint f(2)\ns = \"a{s2}\n")
    let legend = ["comment", "keyword", "string", "number", "operator", "variable", "parameter"]
    let data = client.ask("semanticTokens/full")["data"]?.list?.compactMap { $0.integer } ?? []
    var line = 0
    var found: [String] = []
    for start in stride(from: 0, to: data.count, by: 5) {
      line += data[start]
      let kind = data[start + 3]
      if line < 2 { found.append(kind < legend.count ? legend[kind] : "function") }
    }
    #expect(
      found == [
        "function", "parameter", "operator", "parameter", "operator", "variable", "keyword",
        "function", "number",
      ])
  }

  @Test func importedNamesLeadToTheirFile() {
    let client = TestClient(scripts: ["/lesson/shapes.bp": "area(r) = pi*r^2\n"])
    #expect(client.open("import \"shapes.bp\"\nprint area 2\nprint area 2 3\n").count == 1)
    let place = client.ask("definition", at: 1, 7).list?.first
    #expect(place?["uri"] == .text("file:///lesson/shapes.bp"))
    #expect(place?["range"]?.place == "0:0-0:4")
    let file = client.ask("definition", at: 0, 10).list?.first
    #expect(file?["uri"] == .text("file:///lesson/shapes.bp"))
    // The open text of an imported script counts, not that on the disk.
    let opened = client.notify(
      "textDocument/didOpen",
      .record([
        "textDocument": .record([
          "uri": .text("file:///lesson/shapes.bp"), "version": .integer(1),
          "text": .text("area(r, h) = r*h\n"),
        ])
      ]))
    #expect(
      TestClient.diagnostics(opened).compactMap { $0["message"]?.text } == [
        "area needs a value for h\nhelp: area(r, h)"
      ])
  }

  @Test func filesOfAndroidAreLeftAlone() {
    let client = TestClient()
    let blueprint = """
      // Copyright
      cc_library {
          name: "libfoo",
          srcs: ["a.c"],
      }
      """
    #expect(client.open(blueprint).isEmpty)
    for request in ["hover", "completion", "formatting", "definition"] {
      #expect(client.ask(request, at: 1, 2) == .null)
    }
  }
}
