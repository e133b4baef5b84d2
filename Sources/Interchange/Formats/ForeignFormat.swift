/// A file of another program that is not read, and how that program writes one that is.
package struct ForeignFormat: Sendable {
  package let extensions: [String]
  /// As in `Keras weights are not read`.
  package let title: String
  /// The lines that convert it.
  package let help: [String]

  package static let all: [ForeignFormat] = [
    table(["xlsx", "xlsm", "ods"], "Workbooks", "read_excel"),
    table(["xls"], "Old Excel workbooks", "read_excel"),
    table(["parquet"], "Parquet files", "read_parquet"),
    table(["feather"], "Feather files", "read_feather"),
    table(["orc"], "ORC files", "read_orc"),
    table(["sav"], "SPSS files", "read_spss"),
    table(["dta"], "Stata files", "read_stata"),
    table(["sas7bdat"], "SAS files", "read_sas"),
    ForeignFormat(
      extensions: ["zip"], title: "Archives",
      help: ["unpack it; csv reads .csv.gz as it is"]),
    ForeignFormat(
      extensions: ["h5", "hdf5"], title: "Keras weights and other HDF5 files",
      help: [
        "Python makes arrays of them: model.load_weights(\"net.weights.h5\")",
        "np.savez(\"net.npz\", **{f\"a{i}\": w for i, w in enumerate(model.get_weights())})",
      ]),
    ForeignFormat(
      extensions: ["keras"], title: "Keras models",
      help: [
        "Keras writes what is read: model = keras.models.load_model(\"net.keras\")",
        "model.export(\"net.onnx\", format=\"onnx\")",
      ]),
    ForeignFormat(
      extensions: ["pt", "pth"], title: "PyTorch's own files",
      help: [
        "PyTorch writes what is read: torch.onnx.export(net, (x,), \"net.onnx\")",
        "safetensors.torch.save_file(net.state_dict(), \"net.safetensors\") keeps the arrays",
      ]),
    ForeignFormat(
      extensions: ["pkl", "pickle", "joblib"], title: "Python's pickled objects",
      help: [
        "scikit-learn's models become ONNX: from skl2onnx import to_onnx",
        "open(\"net.onnx\", \"wb\").write(to_onnx(model, X[:1]).SerializeToString())",
      ]),
    ForeignFormat(
      extensions: ["mat"], title: "MATLAB files",
      help: [
        "Python makes arrays of them: m = scipy.io.loadmat(\"x.mat\")",
        "np.savez(\"x.npz\", **{k: v for k, v in m.items() if k[0] != \"_\"})",
      ]),
    ForeignFormat(
      extensions: ["tflite", "pb"], title: "TensorFlow's own files",
      help: [
        "tf2onnx makes ONNX of them: python -m tf2onnx.convert --tflite net.tflite --output net.onnx"
      ]),
  ]

  private static func table(
    _ extensions: [String], _ title: String, _ reader: String
  ) -> ForeignFormat {
    let name = "t.\(extensions[0])"
    return ForeignFormat(
      extensions: extensions, title: title,
      help: [
        "two lines of Python convert it: import pandas",
        "pandas.\(reader)(\"\(name)\").to_csv(\"t.csv\", index=False)",
      ])
  }

  /// The format of a file by its extension, without the point, in any case.
  package static func named(extension name: String) -> ForeignFormat? {
    all.first { $0.extensions.contains(name.lowercased()) }
  }
}
