import Foundation
import Learning
import Library
import TestSupport
import Testing

@testable import Language

/// A net that was trained on prepared data has one answer for one raw row, whichever function of
/// the catalog is asked, and however the row is passed.
@Suite struct PreparedNetTests {
  /// A call with `D` for a data set and its options, or `R` for rows and theirs.
  struct Question: Sendable {
    let function: String
    let call: String

    init(_ function: String, _ call: String) {
      self.function = function
      self.call = call
    }
  }

  /// Of a net with two inputs, two hidden units and one output, and data of two classes.
  static let questions: [Question] = [
    Question("", "flatten(net R)"),
    Question("predict", "flatten(predict net R)"),
    Question("classify", "classify net R"),
    Question("forward", "flatten((forward net R).a2)"),
    Question("deltas", "flatten((deltas net D).delta1)"),
    Question("descend", "flatten((descend (copy net) D).W1)"),
    Question("contrib", "(contrib net D unit=2).terms"),
    Question("loss", "loss net D"),
    Question("accuracy", "accuracy net D"), Question("r2", "r2 net D"),
    Question("auc", "auc net D"), Question("precision", "precision net D"),
    Question("recall", "recall net D"), Question("f1", "f1 net D"),
    Question("confusion", "flatten((confusion net D).counts)"),
    Question("report", "(report net D).accuracy"),
    Question("grad", "flatten((grad net D).W1)"),
    Question("explain", "(explain net D \"W1[1,2]\").value"),
    Question("grad", "flatten((grad net D mask=step).W1)"),
    Question("forward", "flatten((forward net R mask=step).a1)"),
    Question("gradcheck", "(gradcheck net D).checked"),
    Question("diagnose", "(diagnose net D \"W1[1,2]\" (grad net D).W1[1,2]).right"),
    Question("misconceptions", "(misconceptions net D \"W1[1,2]\").right"),
    Question("train", "(train (copy net) D epochs=3 shuffle=false quiet=true).losses"),
    Question("lrfind", "(lrfind (copy net) D steps=10 width=40).losses"),
    Question("vc_bound", "vc_bound net D"),
  ]

  /// Pictures, compared as text.
  static let pictures: [Question] = [
    Question("show", "show net D view=map width=60"),
    Question("show", "show net D view=confusion width=60"),
    Question("landscape", "landscape net D steps=3 width=60"),
  ]

  /// Functions that make a fresh net for the data they are given.
  static let fresh = ["crossval", "sweep"]
  /// Functions that answer in the units of the rows they are given; the script on boundaries asks.
  static let inUnits = ["boundary"]
  /// Functions that only count the rows.
  static let counting = ["dropout_mask"]
  /// Of the outputs of a net and targets, with no option besides their own.
  static let losses = Catalog.standard.functions.filter { $0.topic == .losses }.map(\.name)

  @Test("Every function of the catalog that takes a net and rows is asked")
  func completeness() {
    let asked =
      Set((Self.questions + Self.pictures).map(\.function)).union(Self.fresh).union(Self.losses)
      .union(Self.inUnits).union(Self.counting)
    for function in Catalog.standard.functions {
      let isOfNet = function.parameters.contains { parameter in
        parameter.kind.takesNet && ["net", "y"].contains(parameter.name)
      }
      let takesRows = function.parameters.contains { ["data", "x", "t"].contains($0.name) }
      let isOfRest = function.rest.map {
        $0.summary.contains("net data") || $0.summary.contains("net and data")
      }
      guard (isOfNet && takesRows) || isOfRest == true else { continue }
      #expect(asked.contains(function.name), "\(function.name)")
    }
  }

  private static func matrix(_ rows: [[Double]]) -> String {
    "["
      + rows.map { "[" + $0.map { $0.isNaN ? "nan" : "\($0)" }.joined(separator: ", ") + "]" }
      .joined(separator: ", ") + "]"
  }

  static let pipelines = [
    "standardize", "normalize", "(d -> normalize (standardize d) low=-1)",
    "(d -> standardize (impute d))",
  ]

  /// - Parameter hasDropout: whether the net leaves units out; `step` is the mask of a step then.
  private func session(seed: Int, hasDropout: Bool = false) throws -> TestSession {
    var random = SplitMix(UInt64(seed))
    let pipeline = Self.pipelines[seed % Self.pipelines.count]
    var rows: [[Double]] = []
    for _ in 0..<12 {
      rows.append([random.number(in: 3...9), random.number(in: -40...400)])
    }
    if pipeline.contains("impute") { rows[2][0] = .nan }
    let targets = (0..<12).map { _ in random.below(2) }
    // Both classes.
    let labels = [0, 1] + targets.dropFirst(2)
    let session = TestSession()
    try session.perform(
      """
      raw = data \(Self.matrix(rows)) \(labels)
      prepare = \(pipeline)
      s = prepare raw
      net = mlp [2,2,1] tanh sigmoid seed=\(seed)\(hasDropout ? " dropout=0.5" : "")
      train net (s raw) epochs=20 lr=0.5 quiet=true
      \(hasDropout ? "step = dropout_mask net raw step=7 batch=5" : "")
      """)
    return session
  }

