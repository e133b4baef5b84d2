@preconcurrency import Glibc

/// The arguments that the program was started with.
///
/// The standard library looks for them through /proc. Where there is none, as in a jail, it finds no
/// arguments at all, and bp would read standard input in place of the script.
enum ProgramArguments {
  /// All behind the program's name.
  ///
  /// Where a process begins, the count of arguments stands on the stack, then a pointer to each, a
  /// null pointer, and the pointers of the environment (System V ABI, AMD64 supplement, section
  /// 3.4.1, figure 3.9; AArch64 has the same).
  static var all: [String] {
    let environment: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = environ
    let words = UnsafeRawPointer(environment).assumingMemoryBound(to: UInt.self)
    // An environment that was replaced before now stands elsewhere.
    guard words[-1] == 0 else { return Array(CommandLine.arguments.dropFirst()) }
    var count = 0
    while words[-2 - count] != UInt(count) { count += 1 }
    let arguments = environment - 1 - count
    return (0..<count).dropFirst().compactMap { place in
      arguments[place].map { String(cString: $0) }
    }
  }
}
