import Interchange
import Testing

@testable import Kernel

/// What needs no front end: connection files, signatures, the history.
@Suite struct MessageTests {
  private static let ports =
    "\"shell_port\":1,\"iopub_port\":2,\"stdin_port\":3,\"control_port\":4,\"hb_port\":5"

  private func complaint(about text: String) -> String? {
    do throws(KernelError) {
      _ = try ConnectionFile(Array(text.utf8))
      return nil
    } catch { return error.message }
  }

  @Test func aConnectionFileSaysWhatItLacks() throws {
    #expect(complaint(about: "{\(Self.ports),\"ip\":\"127.0.0.1\",\"key\":\"k\"}") == nil)
    #expect(complaint(about: "{")?.hasPrefix("the connection file is no JSON") == true)
    #expect(complaint(about: "{}") == "the connection file names no shell_port")
    #expect(
      complaint(about: "{\(Self.ports),\"transport\":\"udp\"}")
        == "the connection file asks for the transport udp, not tcp or ipc")
    #expect(
      complaint(about: "{\(Self.ports),\"signature_scheme\":\"hmac-md5\"}")
        == "messages signed by hmac-md5 cannot be read, only by hmac-sha256")
    #expect(
      complaint(about: "{\(Self.ports.replacing(":5", with: ":70000"))}")
        == "the connection file names no hb_port")
  }

  @Test func onlyMessagesOfTheOwnerOfTheKeyAreTaken() throws {
    let peer = Peer(-1, channel: .shell)
    let format = MessageFormat(key: Array("secret".utf8))
    let content = JSON.record([("code", .text("1 + 1"))])
    let parts = format.parts("execute_request", content, parent: nil, route: [[9]])
    let request = try #require(format.request(parts, from: peer))
    #expect(request.kind == "execute_request")
    #expect(request.content == content)
    #expect(request.route == [[9]])
    for place in 2..<parts.count {
      var changed = parts
      changed[place].append(0x20)
      #expect(format.request(changed, from: peer) == nil, "part \(place)")
    }
    #expect(MessageFormat(key: []).request(parts, from: peer) != nil)
    #expect(MessageFormat(key: [1]).request(parts, from: peer) == nil)
    #expect(format.request([[1], [2]], from: peer) == nil)
  }

  @Test func theHistoryIsAskedForByEndRangeAndPattern() {
    var history = InputHistory()
    for (line, input) in ["a = 1", "b = 2", "a = 1", "a + b"].enumerated() {
      history.add(input, line: line + 1)
    }
    history.setOutput("3", ofLine: 4)
    func inputs(_ request: [(String, JSON)]) -> [String] {
      history.answer(to: .record(request))["history"]?.list?.compactMap { $0.list?[2].text } ?? []
    }
    #expect(
      inputs([("hist_access_type", .text("tail")), ("n", .number(2))]) == ["a = 1", "a + b"])
    #expect(
      inputs([
        ("hist_access_type", .text("range")), ("session", .number(0)), ("start", .number(2)),
        ("stop", .number(4)),
      ]) == ["b = 2", "a = 1"])
    let search: [(String, JSON)] = [
      ("hist_access_type", .text("search")), ("pattern", .text("a =*")),
    ]
    #expect(inputs(search) == ["a = 1", "a = 1"])
    #expect(inputs(search + [("unique", .truth(true))]) == ["a = 1"])
    #expect(inputs(search + [("n", .number(1))]) == ["a = 1"])
    let last = history.answer(to: .record([("n", .number(1)), ("output", .truth(true))]))
    #expect(last["history"]?.list?.first?.list?[2] == .list([.text("a + b"), .text("3")]))
  }
}
