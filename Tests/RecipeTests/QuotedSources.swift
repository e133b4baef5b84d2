import Foundation
import TestSupport
import Testing

/// What Contributing shows of existing code stands there, and every code it shows is held by a test.
@Suite struct QuotedSources {
  /// A block of code that the line above it introduces with a path: "…, in `Sources/bp/Check.swift`:".
  struct Quotation {
    let path: String
    let block: CodeBlock
    /// The heading that it stands below.
    let recipe: String
  }

  private static func blocks() throws -> (quotations: [Quotation], others: [CodeBlock]) {
    let lines = try Project.text(Recipe.page).components(separatedBy: "\n")
    var quotations: [Quotation] = []
    var others: [CodeBlock] = []
    for block in try CodeBlock.all(in: Recipe.page) where block.language != nil {
      // The fence is left out of the lines before.
      let before = lines[..<(block.line - 2)]
      let introduction = before.last { !$0.isEmpty } ?? ""
      let recipe = before.last { $0.hasPrefix("#") } ?? ""
      if introduction.hasSuffix("`:"), let path = introduction.split(separator: "`").dropLast().last
      {
        quotations.append(Quotation(path: String(path), block: block, recipe: recipe))
      } else {
        others.append(block)
      }
    }
    return (quotations, others)
  }

  @Test func `code with a path above it stands in that file`() throws {
    let quotations = try Self.blocks().quotations
    #expect(quotations.count >= 14)
    for quotation in quotations {
      let file = try Project.text(quotation.path).components(separatedBy: "\n")
      let quoted = withoutIndentation(quotation.block.lines)
      let isThere = file.indices.contains {
        withoutIndentation(Array(file[$0...].prefix(quoted.count))) == quoted
      }
      #expect(isThere, "\(quotation.path) has not what line \(quotation.block.line) says")
    }
  }

  @Test func `all other code is a recipe that a test follows`() throws {
    let blocks = try Self.blocks().others
    let followed = try Project.names(in: "Tests/RecipeTests", endingWith: ".swift")
      .map { try recipes(in: "Tests/RecipeTests/\($0).swift") }.flatMap { $0 }
    for block in blocks {
      #expect(followed.contains(block.lines), "no test has the code of line \(block.line)")
    }
    #expect(blocks.count == followed.count)
  }

  /// A statement that is added after it is known to all of them.
  @Test func `the recipe of a statement names every file that knows it`() throws {
    let quotations = try Self.blocks().quotations
    let told = Set(quotations.filter { $0.recipe == "### A statement" }.map { $0.path })
    let knowing = try Project.files(below: "Sources", endingWith: ".swift").filter {
      $0.text.contains("importFile") || $0.text.contains("ImportCode")
    }
    #expect(knowing.count >= 5)
    for file in knowing { #expect(told.contains(file.path), "\(file.path)") }
  }

  // MARK: - What the recipes promise, of the examples that they show

  @Test func `from the row of an option follows all that is promised`() throws {
    let session = TestSession()
    try session.perform("net = mlp [2,4,1] tanh sigmoid seed=1")
    let run = "run = train net circles epochs=1 batch=full lr=1 quiet=true"
    try session.perform("before = net.W1; \(run) clip=0.001; moved = norm(net.W1 - before)")
    #expect(try session.number("moved") <= 0.001 + 1e-12)
    #expect(try session.number("run.options.clip") == 0.001)
    try session.perform("\(run) checkpoint=\"c\" clip=0.5")
    #expect(session.run("\(run) resume=\"c\" clip=1") == .runtimeError)
    #expect(session.reports.last?.contains("clip") == true, "\(session.reports)")
    #expect(session.run("train net circles clip=0") == .runtimeError)
    #expect(session.reports.last?.contains("clip must be a number above 0") == true)
    try session.perform("s = sweep net circles clip=[0.1, 1] epochs=2 quiet=true")
    #expect(try session.number("length s.runs") == 2)
    #expect(session.offers("train net circles cl").contains("clip="))
    #expect(try session.perform("help train").contains("The largest norm of the gradient."))
  }

  @Test func `a statement helps and completes`() throws {
    let session = TestSession()
    #expect(session.offers("impo") == ["import"])
    #expect(try session.perform("help import") == "import \"lib.bp\"\nRuns another script here.\n")
  }
}
