import FileFormats
import Glibc
import Interchange

/// The driver of libFuzzer, as its header declares it.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The format whose reader is fuzzed: `BP_FORMAT` names it.
private let format = getenv("BP_FORMAT").flatMap { name in
  FileFormat.all.first { $0.name == String(cString: name) }
}

private func say(_ line: String) {
  var text = line + "\n"
  text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Reads an input; a crash, a hang or a broken promise is a finding.
private func test(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    _ = try format?.isRead(Array(UnsafeBufferPointer(start: start, count: count)))
  } catch {
    say("broken promise: \(error)")
    abort()
  }
  return 0
}

/// The package manager names the entry point of an executable after its product.
@_cdecl("fuzz_files_main")
public func main(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> CInt {
  guard format != nil else {
    say("BP_FORMAT is one of \(FileFormat.all.map(\.name).joined(separator: " "))")
    return 2
  }
  var count = count
  var arguments = arguments
  return runDriver(&count, &arguments) { test($0, $1) }
}
