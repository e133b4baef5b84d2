import Differentiation
import Learning
import Rendering

/// What a session may do to the world: the one door to the terminal, the clock and the files.
package struct Host {
  /// Writes to the standard output; false when that failed.
  package var write: (String) -> Bool
  /// Writes a diagnostic or a note beside the output.
  package var report: (String) -> Void
  /// Replaces the line of a progress display; nil takes it away.
  package var showProgress: ((String?) -> Void)?
  /// Replaces the picture that a training draws while it runs; where nil, progress has it in
  /// characters.
  package var showPicture: ((Picture) -> Void)?
  /// Whether Ctrl-C or a signal asked to stop; read between the steps of a training and of the
  /// evaluator.
  package var isInterrupted: () -> Bool
  /// Seconds from some moment on.
  package var clock: () -> Double
  /// Bytes of memory that the process has for itself; 0 where nobody knows.
  package var memoryInUse: () -> Int = { 0 }
  /// Told when a run begins and when it is over, for whoever watches time and memory meanwhile.
  package var onRun: (_ isUnderWay: Bool) -> Void = { _ in }
  package var display: () -> Display
  /// How images can be shown between the lines; nil where there is no terminal. Asking may take a
  /// moment.
  package var images: () -> InlineImage.Surface? = { nil }
  package var files: FileAccess
  /// Lets the user change a text in an editor; nil where there is none.
  package var edit: ((String) -> Result<String, FileAccess.Problem>)?
  /// Shows a text in a pager; false where it fits on the screen, or there is none.
  package var page: ((String) -> Bool)?
  /// Clears the screen; nil where there is none.
  package var clearScreen: (() -> Void)?
  /// The processes that run the same script beside this one; nil where it is alone.
  package var team: Team?
  /// What a sweep is made for; its trainings and their table where nil.
  package var study: Study?
  /// Whether diagnostics are coloured.
  package var hasColouredReports = false
  /// Whether notes are left out.
  package var isQuiet = false
  /// Whether diagnostics are written as JSON, one object a line.
  package var reportsAsJSON = false

  package init(
    write: @escaping (String) -> Bool, report: @escaping (String) -> Void,
    showProgress: ((String?) -> Void)? = nil, isInterrupted: @escaping () -> Bool = { false },
    clock: @escaping () -> Double = { 0 }, display: @escaping () -> Display = { .plain },
    files: FileAccess = .none
  ) {
    self.write = write
    self.report = report
    self.showProgress = showProgress
    self.isInterrupted = isInterrupted
    self.clock = clock
    self.display = display
    self.files = files
  }
}

/// The files that a session can reach.
package struct FileAccess {
  package enum Problem: Error, Hashable, Sendable {
    /// In the system's words: `no such file or directory`.
    case unreadable(String)
    case unwritable(String)
    /// The session has no files.
    case forbidden

    package var words: String {
      switch self {
      case .unreadable(let reason), .unwritable(let reason): reason
      case .forbidden: "files are out of reach here"
      }
    }
  }

  /// What is in a folder, names of folders with a slash behind; for completion.
  package var list: (_ folder: String) -> [String] = { _ in [] }
  /// Opens a regular file to be read at any place, as a stream does.
  package var open: (_ path: String) -> Result<OpenFile, Problem>
  /// A file without a name, to write to and to read, which is gone with the last who holds it.
  package var scratch: () -> Result<OpenFile, Problem> = { .success(.scratchInMemory()) }
  package var read: (_ path: String) -> Result<[UInt8], Problem>
  /// Replaces a file as a whole: a reader finds the old one or the new one.
  package var write: (_ path: String, _ bytes: [UInt8]) -> Result<Void, Problem>
  /// Hands over the bytes of a file piece by piece, each with the size of the whole where that is
  /// known; ends early where the body answers false.
  package var stream:
    (_ path: String, _ body: (ArraySlice<UInt8>, _ size: Int?) -> Bool) -> Result<Void, Problem>

  /// What is opened or put into a scratch file is in memory, where files are.
  /// - Parameter stream: reads the file as a whole where left out.
  package init(
    read: @escaping (String) -> Result<[UInt8], Problem>,
    write: @escaping (String, [UInt8]) -> Result<Void, Problem>,
    stream: ((String, (ArraySlice<UInt8>, Int?) -> Bool) -> Result<Void, Problem>)? = nil
  ) {
    self.read = read
    self.write = write
    open = { path in
      read(path).map {
        .inMemory($0, title: path.split(separator: "/").last.map(String.init) ?? path)
      }
    }
    self.stream =
      stream ?? { path, body in
        read(path).map { bytes in
          _ = body(bytes[...], bytes.count)
        }
      }
  }

  /// The text of a file.
  package func text(_ path: String) -> Result<String, Problem> {
    read(path).flatMap { Self.text(of: $0) }
  }

  /// Bytes of UTF-8 as text; what is something else is refused, since a guess would change names and
  /// strings without a word.
  package static func text(of bytes: [UInt8]) -> Result<String, Problem> {
    if let text = String(validating: bytes, as: UTF8.self) { return .success(text) }
    return .failure(.unreadable("it is not in UTF-8"))
  }

  package static var none: FileAccess {
    FileAccess(
      read: { _ in .failure(.forbidden) }, write: { _, _ in .failure(.forbidden) })
  }
}
