import Differentiation
import Interchange
import Language
import Learning
import Rendering
import Syntax

extension Catalog {
  static let pageFile = Key.string(
    "to", .absent, "A file for a page with everything: report.html.")

  /// Writes a page about a net: its layers, training, answers and gradients with their pictures.
  static func writeReport(
    of network: Network, on data: DataSet, to name: String, _ arguments: Arguments
  ) throws(Failure) -> Value {
    guard name.lowercased().hasSuffix(".html") else {
      throw Failure(
        "a report is written as .html", at: arguments.range(of: pageFile), label: "other ending",
        help: ["report net circles to=\"report.html\""])
    }
    let theme = Figure.Theme(rawValue: try arguments(PictureOption.theme)) ?? .light
    let page = try page(of: network, on: data, arguments)
    try arguments.write(Array(page.html(theme: theme).utf8), to: pageFile)
    return .report(Report(title: "report", isEcho: true) { _ in "\(visible(name)) is written" })
  }

  private static func page(
    of network: Network, on data: DataSet, _ arguments: Arguments
  ) throws(Failure) -> Page {
    let session = arguments.session
    var parts: [Page.Part] = [
      .paragraph(session.summary(of: data)), .heading("The net"),
      .listing(layerTable(of: network).text(on: .plain)),
    ]
    if network.sizes.allSatisfy({ $0 <= 24 }), network.layers.count <= 6 {
      parts.append(.picture(untitled(drawing(of: network, nil, arguments))))
    }
    if let run = session.nets.run(of: network) {
      parts += [.heading("Training"), .paragraph(session.summary(of: run))]
      if !run.losses.isEmpty {
        var curves = [LossCurves.Run("training", run.losses)]
        if !run.validationLosses.isEmpty {
          curves.append(.init("validation", run.validationLosses))
        }
        let metric = LossCurves.picture(
          title: "\(run.names.metric) by epoch", [.init(run.names.metric, run.metrics)],
          label: run.metricName, scale: .linear)
        let title = run.validationLosses.isEmpty ? run.names.loss : lossTitle(of: run)
        parts.append(
          .gallery([LossCurves.picture(title: "\(title) by epoch", curves), metric]))
      }
      parts.append(.pairs(options(of: run, arguments.session)))
    }
    parts += [.heading("Answers"), .paragraph(session.rows(of: data, for: network))]
    parts += try answers(of: network, on: data, arguments)
    parts.append(.heading("Gradients"))
    parts += try gradients(of: network, on: data, arguments)
    return Page(title: "\(network.title) on \(data.title)", parts)
  }

  /// What is drawn where the curve of the rows set apart stands beside that of the rows trained on.
  static func lossTitle(of run: TrainingRun) -> String {
    "loss" + run.names.loss.dropFirst("training loss".count)
  }

  private static func untitled(_ picture: Picture) -> Picture {
    var picture = picture
    picture.title = ""
    return picture
  }

  private static func answers(
    of network: Network, on data: DataSet, _ arguments: Arguments
  ) throws(Failure) -> [Page.Part] {
    let session = arguments.session
    let loss = try arguments.mappingErrors(network.loss(on: data))
    var pairs = [
      (name: "loss (\(network.loss.title))", value: session.numberText(loss))
    ]
    var parts: [Page.Part] = []
    if try arguments.mappingErrors(network.metric(for: data)) == .accuracy {
      let result = try arguments.mappingErrors(network.classification(on: data))
      pairs += [
        ("accuracy", session.numberText(result.accuracy)),
        ("precision", session.numberText(result.precision)),
        ("recall", session.numberText(result.recall)), ("f1", session.numberText(result.f1)),
      ]
      var pictures: [Picture] = []
      if network.inputCount == 2 {
        pictures.append(untitled(try decisionMap(of: network, on: data, arguments)))
      }
      pictures.append(
        ConfusionMap.picture(classes: result.classes, counts: result.confusion))
      parts += [
        .gallery(pictures),
        .listing(ConfusionTable(classes: result.classes, counts: result.confusion).text()),
      ]
    } else {
      if let r2 = try? network.rSquared(on: data) { pairs.append(("r2", session.numberText(r2))) }
      parts.append(
        .picture(
          network.inputCount == 1
            ? untitled(try fit(of: network, on: data, arguments))
            : untitled(try predictedAgainstTarget(of: network, on: data, arguments))))
    }
    return [.pairs(pairs)] + parts
  }

  private static func gradients(
    of network: Network, on data: DataSet, _ arguments: Arguments
  ) throws(Failure) -> [Page.Part] {
    let slopes = try arguments.mappingErrors(network.gradient(on: data))
    let session = arguments.session
    var table = Table([
      .init("parameter"), .init("numbers", .right), .init("largest |∂L|", .right),
      .init("mean |∂L|", .right),
    ])
    for (name, value) in slopes {
      let sizes = value.elements.map(abs)
      let mean = sizes.reduce(0, +) / Double(max(sizes.count, 1))
      table.append([
        name, "\(sizes.count)", session.numberText(sizes.max() ?? 0), session.numberText(mean),
      ])
    }
    let maps = slopes.filter { $0.value.shape.rank == 2 }.prefix(4).filter {
      $0.value.elements.count <= 4_096
    }.map { name, value in
      HeatMap.picture(
        title: "∂L/∂\(name)", elements: value.elements, rows: value.shape.rows,
        columns: value.shape.columns, rowLabel: "unit", columnLabel: "input")
    }
    return [.listing(table.text())] + (maps.isEmpty ? [] : [.gallery(Array(maps))])
  }

  private static func options(
    of run: TrainingRun, _ session: Session
  ) -> [(name: String, value: String)] {
    let style = NumberStyle.standard
    var pairs = [
      ("data", run.data.title), ("epochs", "\(run.epochs.count) of \(run.options.epochs)"),
      ("steps", "\(run.steps)"),
    ]
    for field in run.optionsRecord where field.name != "epochs" {
      pairs.append((field.name, session.optionText(field.value)))
    }
    pairs += [
      ("\(run.names.loss) before", style.text(run.firstLoss)),
      ("\(run.names.loss) after", style.text(run.lastLoss)),
    ]
    return pairs.map { (name: $0.0, value: $0.1) }
  }
}
