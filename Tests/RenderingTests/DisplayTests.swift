import Testing

@testable import Rendering

@Suite struct DisplayTests {
  private func wantsColour(_ values: [String: String], isTerminal: Bool = true) -> Bool {
    Display.wantsColour(environment: { values[$0] }, isTerminal: isTerminal)
  }

  @Test func `colour is for terminals, unless the environment says otherwise`() {
    #expect(wantsColour(["TERM": "xterm"]))
    #expect(!wantsColour(["TERM": "xterm"], isTerminal: false))
    #expect(!wantsColour(["TERM": "dumb"]))
    #expect(!wantsColour(["NO_COLOR": "1", "CLICOLOR_FORCE": "1"]))
    #expect(wantsColour(["NO_COLOR": ""]))
    #expect(wantsColour(["CLICOLOR_FORCE": "1"], isTerminal: false))
    #expect(!wantsColour(["CLICOLOR_FORCE": "0"], isTerminal: false))
    #expect(wantsColour(["FORCE_COLOR": "3", "TERM": "dumb"], isTerminal: false))
    #expect(!wantsColour(["CLICOLOR": "0"]))
  }

  @Test(
    arguments: [
      (["LANG": "en_US.UTF-8"], Display.Characters.blocks), (["LANG": "C"], .ascii),
      (["LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"], .ascii),
      (["LC_ALL": "", "LANG": "C.utf8"], .blocks),
      (["LC_CTYPE": "ca_ES.UTF-8@valencia"], .blocks), ([:], .blocks),
      (["LANG": "C.UTF-8", "TERM": "dumb"], .ascii),
    ] as [([String: String], Display.Characters)])
  func `blocks are for UTF-8`(values: [String: String], characters: Display.Characters) {
    #expect(Display.characters(environment: { values[$0] }, isTerminal: true) == characters)
  }

  @Test func `full colour is used where the terminal has it`() {
    let picture = HeatMap.picture(elements: [1, -1], rows: 1, columns: 2)
    let full = picture.text(on: Display(hasColour: true, hasFullColour: true))
    #expect(full.contains("\u{1B}[48;2;8;119;189m"))
    #expect(!picture.text(on: Display(hasColour: true)).contains("[48;2;"))
    #expect(Display.hasFullColour { $0 == "COLORTERM" ? "truecolor" : nil })
  }

  @Test func `no display is too narrow or too wide`() {
    #expect(Display(columns: 0).columns == 20)
    #expect(Display(columns: .max).columns == 1000)
  }
}

@Suite struct TrainingTableTests {
  @Test func `layers print as in Keras`() {
    let table = LayerTable(
      [
        .init(name: "dense_1 (relu)", units: 20, parameters: 60),
        .init(name: "dense_2 (sigmoid)", units: 1, parameters: 21),
      ], notes: ["loss bce"])
    #expect(
      table.text() == """
        layer              output shape  parameters
        ═══════════════════════════════════════════
        dense_1 (relu)       (None, 20)          60
        dense_2 (sigmoid)     (None, 1)          21
        ───────────────────────────────────────────
        total                                    81
        loss bce
        """)
  }

  @Test func `frozen parameters are counted apart`() {
    let table = LayerTable([
      .init(name: "dense_1", units: 256, parameters: 200_960),
      .init(name: "dense_2", units: 10, parameters: 2570, isTrainable: false),
    ])
    let text = table.text(on: Display(characters: .ascii))
    #expect(text.contains("total                           203,530"))
    #expect(text.contains("trainable                       200,960"))
    #expect(text.contains("not trainable                     2,570"))
  }

  @Test func `the summary of a training names losses and metrics`() {
    let summary = TrainingSummary(
      epochs: 100, firstLoss: 0.693147181, lastLoss: 0.0421,
      metrics: [.init("accuracy", 0.98)])
    #expect(summary.text() == "trained 100 epochs: loss 0.693147 → 0.0421, accuracy 0.98")
    let stopped = TrainingSummary(epochs: 1, firstLoss: 1, lastLoss: .nan, stopped: "interrupted")
    #expect(
      stopped.text(on: Display(characters: .ascii))
        == "stopped after epoch 1: loss 1 -> nan (interrupted)")
  }

  @Test func `the progress line never reaches the last column`() {
    let line = ProgressLine(
      epoch: 40, epochs: 100, loss: 0.21006, metric: .init("accuracy", 0.93), rate: 812.4)
    #expect(
      line.text()
        == "epoch  40/100 ███████░░░░░░░░░░░  loss 0.2101  accuracy 0.93  812/s  0:00 left")
    for columns in [20, 25, 40, 60, 200] {
      for characters in Display.Characters.allCases {
        let text = line.text(on: Display(columns: columns, characters: characters))
        #expect(TextWidth.columns(of: text) < columns)
        #expect(text.hasPrefix("epoch  40/100"))
      }
    }
    let odd = ProgressLine(epoch: 5, epochs: 0, loss: .infinity, rate: 1e-300)
    #expect(odd.text().contains("loss inf"))
    let slow = ProgressLine(epoch: 1, epochs: 100, loss: 1, rate: 0.01)
    #expect(slow.text().contains("2:45:00 left"))
  }

  @Test func `a confusion table has recall by row and precision by column`() {
    let table = ConfusionTable(classes: ["no", "yes"], counts: [[8, 2], [0, 0]])
    #expect(
      table.text() == """
        true ╲ predicted     no    yes  recall
        ══════════════════════════════════════
        no                    8      2   0.800
        yes                   0      0       -
        ──────────────────────────────────────
        precision         1.000  0.000
        """)
  }
}
