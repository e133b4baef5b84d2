import Language
import Library
import Rendering
import Syntax

/// What libFuzzer calls with each input it makes up: runs it under limits, without files, and
/// asks for a completion at its end. A crash or a hang is a finding.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  var limits = Runtime.Limits()
  limits.callDepth = 100
  limits.elements = 2_000
  limits.stringBytes = 10_000
  limits.outputBytes = 20_000
  limits.steps = 2_000
  // The driver runs on the main thread.
  limits.stackBytes = 1 << 22
  // Training asks before each of its steps: this bounds them.
  var patience = 200
  let interpreter = Interpreter(
    catalog: .standard,
    host: Host(
      write: { _ in true }, report: { _ in },
      isInterrupted: {
        patience -= 1
        return patience < 0
      }), limits: limits)
  _ = interpreter.run(text, name: "fuzz.bp", echoes: true)
  _ = interpreter.completion(of: text, cursor: text.utf8.count)
  return 0
}

/// The driver of libFuzzer, as its header declares it.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The package manager names the entry point of an executable after its product.
@_cdecl("fuzz_evaluator_main")
public func main(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments) { testOneInput($0, $1) }
}
