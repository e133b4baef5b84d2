import Language
import Library
import Page
import PageHost

/// The language for a page: an interpreter that JavaScript opens, gives source texts and closes.
///
/// Numbers and pointers are all that crosses the border; texts are UTF-8 in the engine's memory.
final class Engine {
  /// What calls of ordinary shape take of the engine's stack before the 1 MB of JavaScript's ends was
  /// measured at 1.8 to 3 MB; only statements in very many others come below.
  private static let stackBytes = 3 << 19

  /// 128 MB of numbers: the whole memory has less than 4 GB.
  private static let elements = 1 << 24

  static var limits: Runtime.Limits {
    var limits = Runtime.Limits()
    limits.stackBytes = stackBytes
    limits.elements = elements
    return limits
  }

  let interpreter: Interpreter

  init() {
    let host = Host(
      write: { text in
        Engine.write(text, to: 1)
        return true
      },
      report: { Engine.write($0, to: 2) }, clock: { bp_page_clock() })
    interpreter = Interpreter(catalog: .standard, host: host, limits: Self.limits)
  }

  /// Gives the exit status that the command would have.
  func run(_ source: String, name: String, echoes: Bool) -> Int32 {
    switch interpreter.run(source, name: name, echoes: echoes) {
    case .done: interpreter.session.checksFailed == 0 ? 0 : 1
    case .syntaxError: 2
    case .runtimeError: 3
    case .limitReached: 4
    case .interrupted: 130
    case .left(let status): status
    }
  }

  private static func write(_ text: String, to channel: Int32) {
    var text = text
    text.withUTF8 { bytes in
      bp_page_write(channel, bytes.baseAddress, bytes.count)
    }
  }
}

/// - Returns: an engine, for the other functions.
@_expose(wasm, "bp_open") @_cdecl("bp_open")
public func open() -> UnsafeMutableRawPointer {
  Unmanaged.passRetained(Engine()).toOpaque()
}

@_expose(wasm, "bp_close") @_cdecl("bp_close")
public func close(_ engine: UnsafeMutableRawPointer) {
  Unmanaged<Engine>.fromOpaque(engine).release()
}

/// Runs a source text.
/// - Parameters:
///   - text: UTF-8, `count` bytes.
///   - name: what diagnostics call the source; UTF-8, `nameCount` bytes.
///   - echoes: whether values are shown as at the prompt.
/// - Returns: the exit status that the command would have.
@_expose(wasm, "bp_run") @_cdecl("bp_run")
public func run(
  _ engine: UnsafeMutableRawPointer, _ text: UnsafePointer<UInt8>, _ count: Int,
  _ name: UnsafePointer<UInt8>, _ nameCount: Int, _ echoes: Bool
) -> Int32 {
  Unmanaged<Engine>.fromOpaque(engine).takeUnretainedValue().run(
    string(text, count), name: string(name, nameCount), echoes: echoes)
}

/// Opens what `bp_ask` asks.
@_expose(wasm, "bp_open_page") @_cdecl("bp_open_page")
public func openPage() -> UnsafeMutableRawPointer {
  Unmanaged.passRetained(
    PageSession(limits: Engine.limits, clock: { bp_page_clock() })
  ).toOpaque()
}

@_expose(wasm, "bp_close_page") @_cdecl("bp_close_page")
public func closePage(_ session: UnsafeMutableRawPointer) {
  Unmanaged<PageSession>.fromOpaque(session).release()
}

/// Answers a request of a page; the answer is written to channel 3.
/// - Parameter request: JSON in UTF-8, `count` bytes.
@_expose(wasm, "bp_ask") @_cdecl("bp_ask")
public func ask(
  _ session: UnsafeMutableRawPointer, _ request: UnsafePointer<UInt8>, _ count: Int
) {
  let answer = Unmanaged<PageSession>.fromOpaque(session).takeUnretainedValue()
    .answer(Array(UnsafeBufferPointer(start: request, count: count)))
  answer.withUnsafeBufferPointer { bp_page_write(3, $0.baseAddress, $0.count) }
}

private func string(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> String {
  String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
}
