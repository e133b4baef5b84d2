import Foundation
import Testing

/// Files as a user meets them: the whole program reads them.
@Suite struct FileTests {
  private static let corpus = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "InterchangeTests/Corpus")

  /// Runs a line in a folder that holds `bytes` as `name`.
  private static func run(
    _ line: String, with name: String, _ bytes: Data, environment: [String: String] = [:]
  ) throws -> Program.Result {
    let folder = try Folder()
    try bytes.write(to: folder.url.appending(path: name))
    return try Program.run("-e", line, in: folder, environment: environment)
  }

  private static func stored(_ path: String) throws -> Data {
    try Data(contentsOf: corpus.appending(path: path))
  }

  @Test(arguments: [
    ("load \"a.csv\"", "a.csv", "csv/valid-decimal-commas"),
    ("load \"a.npy\"", "a.npy", "npy/valid-matrix"),
    ("load \"a.npz\"", "a.npz", "npz/valid-two"),
    ("idx \"a.gz\" \"a.gz\"", "a.gz", "idx/valid-packed"),
    ("load \"a.safetensors\"", "a.safetensors", "safetensors/valid-net"),
    ("load \"a.onnx\"", "a.onnx", "onnx/valid-graph"),
    ("load \"a.json\"", "a.json", "json/valid-record"),
    ("train (mlp [2,1] sigmoid) (gate \"and\") resume=\"a.bin\"", "a.bin", "training/valid-adam"),
  ]) func `a file cut off is an error with the place and exit status 3`(
    _ line: String, _ name: String, _ path: String
  ) throws {
    let whole = try Self.stored(path)
    // In the table a quote stays open.
    let result = try Self.run(line, with: name, whole.dropLast(8))
    #expect(result.status == 3, "\(result.errors)")
    #expect(result.errors.contains(name))
    #expect(result.errors.contains("at byte ") || result.errors.contains("\(name):"))
    #expect(result.errors.contains("--> "))
  }

  @Test func `without zlib compressed files are refused and all others are read`() throws {
    let without = ["BP_ZLIB": "off"]
    let packed = [
      ("load \"a.npz\"", "a.npz", "npz/valid-numpy-deflated"),
      ("idx \"a.gz\" \"a.gz\"", "a.gz", "idx/valid-packed"),
    ]
    for (line, name, path) in packed {
      for library in ["off", "/nowhere/libz.so"] {
        let result = try Self.run(
          line, with: name, try Self.stored(path), environment: ["BP_ZLIB": library])
        #expect(result.status == 3)
        #expect(result.errors.contains("this file is compressed, and zlib"), "\(result.errors)")
        #expect(result.errors.contains("unpack the file before"))
      }
    }
    let stored = try Self.run(
      "r = load \"a.npz\"; print r.x[1, 2]", with: "a.npz", try Self.stored("npz/valid-two"),
      environment: without)
    #expect(stored.output == "-2.5\n")
    let images = try Self.run(
      "print (idx \"i\" \"i\").n", with: "i", Data([0, 0, 8, 1, 0, 0, 0, 2, 7, 3]),
      environment: without)
    #expect(images.output == "2\n", "\(images.errors)")
    let unpacked = try Self.run(
      "r = load \"a.npz\"; print r.x[1, 2]", with: "a.npz",
      try Self.stored("npz/valid-numpy-deflated"))
    #expect(unpacked.output == "1\n", "\(unpacked.errors)")
  }
}
