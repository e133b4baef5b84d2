import ArgumentParser
import Glibc
import Language
import LanguageServer
import Library
import REPL

/// `bp lsp`
struct ServeLanguage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lsp", abstract: "Serve an editor over standard input and output.",
    discussion: """
      An editor starts this by itself: see the page Editors. It speaks the Language Server Protocol.
      """)

  func run() throws {
    throw ExitCode(Worker.run { serve(writingTo: $0) })
  }

  private func serve(writingTo output: StandardOutput) -> Int32 {
    let server = LanguageServer(
      .init(
        catalog: .standard, version: Version.number, readScript: Self.script,
        list: SystemFiles.list))
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while server.exitStatus == nil {
      // What waits is looked at before work that it may call off.
      if !server.hasWork || Self.hasInput {
        let count = chunk.withUnsafeMutableBytes {
          Glibc.read(STDIN_FILENO, $0.baseAddress, $0.count)
        }
        if count < 0, errno == EINTR, !Interrupt.isRequested { continue }
        guard count > 0 else {
          server.end()
          break
        }
        server.receive(chunk[..<count])
      } else {
        guard output.write(server.answerNext()), output.flush() else { break }
      }
    }
    return server.exitStatus ?? ExitStatus.runtimeError
  }

  private static var hasInput: Bool {
    var wanted = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&wanted, 1, 0) > 0
  }

  /// More than any script that is imported.
  private static let largestScript = 1 << 20

  private static func script(_ path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_size <= largestScript,
      case .success(let text) = SystemFiles.read(path).flatMap(FileAccess.text)
    else { return nil }
    return text
  }
}
