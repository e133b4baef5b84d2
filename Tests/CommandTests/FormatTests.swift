import Foundation
import Testing

@Suite struct FormatTests {
  static let rough = "x=1\nif x==1 {\nprint  x , 2 # two\n}\n"
  static let tidy = "x = 1\nif x == 1 {\n  print x, 2  # two\n}\n"

  @Test func aFileIsRewrittenInPlace() throws {
    let folder = try Folder()
    try folder.write(Self.rough, to: "a.bp")
    try folder.write(Self.tidy, to: "b.bp")
    let result = try Program.run("fmt", "a.bp", "b.bp", in: folder)
    #expect(result.status == 0)
    #expect(result.output == "")
    #expect(try folder.text(of: "a.bp") == Self.tidy)
    #expect(try folder.text(of: "b.bp") == Self.tidy)
    #expect(folder.files == ["a.bp", "b.bp"])
  }

  @Test func aScriptStaysExecutableAndALinkALink() throws {
    let folder = try Folder()
    try folder.write(Self.rough, to: "a.bp")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o750], ofItemAtPath: folder.url.appending(path: "a.bp").path)
    try FileManager.default.createSymbolicLink(
      atPath: folder.url.appending(path: "link.bp").path, withDestinationPath: "a.bp")
    #expect(try Program.run("fmt", "link.bp", in: folder).status == 0)
    #expect(try folder.text(of: "a.bp") == Self.tidy)
    let attributes = try FileManager.default.attributesOfItem(
      atPath: folder.url.appending(path: "a.bp").path)
    #expect(attributes[.posixPermissions] as? Int == 0o750)
    let target = try FileManager.default.destinationOfSymbolicLink(
      atPath: folder.url.appending(path: "link.bp").path)
    #expect(target == "a.bp")
  }

  @Test func standardInputGoesToStandardOutput() throws {
    let result = try Program.run("fmt", "-", input: Self.rough)
    #expect(result.output == Self.tidy)
    #expect(result.status == 0)
  }

  @Test func checkChangesNothingAndNamesWhatWouldChange() throws {
    let folder = try Folder()
    try folder.write(Self.rough, to: "a.bp")
    try folder.write(Self.tidy, to: "b.bp")
    let result = try Program.run("fmt", "--check", "a.bp", "b.bp", in: folder)
    #expect(result.status == 1)
    #expect(result.output == "a.bp\n")
    #expect(try folder.text(of: "a.bp") == Self.rough)
    #expect(try Program.run("fmt", "--check", "b.bp", in: folder).status == 0)
    #expect(try Program.run("fmt", "--check", "-", input: Self.rough).status == 1)
  }

  @Test func aFileWithSyntaxErrorsIsLeftUntouched() throws {
    let folder = try Folder()
    try folder.write("x=(\n", to: "a.bp")
    try folder.write(Self.rough, to: "b.bp")
    let result = try Program.run("fmt", "a.bp", "b.bp", in: folder)
    #expect(result.status == 2)
    #expect(result.errors.contains("a.bp:1"))
    #expect(try folder.text(of: "a.bp") == "x=(\n")
    #expect(try folder.text(of: "b.bp") == Self.tidy)
    #expect(try Program.run("fmt", "-", input: "x=(").output == "")
  }

  @Test func whatIsNotUTF8IsLeftUntouched() throws {
    let folder = try Folder()
    let bytes = Data([0x78, 0x3D, 0x22, 0xFF, 0x22, 0x0A])
    try bytes.write(to: folder.url.appending(path: "a.bp"))
    #expect(try Program.run("fmt", "a.bp", in: folder).status == 2)
    #expect(try Data(contentsOf: folder.url.appending(path: "a.bp")) == bytes)
  }

  @Test func missingAndUnwritableFilesAreThree() throws {
    let folder = try Folder()
    #expect(try Program.run("fmt", "missing.bp", in: folder).status == 3)
    #expect(try Program.run("fmt", ".", in: folder).status == 3)
  }
}
