import Differentiation
import Interchange
import Language
import Learning
import Rendering

extension Catalog {
  static let metricFunctions: [BuiltinFunction] = [
    BuiltinFunction(
      "loss", .training,
      "The loss of a net over a data set, as train minimises it with the same options.",
      parameters: [network.parameter, data.parameter]
        + objectiveOptions.map {
          $0.name == reductionOrNone.parameter.name ? reductionOrNone.parameter : $0
        } + [preparedOption.parameter],
      examples: [
        .init("net = mlp [2,1] sigmoid init=zeros; print loss net xor", prints: "0.693147181"),
        .init(
          "net = mlp [1,1] linear init=zeros; print loss net (data [[1],[2]] [1,3]) reduction=none",
          prints: "[1, 9]"),
      ]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      let samples = try arguments.samples(network, arguments.given(data))
      if let scaling = network.pipeline?.targetScaling {
        arguments.session.noteOnce(
          "the loss is that of the \(scaling.kind.adjective) targets that the net learned; "
            + "mse net data is in their units")
      }
      if try arguments.optional(reductionOrNone) == "none" {
        let objective = try arguments.objective(of: network, rows: samples.count)
        guard let other = objective.additions.first else {
          guard let data = samples.table else {
            throw Failure(
              "reduction=none gives one number a row, which a stream is not asked for",
              at: arguments.range(of: reductionOrNone), help: ["loss net s[1..1000] reduction=none"]
            )
          }
          let losses = try arguments.mappingErrors(
            network.losses(on: data, loss: objective.loss, masks: objective.masks))
          return .tensor(Tensor(vector: losses))
        }
        throw Failure(
          "reduction=none gives the loss of each sample, which \(other) is no part of",
          at: arguments.range(of: reductionOrNone))
      }
      let objective = try arguments.objective(of: network, rows: samples.count)
      return .number(try arguments.mappingErrors(network.loss(on: samples, objective)))
    },
    number(
      "accuracy",
      "The share of samples that get the right class; of several labels a row, all of them right.",
      "0.666666667"
    ) {
      network, data throws(LearningError) in try network.accuracy(on: data)
    },
    number("r2", "The share of the targets' variance that the outputs explain.", "-0.5") {
      network, data throws(LearningError) in try network.rSquared(on: data)
    },
    number("auc", "The area under the ROC curve of a net with one output.", "0.75") {
      network, data throws(LearningError) in try network.areaUnderCurve(on: data)
    },
    number(
      "precision",
      "The share of positive answers that are right; the mean over three classes or more, or over labels.",
      "0.5"
    ) {
      network, data throws(LearningError) in try network.scores(on: data).precision
    },
    number(
      "recall",
      "The share of positive samples that are found; the mean over three classes or more, or over labels.",
      "1"
    ) {
      network, data throws(LearningError) in try network.scores(on: data).recall
    },
    number(
      "f1",
      "The harmonic mean of precision and recall; the mean over three classes or more, or over labels.",
      "0.666666667"
    ) {
      network, data throws(LearningError) in try network.scores(on: data).f1
    },
    BuiltinFunction(
      "confusion", .training, "How often each class was answered for each class, as a matrix.",
      parameters: [network.parameter, data.parameter, preparedOption.parameter],
      examples: [.init("\(answers); print (confusion net d).counts", prints: "1  1\n0  1")]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      let data = try arguments.samples(network, arguments.given(data))
      let result = try arguments.mappingErrors(network.classification(on: data))
      let counts = result.confusion
      let matrix = Value.tensor(
        Tensor(.matrix(counts.count, counts.count), counts.joined().map { Double($0) }))
      return .report(
        .ofTables(
          title: "confusion matrix", fields: Record([("counts", matrix)]),
          picture: ConfusionMap.picture(
            title: "confusion matrix", classes: result.classes, counts: counts)
        ) { display in
          TextBlocks(
            ConfusionTable(classes: result.classes.map { visible($0) }, counts: counts)
              .table(on: display))
        })
    },
  ]

  /// A net that answers 0, 1, 1 to samples of the classes 0, 1, 0.
  private static let answers =
    "net = mlp [1,1] step init=constant(1) bias=false; d = data [[-1],[1],[2]] [0,1,0]"
  private static let network = Key.network()
  private static let data = Key<Samples>.lastSamples()

  private static let reductionOrNone = Key.word(
    "reduction", of: ["mean", "sum", "none"], .absent,
    "How the losses of samples become one; none gives a vector with one number a sample.")

  private static func number(
    _ name: String, _ summary: String, _ output: String,
    _ compute: @escaping @Sendable (Network, Samples) throws(LearningError) -> Double
  ) -> BuiltinFunction {
    BuiltinFunction(
      name, .training, summary,
      parameters: [network.parameter, data.parameter, preparedOption.parameter],
      examples: [.init("\(answers); print \(name) net d", prints: output)]
    ) { arguments throws(Failure) in
      let network = try arguments(network)
      let data = try arguments.samples(network, arguments.given(data))
      return .number(try arguments.mappingErrors(compute(network, data)))
    }
  }
}
