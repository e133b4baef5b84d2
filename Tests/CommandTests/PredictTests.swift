import Foundation
import TestSupport
import Testing

/// `bp predict`, and scripts in pipes.
@Suite struct PredictTests {
  private static let training = """
    net = mlp [2,1] sigmoid seed=1
    net.W1 = [[2, -1]]
    net.b1 = [0.5]
    save net "plain.safetensors"
    d = csv "train.csv" target="kind" quiet=true
    net = mlp [4,3,2] tanh softmax seed=2
    train net (standardize (onehot (impute d))) epochs=3 quiet=true
    save net "model.safetensors"
    save net "model.onnx"
    known = csv "train.csv" quiet=true target="kind"
    save (predict net known) "outputs.npy"
    write_csv (classify net known) "classes.csv" names=["kind"]
    """

  private func trained() throws -> Folder {
    let folder = try Folder()
    var rows = "plant,temp,speed,kind\n"
    for row in 0..<40 {
      rows +=
        "\(row % 3 == 0 ? "north" : "south"),\(50 + row),\(row % 7).5,\(row < 20 ? "good" : "bad")\n"
    }
    try folder.write(rows, to: "train.csv")
    try folder.write(Self.training, to: "train.bp")
    let result = try Program.run("train.bp", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return folder
  }

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  /// A net that was trained on numbers as they are knows its columns by name as one that prepares.
  @Test(arguments: ["plain.safetensors", "plain.onnx"])
  func columnsInAnotherOrderAreTheSame(_ model: String) throws {
    let folder = try Folder()
    try folder.write("id,h,w,y\na,1,20,1\nb,2,10,0\nc,3,40,1\n", to: "train.csv")
    try folder.write(
      """
      d = csv "train.csv" columns=["h", "w"] target="y" quiet=true
      net = mlp [2,1] linear init=constant(0)
      train net d epochs=1 quiet=true
      net.W1 = [[1, 100]]
      net.b1 = [0.5]
      save net "plain.safetensors"
      save net "plain.onnx"
      print predict net (csv "other.csv" columns=["h", "w"] quiet=true)
      """, to: "train.bp")
    try folder.write("w,extra,h\n20,007,1\n10,008,2\n", to: "other.csv")
    let training = try Program.run("train.bp", in: folder)
    #expect(training.output == "2001.5\n1002.5\n", "\(training.errors)")
    let result = try Program.run("predict", model, "other.csv", in: folder)
    #expect(result.output == "y\n2001.5\n1002.5\n")
    #expect(result.errors == "", "nothing is said of columns that the net does not take")
  }

  @Test func answersAreThoseOfTheLanguage() throws {
    let folder = try trained()
    let classes = try String(contentsOf: folder.url.appending(path: "classes.csv"), encoding: .utf8)
    for model in ["model.safetensors", "model.onnx"] {
      let result = try Program.run("predict", model, "train.csv", in: folder)
      #expect(result.status == 0 && result.errors == "", "\(result.errors)")
      #expect(result.output == classes)
    }
    let detailed = try Program.run(
      "predict", "model.onnx", "train.csv", "--probabilities", "--keep", "plant,speed", in: folder)
    let rows = lines(detailed.output)
    #expect(rows.first == "plant,speed,kind,p_bad,p_good")
    #expect(rows.count == 41)
    for row in rows.dropFirst() {
      let cells = row.split(separator: ",").map(String.init)
      let (bad, good) = (try #require(Double(cells[3])), try #require(Double(cells[4])))
      #expect(abs(bad + good - 1) < 1e-12)
      #expect(cells[2] == (good > bad ? "good" : "bad"))
    }
  }

  @Test func rowsThatCannotBeUsedKeepTheirPlaces() throws {
    let folder = try trained()
    try folder.write(
      """
      id,speed,plant,temp
      1,2.5,north,60
      2,fast,north,60
      3,2.5,west,60
      4,,south,70
      5,2.5,south
      "6, six",1.5,south,55

      """, to: "new.csv")
    let result = try Program.run(
      "predict", "model.onnx", "new.csv", "--keep", "id", "--strict", in: folder)
    #expect(result.status == 3)
    let rows = lines(result.output)
    #expect(rows.count == 7 && rows[0] == "id,kind")
    #expect(rows[2] == "2," && rows[3] == "3," && rows[5] == "5,")
    // A gap is filled in as the net has learned.
    for row in [1, 4, 6] { #expect(rows[row].hasSuffix("good") || rows[row].hasSuffix("bad")) }
    #expect(rows[6].hasPrefix("\"6, six\","))
    for words in [
      "new.csv:3: speed", "new.csv:4: plant has no value west", "new.csv:6: this row has 3",
    ] {
      #expect(result.errors.contains(words), "\(words): \(result.errors)")
    }
    #expect(result.errors.contains("3 of 6 rows"))
    #expect(try Program.run("predict", "model.onnx", "new.csv", in: folder).status == 0)
  }

  @Test func optionsSayHowTheTableIsWritten() throws {
    let folder = try trained()
    let plain = "temp,plant,speed\n60,north,2.5\n61,south,1.5\n70,south,\n"
    let right = try Program.run("predict", "model.onnx", "--quiet", input: plain, in: folder)
    #expect(right.status == 0 && right.errors == "", "\(right.errors)")
    let other = "of 2026\n60|north|2,5\n61|south|1,5\n70|south|-99\n"
    let result = try Program.run(
      "predict", "model.onnx", "--quiet", "--skip", "1", "--header", "false", "--names",
      "temp,plant,speed", "--delimiter", "|", "--decimal", ",", "--missing", "-99", "--encoding",
      "latin-1", input: other, in: folder)
    #expect(result.output == right.output && result.errors == "", "\(result.errors)")
    let wrong = try Program.run(
      "predict", "model.onnx", "--quiet", input: plain + "60,west,2\n", in: folder)
    #expect(wrong.errors.contains("plant has no value west"))
  }

  @Test func standardInputGoesInAndJSONComesOut() throws {
    let folder = try trained()
    let table = "temp,plant,speed,extra\n60,north,2.5,x\n61,south,,y\n"
    for file in [["-"], []] {
      let result = try Program.run(
        ["predict", "model.onnx"] + file + ["--as", "jsonl", "--keep", "extra"], input: table,
        in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let rows = lines(result.output)
      #expect(rows.count == 2)
      for (row, extra) in zip(rows, ["x", "y"]) {
        let object = try #require(
          try JSONSerialization.jsonObject(with: Data(row.utf8)) as? [String: String])
        #expect(object["extra"] == extra && ["good", "bad"].contains(object["kind"] ?? ""))
      }
    }
    let file = try Program.run(
      "predict", "model.onnx", "--to", "out.csv", input: table, in: folder)
    #expect(file.output == "" && file.status == 0)
    #expect(
      try lines(String(contentsOf: folder.url.appending(path: "out.csv"), encoding: .utf8)).count
        == 3)
  }

  /// By hand: 1/(1 + e^-(2a - b + 0.5)).
  @Test func aNetWithoutNamesTakesTheColumnsAsTheyCome() throws {
    let folder = try trained()
    let result = try Program.run(
      "predict", "plain.safetensors", input: "a,b\n0.5,1.5\n1,0\n", in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let rows = lines(result.output)
    #expect(rows == ["class", "1", "1"] || rows == ["t1", "0.5", "\(1 / (1 + exp(-2.5)))"])
    let wrong = try Program.run("predict", "plain.safetensors", input: "a,b,c\n1,2,3\n", in: folder)
    #expect(wrong.status == 3 && wrong.errors.contains("3 columns"))
  }

  @Test func wrongUseAndAbsentFilesAreErrors() throws {
    let folder = try trained()
    #expect(try Program.run("predict", in: folder).status == 2)
    #expect(try Program.run("predict", "model.onnx", "--as", "xml", in: folder).status == 2)
    #expect(try Program.run("predict", "no.onnx", "train.csv", in: folder).status == 3)
    #expect(try Program.run("predict", "model.onnx", "no \"{1+1}\".csv", in: folder).status == 3)
    #expect(try Program.run("predict", "model.onnx", in: folder).status == 3)
    let column = try Program.run("predict", "model.onnx", "train.csv", "--keep", "no", in: folder)
    #expect(column.status == 3 && column.errors.contains("there is no column no"))
  }

  @Test func aScriptStandsInAPipe() throws {
    let folder = try trained()
    try folder.write(
      """
      net = load "model.onnx"
      d = csv "-" keep="id" quiet=true
      write_csv [id: d["id"], kind: classify net d] "-"
      """, to: "predict.bp")
    var table = "id,plant,temp,speed\n"
    for row in 0..<5000 { table += "m\(row),north,\(40 + row % 60),\(row % 9)\n" }
    let result = try Program.run("predict.bp", input: table, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let rows = lines(result.output)
    #expect(rows.count == 5001 && rows[0] == "id,kind" && rows[5000].hasPrefix("m4999,"))
    let empty = try Program.run("predict.bp", in: folder)
    #expect(empty.status == 3 && empty.errors.contains("standard input"))
  }
}
