import Assistance
import Interchange
import TestSupport
import Testing

@testable import LanguageServer

/// The text that the server has is the one of the editor.
@Suite struct DocumentTests {
  /// An editor's text in units of UTF-16, kept as plainly as can be: places are found by counting.
  struct Reference {
    var units: [UInt16]

    func offset(_ line: Int, _ character: Int) -> Int {
      var place = 0
      for _ in 0..<line {
        guard let end = lineEnd(from: place) else { return units.count }
        place = end
      }
      var last = place
      while last < units.count, units[last] != 10, units[last] != 13, last - place < character {
        last += 1
      }
      return last
    }

    private func lineEnd(from place: Int) -> Int? {
      var place = place
      while place < units.count {
        if units[place] == 10 { return place + 1 }
        if units[place] == 13 {
          return place + 1 < units.count && units[place + 1] == 10 ? place + 2 : place + 1
        }
        place += 1
      }
      return nil
    }

    var text: String { String(decoding: units, as: UTF16.self) }
  }

  private static let pieces = [
    "x", "η", "😀", "\n", "\r\n", "\r", "train net circles", "\"a {b} c\"", "e\u{301}", "[1, 2]",
    " ",
    "", "f(x) = {\n  x\n}\n", "≈", "# why\n",
  ]

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8])
  func randomEditsLeaveTheSameText(seed: Int) {
    var random = SplitMix(UInt64(seed))
    func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    let client = TestClient(encodings: ["utf-16"])
    var reference = Reference(units: Array("x = 1\nprint x\n".utf16))
    client.open(reference.text)
    for round in 0..<120 {
      var changes: [JSON] = []
      for _ in 0...below(3) {
        let text = (0..<below(4)).map { _ in Self.pieces[below(Self.pieces.count)] }.joined()
        if below(30) == 0 {
          reference.units = Array(text.utf16)
          changes.append(.record(["text": .text(text)]))
          continue
        }
        var places = [(below(8), below(14)), (below(8), below(14))]
        places.sort { $0 < $1 }
        let (start, end) = (places[0], places[1])
        var (first, last) = (
          reference.offset(start.0, start.1), reference.offset(end.0, end.1)
        )
        // No editor cuts a character, and the server never does.
        if first > 0, first < reference.units.count, UTF16.isTrailSurrogate(reference.units[first])
        {
          first -= 1
        }
        if last > 0, last < reference.units.count, UTF16.isTrailSurrogate(reference.units[last]) {
          last -= 1
        }
        reference.units.replaceSubrange(min(first, last)..<max(first, last), with: text.utf16)
        changes.append(
          .record([
            "range": .record([
              "start": TestClient.position(start.0, start.1),
              "end": TestClient.position(end.0, end.1),
            ]), "text": .text(text),
          ]))
      }
      _ = client.change(changes, version: round + 2)
      #expect(client.server.documents[TestClient.uri]?.text.text == reference.text)
    }
  }

  @Test(arguments: [TextUnits.utf8, .utf16, .scalars])
  func placesGoToBytesAndBack(units: TextUnits) {
    let text = PlacedText("a😀b\r\nη≈\r\n\rend")
    for (place, _) in text.bytes.enumerated()
    where text.bytes[place] & 0xC0 != 0x80 && text.bytes[place] != 10 {
      let position = text.position(of: place, units)
      #expect(text.offset(of: position, units) == place)
    }
    #expect(text.position(of: 99, .utf16) == .init(line: 3, character: 3))
    #expect(text.offset(of: .init(line: 0, character: 99), units) == 6)
    #expect(text.offset(of: .init(line: 9, character: 0), units) == text.bytes.count)
    #expect(text.offset(of: .init(line: -1, character: -1), units) == 0)
    #expect(text.offset(of: .init(line: 0, character: -1), units) == 0)
  }

  @Test(arguments: ["/a b/ü.bp", "/plain/x.bplang", "/100%/[1]#?.bp"])
  func pathsGoToNamesAndBack(path: String) {
    let uri = FileURI.uri(ofPath: path)
    #expect(uri.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
    #expect(FileURI.path(of: uri) == path)
  }

  @Test func whatIsNoFileHasNoPath() {
    #expect(FileURI.path(of: "untitled:Untitled-1") == nil)
    #expect(FileURI.path(of: "file://host") == nil)
    #expect(FileURI.path(of: "file:///a%") == "/a%")
    #expect(FileURI.path(of: "file:///%ff") == nil)
  }
}
