import Syntax

/// `import "lib.bp"`
final class ImportCode: Code {
  let path: Code

  init(path: Code, range: SourceRange) {
    self.path = path
    super.init(range: range)
  }

  override func execute(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Flow {
    guard case .string(let text) = try path.evaluate(slots, runtime) else {
      throw Failure(
        "import takes the path of a script", at: path.range, help: ["import \"lib.bp\""])
    }
    try runtime.importScript(text, at: path.range)
    return .next
  }
}
