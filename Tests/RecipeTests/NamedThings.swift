import Foundation
import TestSupport
import Testing

/// The files, rooms, types and members that the pages for contributors name are there.
@Suite struct NamedThings {
  static let pages = ["Contributing", "Architecture", "Decisions", "Promises"].map {
    "Sources/Language/Language.docc/\($0).md"
  }

  /// Types that other packages declare.
  private static let foreign: Set<String> = ["ParsableCommand"]

  // MARK: - What pages name

  /// The texts between backticks, outside of blocks of code.
  private func spans(_ page: String) throws -> [String] {
    var isCode = false
    var spans: [String] = []
    for line in try Project.text(page).components(separatedBy: "\n") {
      if line.hasPrefix("```") { isCode.toggle() }
      guard !isCode, !line.hasPrefix("    "), !line.hasPrefix("```") else { continue }
      let parts = line.components(separatedBy: "`")
      spans += stride(from: 1, to: parts.count, by: 2).map { parts[$0] }
    }
    return spans
  }

  private func isWord(_ character: Character) -> Bool { Self.isPartOfName(character) }

  /// `CallCode(HeadCode, [ArgumentCode])` has three; `Host.files.write` one of three parts.
  private func chains(_ span: String) -> [[String]] {
    span.split { !isWord($0) && $0 != "." }.map { $0.split(separator: ".").map(String.init) }
      .filter { chain in
        guard let first = chain.first, let letter = first.first else { return false }
        // A weight or an error, `W1` and `E`, are no types, nor is `BP_KERNELS`.
        return letter.isUppercase && first.contains { $0.isLowercase }
      }
  }

  // MARK: - What there is

  private struct Declarations {
    /// The files that declare or extend a type.
    var files: [String: Set<String>] = [:]
    /// The types that are declared, not only extended.
    var types: Set<String> = []
    /// The members and functions that a file declares.
    var members: [String: Set<String>] = [:]
    var paths: Set<String> = []
    /// What tests stand in.
    var suites: Set<String> = []

    func declares(_ member: String, in files: some Sequence<String>) -> Bool {
      files.contains { members[$0]?.contains(member) == true }
    }
  }

  private static let declarations: Result<Declarations, any Error> = Result {
    var result = Declarations()
    for (path, text) in try Project.files(below: "Sources", endingWith: ".swift") {
      result.paths.insert(path)
      for line in text.split(separator: "\n") {
        if line.drop(while: { $0 == " " }).hasPrefix("//") { continue }
        let words = line.split { !isPartOfName($0) }.map(String.init)
        for (keyword, name) in zip(words, words.dropFirst()) {
          switch keyword {
          case "struct", "class", "enum", "protocol", "typealias", "extension":
            result.files[name, default: []].insert(path)
            if keyword != "extension" { result.types.insert(name) }
          case "func", "var", "let": result.members[path, default: []].insert(name)
          default: continue
          }
        }
        if words.first == "case" { result.members[path, default: []].formUnion(words.dropFirst()) }
      }
    }
    for (_, text) in try Project.files(below: "Tests", endingWith: ".swift") {
      let words = text.split { !isPartOfName($0) }.map(String.init)
      for (keyword, name) in zip(words, words.dropFirst())
      where keyword == "struct" && name.hasSuffix("Tests") {
        result.suites.insert(name)
      }
    }
    return result
  }

  private static func isPartOfName(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: Project.file(path).path)
  }

  /// Whether a chain of names leads somewhere: a room, a type or a file, then its members.
  private func isThere(_ chain: [String], _ known: Declarations) -> Bool {
    let first = chain[0]
    var files = known.files[first] ?? []
    if exists("Sources/\(first)") {
      files.formUnion(known.paths.filter { $0.hasPrefix("Sources/\(first)/") })
    } else if !known.types.contains(first) {
      // A folder, or a file of a type's extensions, has a name of its own.
      files = known.paths.filter { $0.contains("/\(first)/") || $0.hasSuffix("/\(first).swift") }
    }
    guard chain.count > 1 else {
      return !files.isEmpty || exists("Sources/\(first)") || Self.foreign.contains(first)
    }
    // Of a member only the name is known, not its type: what follows it may be anywhere.
    return known.declares(chain[1], in: files)
      && chain.dropFirst(2).allSatisfy { known.declares($0, in: known.paths) }
  }

  // MARK: - Tests

  @Test(arguments: pages)
  func `every path is there`(page: String) throws {
    let words = try Project.text(page).split { !isWord($0) && !"./-".contains($0) }
    var count = 0
    for word in words where ["Sources/", "Tests/", "scripts/"].contains(where: word.hasPrefix) {
      count += 1
      let path = word.last == "." ? word.dropLast() : word
      #expect(exists(String(path)), "\(page) names \(path)")
    }
    // Of a path inside Sources the first folder is left out, as in Language/Values.
    for span in try spans(page) where span.contains("/") {
      guard span.allSatisfy({ isWord($0) || "./-".contains($0) }) else { continue }
      count += 1
      let isThere = [span, "Sources/\(span)", "Sources/\(span).swift"].contains(where: exists)
      #expect(isThere, "\(page) names \(span)")
    }
    #expect(count > 0)
  }

  @Test(arguments: pages)
  func `every type, file and member is there`(page: String) throws {
    let known = try Self.declarations.get()
    let fileNames = Set(
      try Project.files(below: "Sources", endingWith: ".md").map { $0.path } + known.paths)
    var count = 0
    for span in try spans(page) where !span.contains("/") {
      if span.hasSuffix(".swift") || span.hasSuffix(".md") {
        let isThere = fileNames.contains { $0.hasSuffix("/\(span)") }
        #expect(isThere, "\(page) names \(span)")
        count += 1
        continue
      }
      if span.hasSuffix(":)"), let name = span.split(separator: "(").first {
        let isThere = known.declares(String(name), in: known.paths)
        #expect(isThere, "\(page) names \(span)")
      }
      for chain in chains(span) where !Project.hasSuite(chain[0]) {
        count += 1
        let isThere = known.suites.contains(chain[0]) || isThere(chain, known)
        #expect(isThere, "\(page) names \(chain.joined(separator: "."))")
      }
    }
    #expect(count > 2)
  }

  @Test func `what is not there is missed`() throws {
    let known = try Self.declarations.get()
    for (name, wanted) in [
      ("Loss", true), ("Lost", false), ("Loss.all", true), ("Loss.some", false),
      ("Host.files.write", true), ("Host.files.wrote", false), ("CKernels", true),
      ("ParsableCommand", true), ("Typesetting", true), ("StatementResolution", true),
    ] {
      let isThere = isThere(name.split(separator: ".").map(String.init), known)
      #expect(isThere == wanted, "\(name)")
    }
  }
}

extension Project {
  /// Whether a room of tests has this name: `LearningTests`.
  fileprivate static func hasSuite(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: file("Tests/\(name)").path)
  }
}
