import Differentiation
import Foundation
import Interchange
import Learning
import Testing

@Suite("Nets in safetensors and ONNX files, values in JSON")
struct NetworkFileTests {
  private static func load(_ bytes: [UInt8]) throws -> Network {
    try #require(try NetworkFile.network(try Safetensors(bytes)))
  }

  private static func expectSame(_ a: Network, _ b: Network, _ what: String = "") {
    #expect(a.parameters == b.parameters, "\(what)")
    #expect(a.title == b.title, "\(what)")
    #expect(a.loss.title == b.loss.title, "\(what)")
    #expect(a.pipeline == b.pipeline, "\(what)")
    #expect(a.classes == b.classes, "\(what)")
    #expect(a.precision == b.precision, "\(what)")
  }

  @Test("a net with all that belongs to it comes back from safetensors, bit for bit")
  func safetensorsRoundTrip() throws {
    for activation in Activation.all.map(\.name) where !outputOnly.contains(activation) {
      for precision in Precision.allCases {
        let net = try Samples.network([activation, "softmax"], precision: precision)
        Self.expectSame(try Self.load(try NetworkFile.bytes(net)), net, activation)
      }
    }
    let plain = try Network(
      sizes: [2, 1],
      activations: [try Activation.required("leaky", as: .sizes).configured([.number(0.3)])])
    Self.expectSame(try Self.load(try NetworkFile.bytes(plain)), plain)
    let unit = try Network.perceptron(sizes: [2])
    #expect(try Self.load(try NetworkFile.bytes(unit)).rule == .perceptron)
  }

