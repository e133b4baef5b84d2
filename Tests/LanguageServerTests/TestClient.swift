import Interchange
import Language
import Library
import TestSupport

@testable import LanguageServer

/// An editor for tests: what it sends is answered at once.
final class TestClient {
  let server: LanguageServer
  /// What came that answers nothing.
  private(set) var notifications: [JSON] = []
  private var number = 0

  /// - Parameter scripts: the files that can be read, by path.
  init(scripts: [String: String] = [:], encodings: [String] = ["utf-8"], isInitialized: Bool = true)
  {
    server = LanguageServer(
      .init(
        catalog: .standard, version: "0", readScript: { scripts[$0] },
        list: { folder in
          scripts.keys.filter { $0.hasPrefix(folder) }.map { String($0.dropFirst(folder.count)) }
            .sorted()
        }))
    guard isInitialized else { return }
    _ = ask(
      "initialize",
      .record([
        "capabilities": .record([
          "general": .record(["positionEncodings": .list(encodings.map { .text($0) })])
        ])
      ]))
    notify("initialized", .record([:]))
  }

  static func framed(_ text: String) -> [UInt8] {
    Array("Content-Length: \(text.utf8.count)\r\n\r\n\(text)".utf8)
  }

  /// The messages of an output.
  static func messages(_ output: String) -> [JSON] {
    var reader = MessageReader()
    reader.add(output.utf8)
    var messages: [JSON] = []
    while case .message(let bytes)? = reader.next() {
      if let message = try? JSON.parse(bytes) { messages.append(message) }
    }
    return messages
  }

  /// Hands bytes over and gives all answers.
  func send(bytes: [UInt8]) -> [JSON] {
    onDeepStack {
      self.server.receive(bytes)
      var output = ""
      while self.server.hasWork { output += self.server.answerNext() }
      return Self.messages(output)
    }
  }

  @discardableResult
  func notify(_ method: String, _ params: JSON) -> [JSON] {
    let message = JSON.record(["jsonrpc": .text("2.0"), "method": .text(method), "params": params])
    let answers = send(bytes: Self.framed(message.line))
    notifications += answers
    return answers
  }

  /// The result of a request, or its error.
  func ask(_ method: String, _ params: JSON) -> JSON {
    number += 1
    let message = JSON.record([
      "jsonrpc": .text("2.0"), "id": .integer(number), "method": .text(method), "params": params,
    ])
    let answers = send(bytes: Self.framed(message.line))
    notifications += answers.filter { $0["method"] != nil }
    let answer = answers.first { $0["id"]?.integer == number }
    return answer?["result"] ?? answer?["error"] ?? .text("no answer")
  }

  // MARK: One document

  static let uri = "file:///lesson/a.bp"

  /// Opens a script and gives its diagnostics.
  @discardableResult
  func open(_ text: String, uri: String = TestClient.uri) -> [JSON] {
    let answers = notify(
      "textDocument/didOpen",
      .record([
        "textDocument": .record([
          "uri": .text(uri), "languageId": .text("bplang"), "version": .integer(1),
          "text": .text(text),
        ])
      ]))
    return Self.diagnostics(answers, uri)
  }

  static func diagnostics(_ answers: [JSON], _ uri: String = TestClient.uri) -> [JSON] {
    answers.last { $0.at("params", "uri")?.text == uri }?.at("params", "diagnostics")?.list ?? []
  }

  func change(_ changes: [JSON], version: Int = 2) -> [JSON] {
    notify(
      "textDocument/didChange",
      .record([
        "textDocument": .record(["uri": .text(Self.uri), "version": .integer(version)]),
        "contentChanges": .list(changes),
      ]))
  }

  static func position(_ line: Int, _ character: Int) -> JSON {
    .record(["line": .integer(line), "character": .integer(character)])
  }

  /// A request about a place of the document.
  func ask(
    _ method: String, at line: Int, _ character: Int, _ more: KeyValuePairs<String, JSON> = [:]
  ) -> JSON {
    let place: KeyValuePairs<String, JSON> = [
      "textDocument": .record(["uri": .text(Self.uri)]),
      "position": Self.position(line, character),
    ]
    return ask(
      "textDocument/\(method)",
      .object((Array(place) + Array(more)).map { JSON.Member($0.key, $0.value) }))
  }

  /// A request about the document as a whole.
  func ask(_ method: String) -> JSON { ask(method, at: 0, 0) }
}

extension JSON {
  /// `2:3-2:7`, a range as lines and units from 0.
  var place: String {
    func text(_ position: JSON?) -> String {
      "\(position?["line"]?.integer ?? -1):\(position?["character"]?.integer ?? -1)"
    }
    return "\(text(self["start"]))-\(text(self["end"]))"
  }
}
