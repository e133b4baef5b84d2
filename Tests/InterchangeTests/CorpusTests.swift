import Differentiation
import FileFormats
import Foundation
import Interchange
import Learning
import Testing

/// `Corpus/FORMAT` holds valid files and those that once broke a reader; `scripts/fuzz FORMAT`
/// starts from them. A file made by this package or another program has a name that begins with
/// `valid`; `BP_RECORD=1` writes those of `Samples` anew. A format without stored files is tested on
/// those that it writes itself.
@Suite("Stored and damaged files of every format")
struct CorpusTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Corpus")

  private static func files(of format: FileFormat) throws -> [(name: String, bytes: [UInt8])] {
    let folder = folder.appendingPathComponent(format.name)
    guard FileManager.default.fileExists(atPath: folder.path) else {
      return try Samples.files(of: format).map { ("valid-\($0.key)", $0.value) }
    }
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
      ($0, Array(try Data(contentsOf: folder.appendingPathComponent($0))))
    }
  }

  @Test("every stored file is read or refused as its format promises", arguments: FileFormat.all)
  func storedFiles(format: FileFormat) throws {
    try Samples.record(format, in: Self.folder)
    let files = try Self.files(of: format)
    #expect(files.count { $0.name.hasPrefix("valid") } >= 3)
    for (name, bytes) in files {
      do {
        let isRead = try format.isRead(bytes)
        #expect(isRead || !name.hasPrefix("valid"), "\(format.name)/\(name) is refused")
      } catch {
        Issue.record("\(format.name)/\(name): \(error)")
      }
    }
  }

  @Test("damaged files are read or refused, never a crash", arguments: FileFormat.all)
  func damagedFiles(format: FileFormat) throws {
    try Mutations.run(seeds: try Self.files(of: format).map(\.bytes)) { bytes in
      do {
        _ = try format.isRead(bytes)
      } catch {
        Issue.record(
          "\(format.name): \(error); the file in base 64: \(Data(bytes).base64EncodedString())")
      }
    }
  }

  @Test("what a file promises is charged before room is made for it", arguments: FileFormat.all)
  func budgets(format: FileFormat) throws {
    for (name, bytes) in try Self.files(of: format) where name.hasPrefix("valid") {
      // An empty array needs nothing.
      guard !name.contains("empty") else { continue }
      let error = #expect(throws: FormatError.self, "\(name)") {
        try format.content(of: bytes, title: name, budget: NumberBudget(0))
      }
      #expect(error?.isLimit == true, "\(name): \(error as Any)")
    }
  }
}

