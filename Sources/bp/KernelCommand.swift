import ArgumentParser
import Glibc
import Kernel
import Language
import Library
import REPL

/// `bp kernel connection.json`, `bp kernel install --user`
struct RunKernel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel", abstract: "Serve notebooks, or make bp known to Jupyter.",
    usage: """
      bp kernel install [--user]   make bp known to Jupyter, for all users or for you
      bp kernel FILE               serve a front end; Jupyter calls this
      """)

  @Flag(help: "With install: for this user alone.")
  var user = false

  @Option(
    help: ArgumentHelp("With install: the data folder of Jupyter.", valueName: "folder"),
    completion: .directory)
  var to: String?

  @Option(
    help: ArgumentHelp(
      "With install: the program that Jupyter is to start, this one where nothing is said.",
      valueName: "path"))
  var program: String?

  @Argument(
    help: "The connection file that Jupyter has written, or install.",
    completion: .list(["install"]))
  var file: String

  func validate() throws {
    guard file != "install", user || to != nil || program != nil else { return }
    throw ValidationError("--user, --to and --program belong to install: bp kernel install --user")
  }

  func run() throws {
    throw ExitCode(
      Worker.run { output in
        file == "install" ? install(writingTo: output) : serve(writingTo: output)
      })
  }

  // MARK: Serving

  private func serve(writingTo output: StandardOutput) -> Int32 {
    let server: KernelServer
    switch SystemFiles.read(file) {
    case .failure(let problem):
      output.reportFailure("\(file) cannot be read: \(problem.words)")
      return ExitStatus.runtimeError
    case .success(let bytes):
      do throws(KernelError) {
        server = try KernelServer(
          try ConnectionFile(bytes),
          process: .init(
            interrupt: Interrupt.request, clearInterrupt: Interrupt.clear,
            isInterrupted: { Interrupt.isRequested }, version: Version.number),
          endsWithParent: Terminal.environment("JPY_PARENT_PID") != nil)
      } catch {
        output.reportFailure(error.message)
        return ExitStatus.runtimeError
      }
    }
    Interrupt.returnsToPrompt()
    server.run { change in
      var host = Host.system(
        writingTo: output,
        access: WriteAccess(script: nil, allowed: [], environment: Terminal.environment))
      change(&host)
      return Interpreter(catalog: .standard, host: host)
    }
    return ExitStatus.done
  }

  // MARK: Installing

  private func install(writingTo output: StandardOutput) -> Int32 {
    guard let data = dataFolder else {
      output.reportFailure("there is no home folder; --to names the data folder of Jupyter")
      return ExitStatus.runtimeError
    }
    let folder = "\(data)/kernels/bp"
    let file = ("kernel.json", KernelSpecification.text(program: program ?? Self.ownPath))
    guard output.save([file], toFolder: folder) else { return ExitStatus.runtimeError }
    _ = output.write(lines: "\(folder) is written: notebooks can be run with bp\n")
    return ExitStatus.done
  }

  /// Where Jupyter looks for kernels.
  private var dataFolder: String? {
    if let to { return to }
    guard user else { return "/usr/local/share/jupyter" }
    if let folder = Terminal.environment("JUPYTER_DATA_DIR"), !folder.isEmpty { return folder }
    if let folder = Terminal.environment("XDG_DATA_HOME"), folder.hasPrefix("/") {
      return "\(folder)/jupyter"
    }
    return Terminal.environment("HOME").map { "\($0)/.local/share/jupyter" }
  }

  /// The absolute path of this program.
  private static var ownPath: String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { return "bp" }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
