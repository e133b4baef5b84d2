import Differentiation
import Language
import Learning
import Syntax

extension Catalog {
  /// Each learns from a training set and gives a function that does the same to other data; where
  /// a data set is wanted it stands for the training set it learned from, done.
  static let preprocessingFunctions: [BuiltinFunction] = [
    preparation(
      "standardize", "Learns to bring every feature to mean 0 and standard deviation 1.",
      [ofSample.parameter, ofTargets.parameter],
      examples: [
        .init(
          "s = standardize [[3,5],[1,6],[0,8]]; print s [2, 7]",
          prints: "[0.534522484, 0.534522484]"
        ),
        .init(
          "d = data [[1],[2],[3]] [1000,2000,3000]; s = standardize d targets=true; net = mlp [1,1] linear; train net (s d) lr=0.3 quiet=true; print round(predict net [[2]])",
          prints: "2000"),
      ]
    ) { data, arguments throws(Failure) in
      let ofSample = try arguments(ofSample)
      func fit(_ data: Samples) throws(LearningError) -> Scaling {
        try .standardization(of: data, ofSample: ofSample)
      }
      var steps = [Preparation.scale(try arguments.mappingErrors(fit(data)))]
      if try arguments(ofTargets) {
        steps.append(
          .scaleTargets(
            try arguments.mappingErrors(
              Scaling.ofTargets(of: data, fit))))
      }
      return steps
    },
    preparation(
      "normalize", "Learns to bring every feature to the range from 0 to 1, or another.",
      [low.parameter, high.parameter, ofTargets.parameter],
      examples: [
        .init(
          "s = normalize [[3,5],[1,6],[0,8]]; print s [2, 7]", prints: "[0.666666667, 0.666666667]")
      ]
    ) { data, arguments throws(Failure) in
      let (low, high) = (try arguments(low), try arguments(high))
      func fit(_ data: Samples) throws(LearningError) -> Scaling {
        try .normalization(of: data, to: low, high)
      }
      var steps = [Preparation.scale(try arguments.mappingErrors(fit(data)))]
      if try arguments(ofTargets) {
        steps.append(
          .scaleTargets(
            try arguments.mappingErrors(
              Scaling.ofTargets(of: data, fit))))
      }
      return steps
    },
    preparation(
      "impute", "Learns what to put for missing values; drop leaves their rows out.",
      [method.parameter],
      examples: [.init("s = impute [[1],[2],[nan],[6]]; print s [nan]", prints: "[3]")]
    ) { data, arguments throws(Failure) in
      guard let method = Imputation.Method(rawValue: try arguments(method)) else {
        guard data.streamed == nil else { throw leavesNoRowsOut(arguments) }
        return [.dropMissing]
      }
      return [.impute(try arguments.mappingErrors(Imputation(method, of: data)))]
    },
    preparation(
      "onehot", "Learns to replace categories by one feature of 0 or 1 for each.",
      [leavesOutFirst.parameter],
      examples: [
        .init(
          "write_csv [[1, 0], [2, 1]] \"c.csv\" names=[\"x\", \"t\"]; d = csv \"c.csv\" target=\"t\" categories=[\"x\"] quiet=true; s = onehot d; print (s d).features",
          prints: "[\"x=1\", \"x=2\"]")
      ]
    ) { data, arguments throws(Failure) in
      let leavesOutFirst = try arguments(leavesOutFirst)
      return [
        .encode(
          try arguments.mappingErrors(
            OneHotEncoding(of: data.pattern, leavesOutFirst: leavesOutFirst)))
      ]
    },
    BuiltinFunction(
      "drop_outliers", .data,
      "The rows without values far from the others: by quartiles (iqr), or by deviations (z).",
      parameters: [data.parameter, rule.parameter, factor.parameter],
      examples: [
        .init("d = drop_outliers (data [1,2,3,2,1,99] [0,0,0,0,0,0]); print d.n", prints: "5")
      ]
    ) { arguments throws(Failure) in
      let data = try arguments(data)
      let factor = try arguments.optional(factor)
      let rule: OutlierRule =
        try arguments(rule) == "z" ? .deviations(factor ?? 3) : .quartiles(factor ?? 1.5)
      return .data(try arguments.mappingErrors(data.withoutOutliers(rule)))
    },
  ]

