import ArgumentParser
import Glibc
import Language
import PageFile

/// `bp page lecture.bp --to lecture.html`
struct WritePage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "page", abstract: "Write a page that runs bp in any browser, as one file.",
    discussion: """
      Without a script the page opens with the ready-made examples. A sheet with places to fill in \
      opens as a form. Nothing is installed and nothing is asked of the network: the page can be \
      put on any web space, or sent.
      """)

  @Option(
    help: ArgumentHelp("The file for the page.", valueName: "file"), completion: .file())
  var to: String

  @ArgumentParser.Argument(help: "A script, or a sheet of exercises.", completion: .scripts)
  var file: String?

  func run() throws {
    throw ExitCode(Worker.run { status(writingTo: $0) })
  }

  private func status(writingTo output: StandardOutput) -> Int32 {
    guard let (engine, isCompressed) = Self.engine else {
      output.reportFailure(
        """
        the engine for pages is not installed beside this program: in a checkout scripts/wasm \
        makes it, and BP_ENGINE names the file engine.wasm
        """)
      return ExitStatus.runtimeError
    }
    var script: PageFile.Script?
    if let file {
      guard let text = output.text(of: file) else { return ExitStatus.runtimeError }
      let name = file.split(separator: "/").last.map(String.init) ?? file
      script = PageFile.Script(name: name, text: text)
    }
    let page = PageFile(engine: engine, isCompressed: isCompressed, script: script)
    if case .failure(let problem) = SystemFiles.write(to, page.bytes) {
      output.reportFailure("\(to) cannot be written: \(problem.words)")
      return ExitStatus.runtimeError
    }
    _ = output.write(lines: "\(to) is written: open it in a browser\n")
    return ExitStatus.done
  }

  /// The engine, packed where somebody has packed it.
  private static var engine: (bytes: [UInt8], isCompressed: Bool)? {
    if let own = getenv("BP_ENGINE").map({ String(cString: $0) }), !own.isEmpty {
      guard case .success(let bytes) = SystemFiles.read(own) else { return nil }
      return (bytes, bytes.starts(with: [0x1F, 0x8B]))
    }
    for (ending, isCompressed) in [(".gz", true), ("", false)] {
      guard
        let path = SharedFolder.file(
          "engine.wasm\(ending)", checkout: ".build/wasm/engine.wasm\(ending)"),
        case .success(let bytes) = SystemFiles.read(path)
      else { continue }
      return (bytes, isCompressed)
    }
    return nil
  }
}
