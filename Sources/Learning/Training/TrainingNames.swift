/// What the numbers of a training are called: each with the rows that it is of.
package struct TrainingNames: Hashable, Sendable {
  /// `training loss`, with what else is in it: `training loss (with l2 and sample_weights)`.
  package let loss: String
  package let validationLoss = "validation loss"
  /// `training accuracy` or `validation accuracy`.
  package let metric: String

  init(_ plan: TrainingPlan) {
    self.init(plan.data, plan.metric.rawValue, plan.options)
  }

  init(_ data: DataSet, _ metric: String, _ options: TrainingOptions) {
    let additions = options.objective.additions
    var remarks: [String] = []
    if let last = additions.last {
      let first = additions.dropLast().joined(separator: ", ")
      remarks.append("with \(first.isEmpty ? "" : first + " and ")\(last)")
    }
    if let scaling = data.pipeline?.targetScaling {
      remarks.append("of \(scaling.kind.adjective) targets")
    }
    loss = "training loss" + (remarks.isEmpty ? "" : " (\(remarks.joined(separator: ", ")))")
    self.metric = "\(options.validation == nil ? "training" : "validation") \(metric)"
  }

  /// As the name of a column: `training_loss_with_l2`.
  package static func column(_ name: String) -> String {
    String(name.map { $0 == " " ? "_" : $0 }.filter { !"(),".contains($0) })
  }
}
