import Interchange
import TestSupport
import Testing

@testable import LanguageServer

/// Beginning, ending, and whatever no editor should send.
@Suite struct LifecycleTests {
  @Test func theServerBeginsAndEndsInOrder() {
    let client = TestClient(isInitialized: false)
    #expect(client.ask("textDocument/hover", .null)["code"] == .integer(-32002))
    let about = client.ask("initialize", .record([:]))
    #expect(about.at("capabilities", "positionEncoding") == .text("utf-16"))
    #expect(about.at("serverInfo", "name") == .text("bp"))
    #expect(client.ask("initialize", .record([:]))["code"] == .integer(-32600))
    #expect(client.ask("textDocument/unheardOf", .record([:]))["code"] == .integer(-32602 + 1))
    #expect(client.ask("textDocument/hover", .record([:]))["code"] == .integer(-32602))
    #expect(client.ask("shutdown", .null) == .null)
    #expect(client.ask("textDocument/hover", .record([:]))["code"] == .integer(-32600))
    client.notify("exit", .null)
    #expect(client.server.exitStatus == 0)
  }

  @Test func leavingWithoutAWordIsAFailure() {
    for method in ["exit", ""] {
      let client = TestClient()
      if method.isEmpty { client.server.end() } else { client.notify(method, .null) }
      #expect(client.server.exitStatus == 1)
    }
  }

  @Test func theUnitsAreTheFirstThatBothKnow() {
    for (offered, chosen) in [
      (["utf-32", "utf-8"], "utf-32"), (["utf-7", "utf-8"], "utf-8"), ([], "utf-16"),
    ] {
      let client = TestClient(encodings: offered)
      #expect(client.server.units.rawValue == chosen)
    }
  }

  @Test func aRequestThatWaitsCanBeCalledOff() {
    let client = TestClient()
    client.open("x = 1\n")
    let hover =
      #"{"jsonrpc":"2.0","id":ID,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///lesson/a.bp"},"position":{"line":0,"character":0}}}"#
    let bytes = ["1", "\"two\"", "3"].flatMap {
      TestClient.framed(hover.replacing("ID", with: $0))
    }
    let cancel =
      #"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"two"}}"#
    let answers = client.send(bytes: bytes + TestClient.framed(cancel))
    #expect(answers.map { $0["id"] } == [.integer(1), .text("two"), .integer(3)])
    #expect(answers.map { $0.at("error", "code")?.integer } == [nil, -32800, nil])
  }

  /// Whether the server still says what x is.
  private func answers(_ client: TestClient) -> Bool {
    client.open("x = [1, 2]\n")
    return client.ask("hover", at: 0, 0).line.contains("a vector of 2")
  }

  @Test(arguments: [
    "Content-Length: 12\r\n\r\n{\"jsonrpc\": ", "Content-Length: -5\r\n\r\n",
    "Content-Length: \r\n\r\n",
    "Content-Length: 99999999999999999999999\r\n\r\n", "Content-Type: x\r\n\r\n{}", "\r\n\r\n\r\n",
    "Content-Length: 2\r\n\r\n[]", "Content-Length: 4\r\n\r\nnull", "Content-Length: 0\r\n\r\n",
    "Content-Length: 7\r\n\r\n{\"a\":1}", "content-length:2\n\n{}", "{\"method\":\"exit\"}\r\n\r\n",
  ]) func whatIsNoMessageIsPassedOver(bytes: String) {
    let client = TestClient()
    let answers = client.send(bytes: Array(bytes.utf8))
    #expect(!answers.isEmpty)
    #expect(answers.allSatisfy { $0["error"] != nil && $0["id"] == .null })
    #expect(self.answers(client))
  }

  @Test func aMessageThatIsTooLargeIsPassedOver() {
    var reader = MessageReader()
    let size = MessageReader.largestMessage + 10
    reader.add("Content-Length: \(size)\r\n\r\n".utf8)
    guard case .fault? = reader.next() else {
      Issue.record("it is taken")
      return
    }
    let chunk = [UInt8](repeating: 0x61, count: 1 << 20)
    var left = size
    while left > 0 {
      let count = min(left, chunk.count)
      reader.add(chunk[..<count])
      #expect(reader.next() == nil)
      left -= count
    }
    reader.add(TestClient.framed("{}"))
    #expect(reader.next() == .message(Array("{}".utf8)))
  }

  @Test func aHeaderWithoutEndIsPassedOver() {
    let client = TestClient()
    for _ in 0..<40 {
      _ = client.send(bytes: Array(repeating: UInt8(ascii: "x"), count: 1000))
    }
    #expect(answers(client))
  }

  @Test func randomBytesNeverEndTheServer() {
    var random = SplitMix(20)
    let client = TestClient()
    client.open("x = 1\n")
    let methods = [
      "initialize", "shutDown", "textDocument/didOpen", "textDocument/didChange",
      "textDocument/didClose", "textDocument/hover", "textDocument/rename",
      "completionItem/resolve",
      "textDocument/completion", "textDocument/codeAction", "textDocument/semanticTokens/full",
      "textDocument/inlayHint", "textDocument/formatting", "textDocument/signatureHelp",
    ]
    func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    func value(_ depth: Int) -> JSON {
      switch below(depth > 3 ? 6 : 9) {
      case 0: return .null
      case 1: return .truth(true)
      case 2: return .number(Double(below(40)) - 10)
      case 3: return .number(1e300)
      case 4: return .text(TestClient.uri)
      case 5: return .text("η😀\n\u{0}")
      case 6: return .list((0..<below(4)).map { _ in value(depth + 1) })
      default:
        let names = [
          "textDocument", "uri", "position", "line", "character", "range", "start", "end", "text",
          "contentChanges", "newName", "data", "name", "kind", "version",
        ]
        var members: [JSON.Member] = []
        for name in names where below(3) > 0 { members.append(.init(name, value(depth + 1))) }
        return .object(members)
      }
    }
    for round in 0..<1_500 {
      var message = JSON.record([
        "jsonrpc": .text("2.0"), "id": .integer(round),
        "method": .text(methods[below(methods.count)]), "params": value(0),
      ]).line
      if round % 3 == 0 { message.removeLast(below(message.count)) }
      var bytes = TestClient.framed(message)
      if round % 5 == 0 {
        for _ in 0..<5 { bytes[below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
      }
      _ = client.send(bytes: bytes)
      #expect(client.server.exitStatus == nil)
      guard client.server.exitStatus == nil else { return }
    }
    // A message whose length was changed may wait for more.
    _ = client.send(bytes: Array(repeating: 0x20, count: 1 << 16))
    #expect(answers(client))
  }

  @Test func halfACharacterIsRead() {
    let client = TestClient()
    let open =
      #"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///lesson/a.bp","version":1,"text":"x = \"\ud83d\" # \ude00\ud83d\ude00"}}}"#
    let answers = client.send(bytes: TestClient.framed(open))
    #expect(answers.count == 1)
    #expect(client.server.documents[TestClient.uri]?.text.text == "x = \"\u{FFFD}\" # \u{FFFD}😀")
  }
}
