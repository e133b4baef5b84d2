import Foundation
import TestSupport
import Testing

/// The picture of the README is what the lines below it draw.
@Suite struct ReadmePictureTests {
  private static let folder = "Sources/Language/Language.docc/Pictures"

  @Test(arguments: [("circles", ""), ("circles-dark", " theme=dark")])
  func thePictureIsThatOfTheFirstLines(name: String, option: String) throws {
    let block = try #require(
      try CodeBlock.all(in: "README.md").first { $0.language == "bp" && $0.lines.count == 3 })
    let code =
      block.lines.joined(separator: "\n") + " to=\"\(name).svg\" width=720 height=480\(option)"
    let folder = try Folder()
    // Of these kernels all machines have the same bits.
    let result = try Program.run(
      "-e", code, in: folder, environment: ["BP_KERNELS": "portable", "BP_BLAS": "off"])
    #expect(result.status == 0, "\(result.errors)")
    let picture = try folder.text(of: "\(name).svg")
    try expectRecorded(picture, in: "\(Self.folder)/\(name).svg")
    #expect(try Project.text("README.md").contains("\"\(Self.folder)/\(name).svg\""))
  }
}