extension Samples {
  /// Small valid files of a format by name.
  static func files(of format: FileFormat) throws -> [String: [UInt8]] {
    func plainNet(_ activations: [String]) throws -> Network {
      try Network(
        sizes: [1, 2, 1], activations: try activations.map { try .required($0, as: .sizes) })
    }
    switch format.name {
    case "csv":
      return [
        "numbers": "a,b\n1,2.5\n3,-4e-2\n5,6\n", "decimal-commas": "x;y\n1,5;\"q\"\"\n\"\n2,5;r\n",
        "missing": "1\t2\r\n3\tNA\r\n5\t?\r\n", "names": "n|kind|b\n1|red|true\n2|blue|False\n",
      ].mapValues { Array($0.utf8) }
    case "arff":
      return [
        "iris":
          "% by hand\n@RELATION iris\n\n@ATTRIBUTE 'sepal length' NUMERIC\n@attribute class {setosa, 'Iris versi'}\n"
          + "@DATA\n5.1,setosa\n% between\n?, 'Iris versi'\n4e0,setosa\n",
        "sparse":
          "@relation s\r\n@attribute a real\r\n@attribute b {x,y}\r\n@data\r\n{0 5, 1 y}\r\n{ }\r\n",
        "dates":
          "@relation d\n@attribute when date 'yyyy-MM-dd'\n@attribute s string\n@data\n'2020-01-31',\"a, \\\" b\"\n",
      ].mapValues { Array($0.utf8) }
    case "tab":
      return [
        "orange": "a\tkind\tname\ncontinuous\tx y\tstring\n\tclass\tmeta\n1.5\tx\tone\n?\ty\ttwo\n",
        "marked": "C#a\tcD#kind\tmS#note\n1\tr\tn\n2\tb\tm\n", "plain": "a\tb\n1\t2\n3\t4\n",
      ].mapValues { Array($0.utf8) }
    case "npy":
      let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"
      return [
        "matrix": NPY.bytes(matrix), "plain": npy(header, little([1, 2])),
        "columns": npy("{'descr': '<i8', 'fortran_order': True, 'shape': (1, 2)}", little([1, 2])),
        "empty": npy("{'descr': '>u2', 'fortran_order': False, 'shape': (0, 3)}"),
      ]
    case "npz":
      return [
        "two": try NPZ.bytes([("x", matrix), ("δ", Tensor(vector: [1]))]),
        "number": try NPZ.bytes([("t", Tensor(2.5))]), "empty": try NPZ.bytes([]),
      ]
    case "idx":
      return [
        "images": idx(type: 8, shape: [2, 2, 1], payload: [1, 2, 3, 4]),
        "double": idx(type: 14, shape: [1], payload: Array(repeating: 1, count: 8)),
        // Of Python's gzip module.
        "packed": [
          0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x60, 0xe0, 0x60, 0x64,
          0x60, 0x60, 0x60, 0x62, 0x67, 0x06, 0x00, 0x64, 0x6b, 0xd4, 0x43, 0x0a, 0x00, 0x00, 0x00,
        ],
      ]
    case "safetensors":
      return [
        "net": try NetworkFile.bytes(try network()),
        "small-net": try NetworkFile.bytes(try plainNet(["prelu", "sigmoid"])),
        "arrays": safetensors(
          "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", little([1])),
        "types": safetensors(
          "{\"a\":{\"dtype\":\"I8\",\"shape\":[2,1],\"data_offsets\":[4,6]},\"b\":{\"dtype\":\"F32\","
            + "\"shape\":[],\"data_offsets\":[0,4]},\"__metadata__\":{\"k\":\"v\"}}",
          [0, 0, 0x80, 0x3F, 1, 0xFF]),
      ]
    case "onnx":
      let small = try ONNXWriter.bytes(try plainNet(["leaky", "softplus"]))
      return [
        "net": try ONNXWriter.bytes(try network()), "small-net": small,
        // Without the description the graph alone must do.
        "graph": try ONNXWriter.bytes(try plainNet(["relu", "tanh"])).replacing(
          "bp.net", with: "op.net"),
      ]
    case "json":
      return [
        "record": "{\"a\": [1.5e3, true, null, \"x\\u00e9\\n\"], \"b\": {\"c\": -0.0}}",
        "rows": "[[1,2],[3,4]]", "text": "\"\\ud83d\\ude00 \\\"\\/\"",
      ].mapValues { Array($0.utf8) }
    default:
      var files: [String: [UInt8]] = [:]
      for (name, content) in try contents() where format.writtenKinds.contains(content.kind) {
        files[name] = try format.bytes(content)
      }
      return files
    }
  }

  /// Values of every kind that files hold, by name.
  static func contents() throws -> [String: FileContent] {
    let gate = try #require(DataGenerator.named("gate")).generated()
    var contents: [String: FileContent] = [
      "net": .network(try network()),
      "gate": .data(gate),
      "names": .data(
        try DataSet(
          x: Tensor(.matrix(2, 2), [1, .nan, -2.5, 4]),
          target: .classes(numbers: [2, 1], names: ["a\tb", "c \"d\", e"]),
          featureNames: ["size", "a;b"])),
      "matrix": .numbers(matrix), "vector": .numbers(Tensor(vector: [1, .nan, 3])),
      "arrays": .arrays([("x", matrix), ("δ", Tensor(vector: [1]))]),
      "document": .document(.object([.init("a", .list([.number(1), .null]))])),
    ]
    for name in ["sgd", "adam", "momentum"] {
      let net = try Network(sizes: [2, 1], activations: [try .required("sigmoid", as: .sizes)])
      var options = TrainingOptions()
      options.epochs = 2
      options.optimizer = try .required(name, as: .option("optimizer"))
      var state: TrainingState?
      options.checkpoint = { state = $1() }
      _ = try train(net, on: gate, options)
      contents[name] = .training(try #require(state))
    }
    return contents
  }

  /// Under `BP_RECORD=1` writes the files of a format into the corpus.
  static func record(_ format: FileFormat, in corpus: URL) throws {
    guard ProcessInfo.processInfo.environment["BP_RECORD"] != nil else { return }
    let folder = corpus.appendingPathComponent(format.name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, bytes) in try files(of: format) {
      try Data(bytes).write(to: folder.appendingPathComponent("valid-\(name)"))
    }
  }
}
