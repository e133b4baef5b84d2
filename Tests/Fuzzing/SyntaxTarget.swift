/// What libFuzzer calls with each input it makes up: reads it, renders every error, and formats
/// what is in the language. A crash, a hang or a broken promise is a finding.
///
/// `scripts/fuzz` compiles this file, `TreeDescription.swift` of the tests and the sources of
/// `Syntax` into one module.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  let source = SourceText(name: "fuzz.bp", text: text)
  let result = Parser.parse(source)
  let renderer = DiagnosticRenderer(style: .terminal, source: source)
  for diagnostic in result.diagnostics {
    precondition(diagnostic.range.start >= 0 && diagnostic.range.end <= source.bytes.count)
  }
  // Writing errors takes longer than finding them: some of each input will do.
  for diagnostic in result.diagnostics.prefix(2) {
    precondition(!renderer.render(diagnostic).isEmpty && !renderer.json(diagnostic).isEmpty)
  }
  precondition(result.incomplete == nil || !result.diagnostics.isEmpty)
  guard result.diagnostics.isEmpty else { return 0 }
  do {
    let once = try Formatter.format(source)
    let again = SourceText(name: "fuzz.bp", text: once)
    precondition(Parser.parse(again).statements.described == result.statements.described)
    let twice = try Formatter.format(again)
    precondition(twice == once)
  } catch {
    preconditionFailure("formatting broke the source")
  }
  return 0
}