  @Test("the arrays have the names and shapes of torch.nn.Sequential")
  func sequentialNames() throws {
    let net = try Network(
      sizes: [2, 3, 4, 1],
      activations: try ["prelu", "linear", "sigmoid"].map { try .required($0, as: .sizes) })
    let file = try Safetensors(try NetworkFile.bytes(net))
    #expect(
      Set(file.arrays.map { "\($0.name) \($0.shape)" }) == [
        "0.weight [3, 2]", "0.bias [3]", "1.weight [1]", "2.weight [4, 3]", "2.bias [4]",
        "3.weight [1, 4]", "3.bias [1]",
      ])
  }

  @Test("a user's activation cannot be saved with the net and says so; ONNX has what it computes")
  func customActivation() throws {
    let net = try Network(
      sizes: [1, 1],
      activations: [
        Activation(userFunction: "swoosh") { z throws(LearningError) in
          try building { () throws(ShapeError) in try z * z.applying(.exp) }
        }
      ])
    let error = #expect(throws: FormatError.self) { try NetworkFile.bytes(net) }
    #expect(error?.message.contains("swoosh") == true)
    let onnx = try #require(FileFormat.named(extension: "onnx"))
    #expect(onnx.omissions(net).first?.contains("function of this script") == true)
    #expect(onnx.omissions(try Samples.network()) == [])
    let model = try ONNXWriter.bytes(net)
    #expect(throws: FormatError.self) { try ONNXReader.network(model) }
  }

  @Test("damaged safetensors files are refused")
  func malformedSafetensors() throws {
    let whole = try NetworkFile.bytes(try Samples.network())
    let entry = "\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}"
    let eight = Samples.little([1])
    #expect(try Safetensors(Samples.safetensors("{\(entry)}", eight)).arrays.count == 1)
    let headers = [
      " {\(entry)}", "[]", "{\(entry),\(entry)}", "{\(entry)", "{\(entry)}}",
      "{\(entry.replacing("F64", with: "F63"))}", "{\(entry.replacing("[1]", with: "[2]"))}",
      "{\(entry.replacing("[1]", with: "[-1]"))}", "{\(entry.replacing("[1]", with: "[0.5]"))}",
      "{\(entry.replacing("[1]", with: "[1e300]"))}", "{\(entry.replacing("[1]", with: "1"))}",
      "{\(entry.replacing("[1]", with: "[4294967296,4294967296]"))}",
      "{\(entry.replacing("[0,8]", with: "[8,0]"))}",
      "{\(entry.replacing("[0,8]", with: "[0,9]"))}",
      "{\(entry.replacing("[0,8]", with: "[0]"))}", "{\(entry.replacing("[0,8]", with: "[-8,0]"))}",
      "{\(entry.replacing("[0,8]", with: "[0,1e30]"))}",
      "{\(entry.replacing("\"dtype\":\"F64\",", with: ""))}",
      "{\(entry.replacing("}", with: ",\"more\":1}"))}", "{\"__metadata__\":{\"a\":1},\(entry)}",
      "{\"__metadata__\":[],\(entry)}", "{}",
      "{\(entry.replacing("[0,8]", with: "[1,9]"))}",
      "{\(entry),\(entry.replacing("\"a\"", with: "\"b\""))}",
    ]
    var files = headers.map { ($0, Samples.safetensors($0, eight)) }
    files += [
      ("empty", []), ("cut header", Array(whole[..<40])), ("cut data", Array(whole.dropLast())),
      ("more data", whole + [0]), ("length", whole.patched(3, 0xFF)),
      ("length huge", whole.patched(7, 0xFF)), ("no UTF-8", whole.patched(12, 0xFF)),
    ]
    expectRefused(files) { _ = try Safetensors($0) }

    // Sound files whose description of the net is not.
    for (from, to) in [
      ("\\\"sizes\\\":[4,5,3]", "\\\"sizes\\\":[4,5,4]"), ("tanh", "tanx"),
      ("\\\"version\\\":1", "\\\"version\\\":9"), ("\\\"shift\\\":[", "\\\"shift\\\":[1,"),
      ("\\\"fills\\\":[", "\\\"fills\\\":[1,"), ("\\\"feature\\\":1", "\\\"feature\\\":7"),
      ("\\\"step\\\":\\\"impute\\\"", "\\\"step\\\":\\\"infect\\\""),
      ("0.weight", "9.weight"), ("\\\"sizes\\\":[4,5,3]", "\\\"sizes\\\":[4,1e15,3]"),
      ("\\\"sizes\\\":[4,5,3]", "\\\"sizes\\\":[]"),
    ] {
      let length = Int(whole[0]) | Int(whole[1]) << 8
      var header = Array(whole[8..<8 + length]).replacing(from, with: to)
      #expect(header != Array(whole[8..<8 + length]), "\(from)")
      header += Array(repeating: 0x20, count: (8 - header.count % 8) % 8)
      let changed = Samples.safetensors(
        String(decoding: header, as: UTF8.self), Array(whole[(8 + length)...]))
      #expect(throws: FormatError.self, "\(to)") { try Self.load(changed) }
    }
  }

  // MARK: ONNX

  private var outputOnly: [String] {
    Activation.all.filter { $0.traits.contains(.outputOnly) }.map(\.name)
  }

  @Test("a net comes back from ONNX as it was, whatever its activations")
  func onnxRoundTrip() throws {
    for activation in Activation.all.map(\.name) where !outputOnly.contains(activation) {
      let net = try Samples.network([activation, "softmax"])
      Self.expectSame(try ONNXReader.network(try ONNXWriter.bytes(net)), net, activation)
    }
  }

  @Test("models of other programs are read as chains of layers")
  func foreignONNX() throws {
    for activation in Activation.all.map(\.name) where !outputOnly.contains(activation) {
      for precision in Precision.allCases {
        let net = try Network(
          sizes: [3, 4, 2],
          activations: try [activation, "softmax"].map { try .required($0, as: .sizes) },
          options: {
            var options = Network.Options()
            options.precision = precision
            return options
          }())
        // Without the description the graph alone must do.
        let bytes = try ONNXWriter.bytes(net).replacing("bp.net", with: "op.net")
        let read = try ONNXReader.network(bytes)
        #expect(read.sizes == net.sizes)
        // celu with its standard depth is elu.
        #expect(read.layers[0].activation.name == (activation == "celu" ? "elu" : activation))
        let x = Tensor(.matrix(2, 3), [0.5, -1, 2, -3, 0.25, 1])
        for (a, b) in zip(try read.output(x).elements, try net.output(x).elements) {
          #expect(abs(a - b) < 1e-6, "\(activation)")
        }
      }
    }
  }

  @Test("damaged ONNX models are refused")
  func malformedONNX() throws {
    let net = try Network(
      sizes: [2, 3, 1], activations: try ["relu", "sigmoid"].map { try .required($0, as: .sizes) })
    let whole = try ONNXWriter.bytes(net).replacing("bp.net", with: "op.net")
    var files: [(String, [UInt8])] = [
      ("empty", []), ("text", Array("onnx".utf8)), ("zeros", Array(repeating: 0, count: 64)),
      ("IR 99", whole.patched(1, 99)), ("IR 0", whole.patched(1, 0)),
      ("unknown operation", whole.replacing("Relu", with: "Rolu")),
      ("recurrent", whole.replacing("Gemm", with: "LSTM")),
      ("two of one name", whole.replacing("W1", with: "W2")),
      ("attribute", whole.replacing("transB", with: "transA")),
      ("shapes", whole.replacing("transB", with: "transC")),
      ("no way out", whole.replacing("Identity", with: "Identitx")),
    ]
    // Any cut goes through the graph: what is left is no whole message.
    files += (1..<24).map { ("cut at \($0)", Array(whole[..<(whole.count * $0 / 26)])) }
    expectRefused(files) { _ = try ONNXReader.network($0) }
  }

  // MARK: JSON

  @Test("documents come back equal")
  func jsonRoundTrip() throws {
    let document = JSON.object([
      .init("a", .number(0.1)), .init("b \"c\" \\ \n\u{1}ü😀", .text("\u{7F}\t")),
      .init(
        "list", .list([.null, .truth(true), .number(-0.0), .number(1e300), .list([]), .object([])])),
    ])
    for indent in [nil, 2] {
      #expect(try JSON.parse(try document.bytes(indent: indent)) == document)
    }
    #expect(try JSON.parse(Array("\"\\ud83d\\ude00\\u00fc\"".utf8)) == .text("😀ü"))
    #expect(throws: FormatError.self) { try JSON.number(.infinity).bytes() }
    let foreign = try JSONSerialization.jsonObject(with: Data(try document.bytes()))
    #expect((foreign as? [String: Any])?["a"] as? Double == 0.1)
  }

  @Test("damaged JSON is refused with the place")
  func malformedJSON() {
    let texts = [
      "", " ", "{", "}", "[", "]", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}",
      "{\"a\":1,}", "{\"a\":1,\"a\":2}", "nul", "tru", "True", "01", "-", "+1", ".5", "1.", "1e",
      "1e400", "0x1", "nan", "infinity", "-Inf", "'a'", "\"a", "\"\\x\"", "\"\\u12\"",
      "\"\\ud800\"",
      "\"\\ud800\\u0041\"", "\"\n\"", "1 2", "[1]]", String(repeating: "[", count: 1000),
      "\"\\u+123\"",
    ]
    expectRefused(texts.map { ($0, Array($0.utf8)) }) { _ = try JSON.parse($0) }
    #expect(throws: FormatError.self) { try JSON.parse([0x22, 0xFF, 0x22]) }
  }
}
