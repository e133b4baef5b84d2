import Assistance
import Interchange
import Language
import Syntax

/// A language server: answers what editors ask of scripts.
///
/// Messages are those of https://microsoft.github.io/language-server-protocol, version 3.17. Whoever
/// owns the server hands it what comes, and writes what it answers; nothing that comes ends it but the
/// end of the input and `exit`.
package final class LanguageServer {
  /// What the process provides.
  package struct Process {
    var catalog: Catalog
    var version: String
    /// The text of a script; nil where it cannot be read.
    var readScript: (_ path: String) -> String?
    /// What is in a folder, names of folders with a slash behind.
    var list: (_ folder: String) -> [String]

    package init(
      catalog: Catalog, version: String, readScript: @escaping (String) -> String?,
      list: @escaping (String) -> [String]
    ) {
      self.catalog = catalog
      self.version = version
      self.readScript = readScript
      self.list = list
    }
  }

  private enum State {
    case waiting, running, shutDown
  }

  let process: Process
  private var reader = MessageReader()
  private var queue: [Incoming] = []
  private var state = State.waiting
  /// What the process ends with; nil while the server runs.
  package private(set) var exitStatus: Int32?
  var documents: [String: TextDocument] = [:]
  var units = TextUnits.utf16
  /// Whether the client shows texts in Markdown.
  var showsMarkdown = false
  private var output = ""

  /// A message, or what came in its place.
  private enum Incoming {
    case message(id: JSON?, method: String, params: JSON)
    case cancelled(id: JSON)
    case error(id: JSON, ResponseError)
  }

  package init(_ process: Process) {
    self.process = process
  }

  /// Whether something that came is still to be answered.
  package var hasWork: Bool { !queue.isEmpty }

  /// Takes bytes of the input.
  package func receive(_ bytes: some Sequence<UInt8>) {
    reader.add(bytes)
    while let piece = reader.next() {
      switch piece {
      case .fault(let reason): queue.append(.error(id: .null, .parse(reason)))
      case .message(let bytes): take(bytes)
      }
    }
  }

  private func take(_ bytes: [UInt8]) {
    let message: JSON
    do throws(FormatError) {
      message = try JSON.parse(bytes, replacesHalfCharacters: true)
    } catch {
      return queue.append(.error(id: .null, .parse(error.message)))
    }
    guard case .object = message, let method = message["method"]?.text else {
      // An answer to nothing: the server asks nothing.
      let isAnswer = message["result"] != nil || message["error"] != nil
      if !isAnswer { queue.append(.error(id: .null, .invalid("a message has no method"))) }
      return
    }
    let params = message["params"] ?? .null
    if method == "$/cancelRequest", let id = params["id"] {
      let place = queue.firstIndex {
        if case .message(id, _, _) = $0 { true } else { false }
      }
      if let place { queue[place] = .cancelled(id: id) }
      return
    }
    queue.append(.message(id: message["id"], method: method, params: params))
  }

  /// Carries the next message out and gives what is to be written.
  package func answerNext() -> String {
    guard !queue.isEmpty else { return "" }
    output = ""
    switch queue.removeFirst() {
    case .cancelled(let id): send(error: .cancelled, id)
    case .error(let id, let error): send(error: error, id)
    case .message(let id, let method, let params): answer(id, method, params)
    }
    if queue.isEmpty { publishDiagnostics() }
    return output
  }

  /// The input is over.
  package func end() {
    if exitStatus == nil { exitStatus = state == .shutDown ? 0 : 1 }
  }

  private func answer(_ id: JSON?, _ method: String, _ params: JSON) {
    if method == "exit" { return end() }
    guard let id else {
      if state == .running { notify(method, params) }
      return
    }
    do throws(ResponseError) {
      send(result: try result(of: method, params), id)
    } catch {
      send(error: error, id)
    }
  }

  private func result(of method: String, _ params: JSON) throws(ResponseError) -> JSON {
    switch (state, method) {
    case (.waiting, "initialize"):
      state = .running
      return initialize(params)
    case (.waiting, _): throw .notInitialized
    case (.shutDown, _): throw .invalid("the server is shut down")
    case (.running, "initialize"): throw .invalid("the server is initialized")
    case (.running, "shutdown"):
      state = .shutDown
      documents = [:]
      return .null
    case (.running, _): return try answer(method, params)
    }
  }

  // MARK: Documents

  private func notify(_ method: String, _ params: JSON) {
    guard let uri = params.at("textDocument", "uri")?.text else { return }
    switch method {
    case "textDocument/didOpen":
      documents[uri] = TextDocument(
        uri: uri, version: params.at("textDocument", "version")?.integer,
        text: params.at("textDocument", "text")?.text ?? "")
    case "textDocument/didChange":
      guard let document = documents[uri] else { return }
      for change in params["contentChanges"]?.list ?? [] { apply(change, to: document) }
      document.version = params.at("textDocument", "version")?.integer
      document.forget()
    case "textDocument/didClose":
      guard documents.removeValue(forKey: uri) != nil else { return }
      send("textDocument/publishDiagnostics", ["uri": .text(uri), "diagnostics": .list([])])
    case "textDocument/didSave": break
    default: return
    }
    for other in documents.values where other.uri != uri && other.hasImports { other.forget() }
  }

  private func apply(_ change: JSON, to document: TextDocument) {
    guard let text = change["text"]?.text else { return }
    guard let range = change["range"] else {
      document.text = PlacedText(text)
      return
    }
    guard let start = Self.position(range["start"]), let end = Self.position(range["end"]) else {
      return
    }
    document.text.replace(start, end, by: text, units)
  }

  static func position(_ json: JSON?) -> PlacedText.Position? {
    guard let line = json?["line"]?.integer, let character = json?["character"]?.integer else {
      return nil
    }
    return .init(line: line, character: character)
  }

  func analysis(of document: TextDocument) -> ScriptAnalysis {
    document.analysis { text in
      let path = FileURI.path(of: document.uri)
      let folder = path.map { FileURI.folder(ofPath: $0) }
      var files = FileAccess.none
      if let folder {
        files.list = { [process] in process.list($0.hasPrefix("/") ? $0 : folder + $0) }
      }
      return ScriptAnalysis(
        text, name: path ?? document.uri, catalog: process.catalog, files: files
      ) { [self] written in
        guard written.hasPrefix("/") || folder != nil else { return nil }
        let path = written.hasPrefix("/") ? written : (folder ?? "") + written
        return documents[FileURI.uri(ofPath: path)]?.text.text ?? process.readScript(path)
      }
    }
  }

  private func publishDiagnostics() {
    for document in documents.values.sorted(by: { $0.uri < $1.uri }) where document.isChanged {
      document.isChanged = false
      let analysis = analysis(of: document)
      send(
        "textDocument/publishDiagnostics",
        [
          "uri": .text(document.uri),
          "version": document.version.map { .integer($0) } ?? .null,
          "diagnostics": .list(analysis.diagnostics.map { json(of: $0, in: document) }),
        ])
    }
  }

  // MARK: Writing

  private func write(_ message: JSON) {
    let line = message.line
    output += "Content-Length: \(line.utf8.count)\r\n\r\n\(line)"
  }

  private func send(result: JSON, _ id: JSON) {
    write(.record(["jsonrpc": .text("2.0"), "id": id, "result": result]))
  }

  private func send(error: ResponseError, _ id: JSON) {
    write(
      .record([
        "jsonrpc": .text("2.0"), "id": id,
        "error": .record(["code": .integer(error.code), "message": .text(error.message)]),
      ]))
  }

  private func send(_ method: String, _ params: KeyValuePairs<String, JSON>) {
    write(
      .record([
        "jsonrpc": .text("2.0"), "method": .text(method), "params": .record(params),
      ]))
  }
}

/// Why a request has no result; the codes are the protocol's.
struct ResponseError: Error {
  let code: Int
  let message: String

  static func parse(_ reason: String) -> ResponseError {
    ResponseError(code: -32700, message: reason)
  }
  static func invalid(_ reason: String) -> ResponseError {
    ResponseError(code: -32600, message: reason)
  }
  static func unknown(_ method: String) -> ResponseError {
    ResponseError(code: -32601, message: "there is no request \(method)")
  }
  static func params(_ reason: String) -> ResponseError {
    ResponseError(code: -32602, message: reason)
  }
  static let notInitialized = ResponseError(
    code: -32002, message: "the server is not initialized")
  static let cancelled = ResponseError(code: -32800, message: "the request was cancelled")
  /// What cannot be done with the script as it is.
  static func failed(_ reason: String) -> ResponseError {
    ResponseError(code: -32803, message: reason)
  }
}
