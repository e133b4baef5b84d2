import Testing

@testable import Rendering

/// Whatever numbers a user hands over, a picture comes out and nothing traps.
@Suite struct OddPictureTests {
  static let odd: [[Double]] = [
    [], [0], [.nan], [.infinity, -.infinity], [1, 1, 1], [1e308, -1e308],
    [.leastNonzeroMagnitude, .leastNormalMagnitude],
    [0, .nan, 3, .infinity, -2], [-1, -2, -3], [1e-12, 1e12], [1e300, 1e300 + 1e285],
  ]

  private func draw(_ picture: Picture) {
    for columns in [20, 80] {
      for characters in Display.Characters.allCases {
        let display = Display(columns: columns, rows: 10, characters: characters, hasColour: true)
        for line in picture.text(on: display).split(separator: "\n") {
          #expect(TextWidth.columns(of: String(line)) <= columns, "\(line)")
        }
      }
    }
    #expect(SVG.text(picture).hasSuffix("</svg>\n"))
  }

  @Test(arguments: odd)
  func `plots take any numbers`(values: [Double]) {
    draw(LossCurves.picture([.init("run", values), .init("other", values.reversed())]))
    draw(LossCurves.picture([.init("run", values)], scale: .logarithmic))
    draw(Histogram.picture(values))
    draw(Histogram.picture(values, bins: -3))
    draw(BarChart.picture(values.enumerated().map { .init("w\($0)", $1) }))
    draw(Scatter.picture([.init("", zip(values, values.reversed()).map { Point($0, $1) })]))
    draw(PredictedAgainstTarget.picture(targets: values, predictions: values.reversed()))
    draw(ActivationPlot.picture(name: "f", arguments: values, values: values, derivatives: []))
    draw(HeatMap.picture(elements: values, rows: 1, columns: values.count))
    draw(HeatMap.picture(elements: values, rows: values.count, columns: 1))
    let samples = values.map { DecisionMap.Sample($0, -$0, classIndex: -1) }
    let region = DecisionMap.Region.around(samples, columns: 3, rows: 2)
    draw(DecisionMap.picture(region: region, values: values, samples: samples))
    draw(
      DecisionMap.picture(
        region: region, values: Array(repeating: values.first ?? 0, count: 6),
        outputs: .classes(count: 900), samples: samples))
    let path = values.map { Point($0, $0) }
    draw(
      LossLandscape.picture(
        x: PlotAxis.fitting("", values), y: PlotAxis.fitting("", values), columns: 2, rows: 1,
        values: values, path: path))
    for ascii in [false, true] {
      let display = Display(characters: ascii ? .ascii : .blocks)
      #expect(Sparkline.text(values, on: display).count == values.count)
    }
    #expect(Sparkline.text(values, limit: 0).count == min(values.count, 1))
  }

  @Test func `nets and graphs of odd shapes are drawn or listed`() {
    draw(NetDrawing.picture([]))
    draw(NetDrawing.picture([.init("", [])]))
    draw(NetDrawing.picture([.init("a", []), .init("b", [.init("y")], weights: [])]))
    draw(
      NetDrawing.picture(
        [
          .init("a", (0..<500).map { .init("x\($0)") }),
          .init("b", (0..<500).map { .init("h\($0)") }, weights: [.nan, .infinity, 0]),
        ]))
    draw(
      NetDrawing.picture((0..<40).map { .init("\($0)", [.init("a unit of a long name")]) }))
    draw(ComputationalGraph.picture([]))
    // An input that is no earlier node.
    draw(ComputationalGraph.picture([.init("x", inputs: [.init(0), .init(7)], value: "1")]))
    var chain = [ComputationalGraph.Node("x", value: "1")]
    for index in 0..<3000 { chain.append(.init("+", inputs: [.init(index)], value: "1")) }
    draw(ComputationalGraph.picture(chain))
    draw(Picture(.panels([], columns: 0)))
    draw(
      Picture(
        .diagram(
          Diagram(
            nodes: [.init(column: 0, place: 0, outline: .box, lines: [])],
            edges: [.init(from: 0, to: 5), .init(from: -1, to: 0)]))))
  }

  @Test func `an axis has round ticks within its ends`() {
    #expect(
      PlotAxis(from: 0, to: 1).ticks(about: 5).map(\.label) == [
        "0", "0.2", "0.4", "0.6", "0.8", "1",
      ])
    #expect(PlotAxis(from: -3, to: 7).ticks(about: 2).map(\.label) == ["0", "5"])
    for (low, high) in [(0.001, 0.0017), (-1e9, 1e12), (1e-300, 2e-300), (1e15, 1e15 + 4)] {
      for scale in [PlotAxis.Scale.linear, .logarithmic] {
        let axis = PlotAxis(from: low, to: high, scale: scale)
        for tick in axis.ticks(about: 6) {
          #expect(tick.value >= axis.low * (axis.low < 0 ? 1.001 : 0.998), "\(low) \(high)")
          #expect(tick.value <= axis.high * 1.002, "\(low) \(high)")
        }
      }
    }
    #expect(
      PlotAxis(from: 1e-6, to: 1, scale: .logarithmic).ticks(about: 10).map(\.label).last == "1")
  }
}
