import Differentiation
import Learning

extension FileFormat {
  /// Every format, in the order in which they are listed. Adding one is adding one literal.
  package static let all: [FileFormat] = [
    FileFormat(
      "safetensors", extensions: ["safetensors"],
      read: .bytes { bytes, budget throws(FormatError) in
        let file = try Safetensors(bytes, budget: budget)
        if let network = try NetworkFile.network(file) { return .network(network) }
        return .arrays(
          file.arrays.map {
            ($0.name, NumberArray(shape: $0.shape, numbers: $0.numbers).tensor)
          })
      },
      write: [.network { network, _ throws(FormatError) in try NetworkFile.bytes(network) }],
      omissions: NetworkDescription.omissions),
    FileFormat(
      "onnx", extensions: ["onnx"],
      read: .notedBytes { bytes, budget, notes throws(FormatError) in
        let (network, found) = try ONNXReader.read(bytes, budget: budget)
        notes += found
        return .network(network)
      },
      write: [
        .network { network, precision throws(FormatError) in
          try ONNXWriter.bytes(network, precision: precision)
        }
      ],
      hasPrecisions: true, omissions: ONNXWriter.omissions),
    FileFormat(
      "npy", extensions: ["npy"],
      read: .bytes { bytes, budget throws(FormatError) in
        var budget = budget
        return try NPY.content(bytes, charging: &budget)
      },
      write: [
        .numbers { tensor, precision in NPY.bytes(tensor, asFloat32: precision == .float32) }
      ],
      hasPrecisions: true),
    FileFormat(
      "npz", extensions: ["npz"],
      read: .notedBytes { bytes, budget, notes throws(FormatError) in
        try NPZ.content(bytes, budget: budget, notes: &notes)
      },
      write: [.arrays { arrays throws(FormatError) in try NPZ.bytes(arrays) }]),
    FileFormat(
      "csv", extensions: ["csv"], read: .table(CSVOptions()),
      write: [
        .data { data throws(FormatError) in try CSVWriter.bytes(data) },
        .numbers { tensor, _ throws(FormatError) in try CSVWriter.bytes(tensor) },
        .table { table throws(FormatError) in try CSVWriter.bytes(table) },
      ]),
    FileFormat(
      "tsv", extensions: ["tsv"], read: .table(CSVOptions(delimiter: CSVDialect.tab)),
      write: [
        .data { data throws(FormatError) in
          try CSVWriter.bytes(data, delimiter: CSVDialect.tab)
        },
        .numbers { tensor, _ throws(FormatError) in
          try CSVWriter.bytes(tensor, delimiter: CSVDialect.tab)
        },
        .table { table throws(FormatError) in
          try CSVWriter.bytes(table, delimiter: CSVDialect.tab)
        },
      ]),
    // Of Weka; what it holds stands in it.
    FileFormat("arff", extensions: ["arff"], read: .table(CSVOptions())),
    // Of Orange, and plain values between tabs.
    FileFormat(
      "tab", extensions: ["tab"], read: .table(CSVOptions(delimiter: CSVDialect.tab))),
    FileFormat(
      "json", extensions: ["json"],
      read: .bytes { bytes, budget throws(FormatError) in
        .document(try JSON.parse(bytes, budget: budget))
      },
      write: [.document { document throws(FormatError) in try document.bytes(indent: 2) + [0x0A] }]),
    // Images and labels of MNIST, which come in two files.
    FileFormat(
      "idx",
      read: .bytes { bytes, budget throws(FormatError) in
        .numbers(try IDX.array(bytes, budget: budget).tensor)
      }),
    // What a training writes to go on from.
    FileFormat(
      "training",
      read: .bytes { bytes, budget throws(FormatError) in
        .training(try TrainingFile.state(bytes, budget: budget))
      },
      write: [.training { state throws(FormatError) in try TrainingFile.bytes(state) }]),
  ]
}
