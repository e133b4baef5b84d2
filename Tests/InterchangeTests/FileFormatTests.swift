import FileFormats
import Interchange
import Learning
import Testing

@Suite("The list of file formats")
struct FileFormatTests {
  @Test("names and extensions are unique, and each extension finds its format in any case")
  func names() {
    let names = FileFormat.all.map(\.name)
    #expect(Set(names).count == names.count)
    let extensions = FileFormat.all.flatMap(\.extensions)
    #expect(Set(extensions).count == extensions.count)
    for format in FileFormat.all {
      for name in format.extensions {
        #expect(!name.contains(".") && name == name.lowercased())
        #expect(FileFormat.named(extension: name)?.name == format.name)
        #expect(FileFormat.named(extension: name.uppercased())?.name == format.name)
      }
      #expect(format.reader != nil || !format.writers.isEmpty, "\(format)")
    }
    #expect(FileFormat.named(extension: "") == nil)
    #expect(FileFormat.named(extension: "pkl") == nil)
  }

  @Test("what a format writes it reads, and the rest it refuses", arguments: FileFormat.all)
  func writing(format: FileFormat) throws {
    #expect(Set(format.writtenKinds).count == format.writtenKinds.count)
    for (name, content) in try Samples.contents() {
      guard format.writtenKinds.contains(content.kind) else {
        #expect(throws: FormatError.self, "\(name)") { try format.bytes(content) }
        continue
      }
      let bytes = try format.bytes(content)
      guard format.reader != nil else { continue }
      #expect(try format.isRead(bytes), "\(name)")
      if case .table? = format.reader { continue }
      #expect(try format.content(of: bytes, title: name).kind == content.kind, "\(name)")
    }
  }

  @Test("numbers are written with the precision that is asked for, where there is one")
  func precisions() throws {
    let contents = try Samples.contents()
    for format in FileFormat.all {
      for content in contents.values where format.writtenKinds.contains(content.kind) {
        let isSame =
          try format.bytes(content, precision: .float32)
          == format.bytes(content, precision: .float64)
        #expect(isSame != format.hasPrecisions, "\(format)")
      }
    }
  }

  @Test("every extension that is written is listed for something")
  func choices() {
    let listed = Set(FileFormat.choices.flatMap(\.extensions))
    #expect(listed == Set(FileFormat.writtenExtensions))
    #expect(FileFormat.choices.first { $0.what == "nets" }?.extensions == ["safetensors", "onnx"])
  }
}
