import Glibc
import Testing

/// The built program in a terminal of its own, driven as by a person at the keys.
final class PseudoTerminal {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let process: pid_t
  private let descriptor: Int32
  /// All that was written since the last `expect`.
  private(set) var output = ""
  private var pending: [UInt8] = []

  /// - Parameters:
  ///   - state: the folder that holds the history.
  ///   - environment: added to TERM, LANG and HOME.
  ///   - arguments: those of the program; none for the prompt.
  init(
    state: String, environment: [String: String] = [:], columns: UInt16 = 80,
    arguments given: [String] = []
  ) throws {
    // What posix_openpt, unlockpt and ptsname do, which Swift does not see.
    descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    let (unlock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
    var number: Int32 = 0
    guard descriptor >= 0, ioctl(descriptor, unlock, &number) == 0,
      ioctl(descriptor, getNumber, &number) == 0
    else { throw Failure(description: "no pseudo-terminal") }
    let name = "/dev/pts/\(number)"
    var window = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(descriptor, UInt(TIOCSWINSZ), &window)
    var values = [
      "TERM": "xterm", "LANG": "C.UTF-8", "HOME": state, "XDG_STATE_HOME": state,
      "SWIFT_BACKTRACE": "enable=no", "NO_COLOR": "1",
    ]
    values.merge(environment) { $1 }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Opened by the leader of a new session, it becomes its controlling terminal.
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The threads that run tests have signals blocked, which a program would inherit.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    let (newSession, ownMask): (Int16, Int16) = (0x80, 0x08)
    posix_spawnattr_setflags(&attributes, newSession | ownMask)

    let program = try Self.program()
    var arguments: [UnsafeMutablePointer<CChar>?] =
      ([program] + given).map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = values.map { strdup("\($0)=\($1)") } + [nil]
    defer { for pointer in arguments + variables { free(pointer) } }
    var identifier: pid_t = 0
    let failure = posix_spawn(
      &identifier, program, &actions, &attributes, &arguments, &variables)
    guard failure == 0 else { throw Failure(description: "\(program) does not start: \(failure)") }
    process = identifier
  }

  deinit {
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    close(descriptor)
  }

  /// The program beside the tests that run, or the one that `BP_PROGRAM` names.
  private static func program() throws -> String {
    if let named = getenv("BP_PROGRAM") { return String(cString: named) }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map { readlink("/proc/self/exe", $0, bytes.count) } ?? 0
    }
    let path = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    let program = "/\(folder)/bp"
    guard access(program, X_OK) == 0 else { throw Failure(description: "\(program) is not built") }
    return program
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  }

  /// Waits until `text` has been written; what was written up to its end is taken away and given.
  @discardableResult
  func expect(_ text: String, within seconds: Double = 20) throws -> String {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    while true {
      if let range = output.firstRange(of: text) {
        let before = String(output[..<range.upperBound])
        output = String(output[range.upperBound...])
        return before
      }
      guard clock.now < end, readSome(milliseconds: 50) else {
        throw Failure(
          description: "expected \(text.debugDescription), got \(output.debugDescription)")
      }
    }
  }

  /// False at the end of the output.
  private func readSome(milliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, milliseconds) > 0 else { return true }
    var buffer = [UInt8](repeating: 0, count: 65536)
    let count = read(descriptor, &buffer, buffer.count)
    if count <= 0 { return false }
    // A terminal gets two characters for a line end, which Swift takes for one of its own.
    pending += buffer[0..<count].filter { $0 != UInt8(ascii: "\r") }
    // Characters may be cut between two reads.
    guard let text = String(validating: pending, as: UTF8.self) else { return true }
    output += text
    pending = []
    return true
  }

  /// Waits for the end and gives the exit status, or minus the signal.
  func exitStatus(within seconds: Double = 20) throws -> Int32 {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    while clock.now < end {
      var status: Int32 = 0
      if waitpid(process, &status, WNOHANG) == process {
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
      }
      _ = readSome(milliseconds: 20)
      usleep(5000)
    }
    throw Failure(description: "still running: \(output.debugDescription)")
  }

  /// The memory that the program has at hand now.
  func residentBytes() throws -> Int {
    let descriptor = open("/proc/\(process)/statm", O_RDONLY)
    guard descriptor >= 0 else { throw Failure(description: "no figures of \(process)") }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &bytes, bytes.count)
    let fields = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split(separator: " ")
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * 4096
  }

  /// Whether the system gathers what is typed to lines.
  var gathersLines: Bool {
    var settings = termios()
    return tcgetattr(descriptor, &settings) == 0 && settings.c_lflag & tcflag_t(ICANON) != 0
  }

  /// Changes the mode as a shell does that has the terminal meanwhile.
  func gatherLines() {
    var settings = termios()
    guard tcgetattr(descriptor, &settings) == 0 else { return }
    settings.c_lflag |= tcflag_t(ICANON | ECHO | ISIG)
    tcsetattr(descriptor, TCSANOW, &settings)
  }

  func resize(rows: UInt16 = 24, columns: UInt16) {
    var window = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(descriptor, UInt(TIOCSWINSZ), &window)
  }
}
