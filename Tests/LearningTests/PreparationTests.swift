import Differentiation
import GoldenNumbers
import Learning
import Testing

@Suite("Preparing data")
struct PreparationTests {
  private static func bare(_ rows: Tensor) throws -> DataSet {
    try DataSet(x: rows, target: .values(Tensor(.matrix(rows.shape.rows, 0), [])))
  }

  private static func column(_ numbers: [Double]) throws -> DataSet {
    try bare(Tensor(.matrix(numbers.count, 1), numbers))
  }

  @Test("standardizing and normalizing meet the golden numbers, for new rows too")
  func scalingMeetsGoldenNumbers() throws {
    let golden = try Fixture.load("data_prep")
    let data = try Self.bare(golden.at("setup", "rain_X").matrix())
    let expected = try golden.at("expected")
    for (ofSample, key) in [
      (false, "standardize_population_std"), (true, "standardize_sample_std"),
    ] {
      let scaling = try Scaling.standardization(of: data, ofSample: ofSample)
      expectClose(scaling.shift, try expected.at(key, "mean").numbers())
      expectClose(scaling.scale, try expected.at(key, "std").numbers())
      expectClose(
        try data.prepared(by: .scale(scaling)).x.elements,
        try expected.at(key, "X").numbers(), absolute: 1e-14)
    }
    let standard = try data.prepared(by: .scale(.standardization(of: data)))
    let ranged = try data.prepared(by: .scale(try .normalization(of: data)))
    expectClose(ranged.x.elements, try expected.at("minmax_0_1", "X").numbers())
    let row = Tensor(vector: [2, 7])
    let new = try expected.at("apply_to_new_row_2_7")
    expectClose(
      try #require(standard.pipeline).applied(to: row).elements,
      try new.at("standardized").numbers())
    expectClose(
      try #require(ranged.pipeline).applied(to: row).elements, try new.at("minmax").numbers())
  }

  @Test("missing values are filled with the golden mean and median")
  func imputationMeetsGoldenNumbers() throws {
    let expected = try Fixture.load("data_prep").at("expected", "impute")
    let data = try Self.column(
      try expected.at("column").list().map { try $0.isNothing ? .nan : $0.number() })
    for method in Imputation.Method.allCases {
      let imputation = try Imputation(method, of: data)
      expectClose(imputation.fills, [try expected.at(method.rawValue).number()])
      expectClose(
        try data.prepared(by: .impute(imputation)).x.elements,
        try expected.at("filled_\(method.rawValue)").numbers())
    }
    #expect(try data.prepared(by: .dropMissing).count == 5)
  }

  @Test("outliers are those of the golden flags")
  func outliersMeetGoldenFlags() throws {
    let expected = try Fixture.load("data_prep").at("expected", "outliers")
    let column = try expected.at("column").numbers()
    for (rule, key) in [
      (OutlierRule.quartiles(1.5), "flag_iqr_1.5"), (.deviations(2), "flag_abs_z_above_2"),
      (.deviations(3), "flag_abs_z_above_3"),
    ] {
      let kept = rule.kept(of: column)
      let flags = column.map { kept.contains($0) ? 0.0 : 1 }
      #expect(try flags == expected.at(key).numbers(), "\(key)")
    }
    #expect(
      try quantile(0.25, of: column.sorted()) == expected.at("q1").number())
    #expect(
      try Self.column(column).withoutOutliers(.quartiles(1.5)).count == column.count - 1)
  }

  @Test("folds in order are the golden ones, and every row is tested exactly once")
  func foldsMeetGoldenRows() throws {
    let ten = try Self.column((0..<10).map(Double.init))
    let expected = try Fixture.load("data_prep").at("expected", "kfold_n10_k3_test_indices")
    let inOrder = try Folds(ten, into: 3, seed: nil)
    #expect(
      try inOrder.testRows.map { $0.map(Double.init) } == expected.list().map { try $0.numbers() })
    for seed in 1...20 {
      let folds = try Folds(ten, into: 2 + seed % 8, seed: seed)
      #expect(folds.testRows.joined().sorted() == Array(0..<10))
      for fold in folds.testRows.indices {
        #expect((folds.trainingRows(fold) + folds.testRows[fold]).sorted() == Array(0..<10))
      }
    }
    #expect(throws: LearningError.self) { try Folds(ten, into: 11, seed: nil) }
    #expect(throws: LearningError.self) { try Folds(ten, into: 1, seed: nil) }
  }

  @Test("stratified folds keep the shares of the classes")
  func stratifiedFolds() throws {
    let numbers = (0..<60).map { $0 < 40 ? 1 : 2 }
    let data = try DataSet(
      x: Tensor(.matrix(60, 1), (0..<60).map(Double.init)),
      target: .classes(numbers: numbers, names: ["a", "b"]))
    let folds = try Folds(data, into: 5, seed: 3, isStratified: true)
    for rows in folds.testRows {
      #expect(rows.count == 12)
      #expect(rows.count { numbers[$0] == 1 } == 8)
    }
  }

  @Test("what was learned comes from the training set alone, whatever is applied to it later")
  func nothingLeaks() throws {
    let train = try Self.bare(Tensor(.matrix(3, 2), [1, 10, 2, 20, 3, 60]))
    let test = try Self.bare(Tensor(.matrix(2, 2), [100, 1000, .nan, 5]))
    let filled = try train.prepared(by: .impute(try Imputation(.mean, of: train)))
    let scaled = try filled.prepared(by: .scale(.standardization(of: filled)))
    let pipeline = try #require(scaled.pipeline)
    #expect(pipeline.title == "impute, standardize")
    let prepared = try pipeline.applied(to: test)
    let deviation = (2.0 / 3).squareRoot()
    expectClose([prepared.x.elements[0], prepared.x.elements[2]], [98 / deviation, 0])
    // Half way through: only the rest is applied.
    let half = try #require(filled.pipeline).applied(to: test)
    #expect(try pipeline.applied(to: half).x == prepared.x)
    #expect(try pipeline.applied(to: prepared).x == prepared.x)
    let other = try test.prepared(by: .scale(.standardization(of: test)))
    #expect(throws: LearningError.self) { try pipeline.applied(to: other) }
  }

  private static func fruit(_ codes: [Double], _ names: [String]) throws -> DataSet {
    var data = try bare(
      Tensor(.matrix(codes.count, 2), codes.enumerated().flatMap { [Double($0), $1] }))
    data.categories = [1: names]
    return data
  }

  @Test("one-hot features go by the names of categories, not by their numbers in a file")
  func oneHotGoesByName() throws {
    let train = try Self.fruit([1, 2, 3], ["apple", "kiwi", "pear"])
    let encoded = try train.prepared(by: .encode(try OneHotEncoding(of: train)))
    #expect(encoded.featureNames == ["x1", "x2=apple", "x2=kiwi", "x2=pear"])
    #expect(encoded.x.elements == [0, 1, 0, 0, 1, 0, 1, 0, 2, 0, 0, 1])
    let pipeline = try #require(encoded.pipeline)
    let test = try Self.fruit([1, 2], ["kiwi", "pear"])
    #expect(try pipeline.applied(to: test).x.elements == [0, 0, 1, 0, 1, 0, 0, 1])
    let error = #expect(throws: LearningError.self) {
      try pipeline.applied(to: try Self.fruit([1, 2], ["kiwi", "plum"]))
    }
    #expect(error?.message.contains("plum") == true)
    let missing = #expect(throws: LearningError.self) {
      try pipeline.applied(to: try Self.fruit([.nan], ["kiwi"]))
    }
    #expect(missing?.message.contains("missing") == true)
    let shorter = try train.prepared(
      by: .encode(try OneHotEncoding(of: train, leavesOutFirst: true)))
    #expect(shorter.x.elements == [0, 0, 0, 1, 1, 0, 2, 0, 1])
  }

  @Test("what fills a missing category goes by its name, too")
  func imputedCategoriesGoByName() throws {
    let train = try Self.fruit([3, 3, 1, 2], ["apple", "kiwi", "pear"])
    let filled = try train.prepared(by: .impute(try Imputation(.mean, of: train)))
    let encoded = try filled.prepared(by: .encode(try OneHotEncoding(of: filled)))
    // Alone, kiwi is the first, and pear is not among them.
    let test = try Self.fruit([1, .nan], ["kiwi"])
    let prepared = try #require(encoded.pipeline).applied(to: test)
    #expect(prepared.x.elements == [0, 0, 1, 0, 1, 0, 0, 1])
  }

  @Test("a net refuses categories and missing values, and remembers how its data were prepared")
  func trainingRefusesRawData() throws {
    var raw = try DataSet(
      x: Tensor(.matrix(4, 1), [1, 2, 1, 2]),
      target: .values(Tensor(.matrix(4, 1), [0, 1, 0, 1])))
    let net = try Network(
      sizes: [1, 1], activations: [try .required("sigmoid", as: .activation(0))])
    raw.categories = [0: ["a", "b"]]
    #expect(throws: LearningError.self) { try train(net, on: raw) }
    raw.categories = [:]
    let holed = try DataSet(
      x: Tensor(.matrix(4, 1), [1, .nan, 1, 2]), target: raw.target)
    #expect(throws: LearningError.self) { try train(net, on: holed) }
    let scaled = try raw.prepared(by: .scale(.standardization(of: raw)))
    _ = try train(net, on: scaled)
    #expect(net.pipeline == scaled.pipeline)
    #expect(net.copy().pipeline == scaled.pipeline)
    #expect(try net.startingAnew().value(of: "W1") != net.value(of: "W1"))
  }

  @Test("columns in another order are put right by their names")
  func columnsAreMatchedByName() throws {
    let train = try DataSet(
      x: Tensor(.matrix(2, 2), [1, 10, 3, 30]), target: .values(Tensor(.matrix(2, 0), [])),
      featureNames: ["a", "b"])
    let turned = try DataSet(
      x: Tensor(.matrix(1, 2), [10, 1]), target: .values(Tensor(.matrix(1, 0), [])),
      featureNames: ["b", "a"])
    let scaled = try train.prepared(by: .scale(try .normalization(of: train)))
    #expect(try #require(scaled.pipeline).applied(to: turned).x.elements == [0, 0])
  }
}