  @Test("A raw row has one answer by every function", arguments: 0..<8)
  func oneAnswer(seed: Int) throws {
    try onDeepStack {
      let session = try session(seed: seed, hasDropout: true)
      for question in Self.questions {
        let call = question.call
        func asked(_ data: String, _ rows: String, _ option: String) -> String {
          call.replacing("D", with: "\(data)\(option)").replacing("R", with: "\(rows)\(option)")
        }
        let prepared = try session.numbers(asked("(s raw)", "(s raw)", ""))
        #expect(!prepared.isEmpty)
        for (data, rows, option) in [
          ("raw", "raw", ""), ("raw", "raw.x", ""),
          ("(data (s raw).x raw.t)", "(s raw).x", " prepared=true"),
          ("(data (s raw).x raw.t)", "(data (s raw).x raw.t)", " prepared=true"),
        ] {
          let answer = try session.numbers(asked(data, rows, option))
          #expect(
            zip(answer, prepared).allSatisfy { abs($0 - $1) <= 1e-9 * max(1, abs($1)) }
              && answer.count == prepared.count,
            "\(question.call) of \(rows)\(option): \(answer) for \(prepared)")
        }
      }
      for loss in Self.losses where !["ce", "hinge"].contains(loss) {
        let right = try session.numbers("\(loss) net (s raw)")
        #expect(try session.numbers("\(loss) net raw") == right, "\(loss)")
        #expect(
          try session.numbers("\(loss) net (data (s raw).x raw.t) prepared=true") == right,
          "\(loss)")
      }
      for question in Self.pictures {
        let texts = try ["(s raw)", "raw", "(data (s raw).x raw.t) prepared=true"].map { data in
          try session.perform(question.call.replacing("D", with: data))
        }
        #expect(texts.allSatisfy { $0 == texts[0] }, "\(question.call)")
      }
    }
  }

  @Test("A net that was saved, copied or put into another answers raw rows alike", arguments: 0..<4)
  func otherNets(seed: Int) throws {
    try onDeepStack {
      let session = try session(seed: seed)
      let right = try session.numbers("net (s raw)")
      for other in [
        "load \"n.onnx\"", "load \"n.safetensors\"", "copy net",
        "sequential net (mlp [1,1] linear init=constant(1) bias=true)",
      ] {
        try session.perform(
          "save net \"n.onnx\"; save net \"n.safetensors\"; other = \(other)")
        for call in ["other raw", "other raw.x", "predict other raw", "(forward other raw).x"] {
          let answer = try session.numbers(call)
          let wanted = call.contains("forward") ? try session.numbers("(s raw).x") : right
          #expect(
            zip(answer, wanted).allSatisfy { abs($0 - $1) < 1e-9 }, "\(call) of \(other)")
        }
      }
    }
  }

  @Test("A derivative by a raw number goes through the preparing", arguments: 0..<8)
  func derivative(seed: Int) throws {
    try onDeepStack {
      let session = try session(seed: seed)
      try session.perform("param a = 5, b = 70; y = sum(net [a, b])")
      let slopes = try session.numbers("[grad y a, grad y b]")
      let step = 1e-5
      for (place, point) in [
        "[5 + \(step), 70] - net [5 - \(step), 70]", "[5, 70 + \(step)] - net [5, 70 - \(step)]",
      ].enumerated() {
        let difference = try session.number("sum(net \(point))") / (2 * step)
        #expect(abs(slopes[place] - difference) < 1e-6, "\(slopes) \(difference)")
      }
    }
  }

  @Test(
    "forward and explain begin with the preparing, by which the row is met by hand",
    arguments: 0..<3)
  func shownPreparing(seed: Int) throws {
    try onDeepStack {
      let session = try session(seed: seed)
      for call in ["forward net [5, 70]", "explain net (data [[5, 70]] [1]) \"W1[1,1]\""] {
        let lines = try session.perform(call).split(separator: "\n").map { String($0) }
        let heading = try #require(lines.firstIndex { $0.hasPrefix("prepared by ") })
        #expect(heading == 1, "\(call)")
        let prepared = try session.numbers("s [5, 70]")
        for (place, number) in prepared.enumerated() {
          let line = try #require(
            lines[(heading + 1)...].first { $0.hasPrefix("  i\(place + 1) = ") })
          let parts = line.components(separatedBy: " = ")
          #expect(abs(try session.number(parts[1]) - number) < 1e-6, "\(line)")
          #expect(abs(try session.number(parts[2]) - number) < 1e-6, "\(line)")
        }
      }
    }
  }

  @Test("Rows that look prepared get a note, and raw ones none")
  func notes() throws {
    try onDeepStack {
      let setUp = """
        raw = data [[1, 100], [2, 300], [4, 200], [5, 900]] [0, 1, 0, 1]
        s = standardize raw
        net = mlp [2,2,1] tanh sigmoid seed=1
        train net (s raw) epochs=2 quiet=true

        """
      for (call, isNoted) in [
        ("net raw.x", false), ("net [1, 100]", false), ("net raw", false), ("net (s raw)", false),
        ("net (s raw).x", true), ("loss net (data (s raw).x raw.t)", true),
        ("net (s raw).x prepared=true", false),
        ("loss net (data (s raw).x raw.t) prepared=true", false),
      ] {
        let session = TestSession()
        try session.perform(setUp + call)
        #expect(
          session.reports.contains { $0.contains("look as if they were prepared already") }
            == isNoted, "\(call): \(session.reports)")
      }
    }
  }
}

extension Parameter.Kind {
  fileprivate var takesNet: Bool {
    switch self {
    case .network: true
    case .either(let kinds): kinds.contains { $0.takesNet }
    case .any: true
    default: false
    }
  }
}
