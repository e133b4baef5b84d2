/// What the numbers of a training are called: each with the rows that it is of.
package struct TrainingNames: Hashable, Sendable {
  /// `training loss`, with what is in it and what is minimised besides: `training loss (with
  /// sample_weights, without l2)`.
  package let loss: String
  package let validationLoss = "validation loss"
  /// `training accuracy` or `validation accuracy`.
  package let metric: String

  init(_ plan: TrainingPlan) {
    self.init(plan.data.pattern, plan.metric.rawValue, plan.options)
  }

  init(_ data: DataSet, _ metric: String, _ options: TrainingOptions) {
    let objective = options.objective
    var remarks: [String] = []
    for (word, names) in [("with", objective.weightings), ("without", objective.penalties)]
    where !names.isEmpty { remarks.append("\(word) \(names.joined(separator: " and "))") }
    if let scaling = data.pipeline?.targetScaling {
      remarks.append("of \(scaling.kind.adjective) targets")
    }
    loss = "training loss" + (remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))")
    self.metric = "\(options.validation == nil ? "training" : "validation") \(metric)"
  }

  /// As the name of a column: `training_loss_without_l2`.
  package static func column(_ name: String) -> String {
    String(name.map { $0 == " " ? "_" : $0 }.filter { !"(),".contains($0) })
  }
}