  private static let data = Key.data()
  private static let trainingSet = Key.any(
    "data", .either([.samples, .numeric]), "The training set to learn from, or a matrix.")
  private static let ofSample = Key.truth(
    "sample", .truth(false), "Whether the deviation divides by n - 1 instead of n.")
  private static let ofTargets = Key.truth(
    "targets", .truth(false),
    "Whether targets are scaled, too; the net then learns them so and answers in their units.")
  private static let low = Key.number("low", .number(0), "What the least value becomes.")
  private static let high = Key.number("high", .number(1), "What the largest value becomes.")
  private static let method = Key.word(
    "method", of: ["mean", "median", "drop"], .word("mean"), "What stands for a missing value.")
  private static let leavesOutFirst = Key.truth(
    "drop_first", .truth(false), "Whether the first category gets no feature of its own.")
  private static let rule = Key.word(
    "rule", of: ["iqr", "z"], .word("iqr"), "How far is measured: quartiles or deviations.")
  private static let factor = Key.number(
    "factor", .absent, from: 0, "How far is too far; 1.5 for iqr, 3 for z where left out.")

  private static func leavesNoRowsOut(_ arguments: Arguments) -> Failure {
    Failure(
      "rows of a stream are not left out", at: arguments.range(of: method), label: "drop",
      help: ["stream \"file.csv\" missing=drop leaves them out when the file is read"])
  }

  private static func preparation(
    _ name: String, _ summary: String, _ options: [Parameter],
    examples: [BuiltinFunction.Example] = [],
    learn: @escaping @Sendable (Samples, Arguments) throws(Failure) -> [Preparation]
  ) -> BuiltinFunction {
    BuiltinFunction(
      name, .data, summary, parameters: [trainingSet.parameter] + options, examples: examples
    ) { arguments throws(Failure) in
      let value = try arguments(trainingSet)
      let training: Samples
      if let samples = value.samples {
        training = samples
      } else {
        guard let tensor = value.tensor, tensor.shape.count > 0 else {
          throw Failure("there is nothing to learn from", at: arguments.range(of: trainingSet))
        }
        let table =
          tensor.shape.rank == 2
          ? tensor : tensor.reshaped(.matrix(tensor.shape.count, 1))
        training = .table(
          try arguments.mappingErrors(
            DataSet(x: table, target: .values(Tensor(.matrix(table.shape.rows, 0), [])))))
      }
      var prepared = training
      for step in try learn(training, arguments) {
        prepared = try arguments.mappingErrors(prepared.prepared(by: step))
      }
      return .function(Function(preparing: prepared, name: name))
    }
  }
}

extension Function {
  /// The steps that `prepared` went through, as a function of other data.
  convenience init(preparing prepared: Samples, name: String) {
    let pipeline = prepared.pipeline
    let subject = Key.any(
      "data", .either([.samples, .numeric]), "Other data, or rows of a matrix.")
    let body = BuiltinFunction(
      name, .data, "Applies \(pipeline?.title ?? name) as a training set taught it.",
      parameters: [subject.parameter]
    ) { arguments throws(Failure) in
      let value = try arguments(subject)
      guard let pipeline else { return value }
      return try arguments.mappingErrors { () throws(LearningError) in
        if let samples = value.samples { return Value(try pipeline.applied(to: samples)) }
        guard let tensor = value.tensor else { return value }
        return Value(try pipeline.applied(to: tensor))
      }
    }
    self.init(name: name, body: .builtin(body), prepared: prepared)
  }
}
