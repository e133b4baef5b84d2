import Testing

@testable import REPL

@Suite struct TranscriptTests {
  @Test func `prompts go and printed results too`() {
    var transcript = Transcript()
    func line(_ text: String, continues: Bool = false, isPasted: Bool = true) -> String? {
      transcript.statement(in: text, continues: continues, isPasted: isPasted)
    }
    #expect(line("bp> f(x) = {") == "f(x) = {")
    #expect(line("..{   x + 1", continues: true) == "  x + 1")
    #expect(line("... }", continues: true) == "}")
    #expect(line("function f") == nil)
    #expect(line("bp> bp> f 2") == "f 2")
    #expect(line("3", isPasted: false) == nil)
    #expect(line("3") == "3")
  }

  @Test func `typed lines stay as they are`() {
    var transcript = Transcript()
    #expect(transcript.statement(in: "x", continues: false, isPasted: false) == "x")
    #expect(transcript.statement(in: "  bp> x", continues: false, isPasted: true) == "  bp> x")
    #expect(transcript.statement(in: "bp>", continues: false, isPasted: false) == "")
  }
}

@Suite struct CompletionTests {
  @Test func `the common beginning is taken by whole characters`() {
    #expect(LineCompletion(start: 0, [.init("train"), .init("trace")]).commonPrefix == "tra")
    #expect(LineCompletion(start: 0, [.init("é"), .init("è")]).commonPrefix == "")
    #expect(LineCompletion(start: 0, []).commonPrefix == "")
  }

  @Test func `candidates are listed in columns that fit`() {
    let text = CompletionList.text(["tan", "tanh", "train", "δ"], columns: 14)
    #expect(text == "tan    train\ntanh   δ")
    #expect(CompletionList.text(["a long one"], columns: 5) == "a lo…")
    let many = CompletionList.text((0..<300).map { "name\($0)" }, columns: 80)
    #expect(many.hasSuffix("… 100 more"))
  }
}
