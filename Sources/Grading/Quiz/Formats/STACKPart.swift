/// One input of a question of STACK, and the tree of answer tests that judges it.
///
/// Names of variables carry the number of the part: ta1 the right number, tol1 its tolerance, sa1 what
/// the student entered, rd1 how far that is from the right number with fewer digits, fo1 what follows
/// from other parts, ft1 its tolerance, and wr1x2 the second wrong number.
struct STACKPart {
  /// One answer test; those that do not hold lead to the next.
  struct Node {
    let student: String
    let teacher: String
    let tolerance: String
    let score: String
    let note: String
    /// As CASText; empty where nothing is said.
    let feedback: String
    /// Whether it is reached in every variant.
    var isAlways = true
  }

  /// From 1.
  let number: Int
  private let variants: [Quiz.Part]
  private(set) var variables: [String] = []
  private(set) var nodes: [Node] = []
  /// The numbers of the parts that this one may follow from.
  private(set) var earlier: [Int] = []
  private(set) var problems: [String] = []
  private let names: [String]
  private var follow: [String] = []
  private var hasRounded = false

  /// The wrong numbers that a test of the question enters.
  var testable: [Node] { wrongNodes.filter { $0.isAlways } }
  private var wrongNodes: [Node] = []

  /// - Parameters:
  ///   - variants: the part in every variant.
  ///   - names: of all parts of the question.
  init(
    number: Int, _ variants: [Quiz.Part], among names: [String], _ quiz: Quiz, _ html: QuizHTML
  ) {
    self.number = number
    self.variants = variants
    self.names = names
    let k = number
    choose("ta\(k)", variants.map { MaximaText.number($0.right) })
    // Written decimals of a half are not exactly a half.
    choose("tol\(k)", variants.map { MaximaText.number($0.tolerance * (1 + 1e-6)) })
    nodes.append(
      Node(
        student: "sa\(k)", teacher: "ta\(k)", tolerance: "tol\(k)", score: "1", note: "right",
        feedback: ""))
    addRounded(quiz)
    addFollowOn(html)
    addWrong(quiz, html)
  }

  private mutating func choose(_ name: String, _ values: [String]) {
    let isSame = values.allSatisfy { $0 == values[0] }
    variables.append(
      isSame ? "\(name): \(values[0]);" : "\(name): \(MaximaText.list(values))[variantno];")
  }

  private static func score(_ share: Double) -> String { QuizNumber.text(share) }

  // MARK: Nodes

  private mutating func addRounded(_ quiz: Quiz) {
    guard variants.contains(where: { !$0.rounded.isEmpty }) else { return }
    hasRounded = true
    choose(
      "rl\(number)",
      variants.map { part in
        let values = part.rounded.map { MaximaText.number($0.value) }
        // Never reached: the right number is looked for before.
        return MaximaText.list(values.isEmpty ? [MaximaText.number(part.right)] : values)
      })
    nodes.append(
      Node(
        student: "rd\(number)", teacher: "0", tolerance: "1.0e-9",
        score: Self.score(quiz.roundingShare), note: "rounded",
        feedback: "Right, with fewer digits than the \(variants[0].digits) that are asked for."))
  }

  private mutating func addFollowOn(_ html: QuizHTML) {
    let all = variants.compactMap { $0.follows }
    guard let first = all.first else { return }
    guard all.count == variants.count, all.allSatisfy({ $0.pieces == first.pieces }) else {
      problems.append(
        "\(variants[0].name) follows from other parts in another way in every variant, which STACK cannot be told."
      )
      return
    }
    earlier = first.parts.compactMap { name in names.firstIndex(of: name).map { $0 + 1 } }
    if !first.numbers.isEmpty {
      choose(
        "fn\(number)",
        all.map { MaximaText.list($0.numbers.map(MaximaText.number)) })
    }
    let formula = first.pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .part(let name): "x\((names.firstIndex(of: name) ?? 0) + 1)"
      case .number(let place): "fn\(number)[\(place + 1)]"
      }
    }.joined()
    let arguments = earlier.map { "x\($0)" }
    variables.append("ff\(number): lambda([\(arguments.joined(separator: ","))],\(formula));")
    follow = followVariables()
    let sources = first.parts.map { html.symbol($0) }.joined(separator: " and ")
    nodes.append(
      Node(
        student: "sa\(number)", teacher: "fo\(number)", tolerance: "ft\(number)", score: "1",
        note: "follows", feedback: "It follows from your \(sources)."))
  }

  /// What follows from what the student entered, and its tolerance: half a unit of the last digit,
  /// and as much as rounding the other parts makes.
  private func followVariables() -> [String] {
    let k = number
    let isMissing = earlier.map { "is(ans\($0)=EMPTYANSWER)" }.joined(separator: " or ")
    func value(_ moved: Int?, _ sign: String) -> String {
      let arguments = earlier.map { $0 == moved ? "sa\($0)\(sign)tol\($0)" : "sa\($0)" }
      return "float(ff\(k)(\(arguments.joined(separator: ","))))"
    }
    let spread = earlier.flatMap { moved in
      ["+", "-"].map { "abs(\(value(moved, $0))-fo\(k))" }
    }
    return [
      "fl\(k): if \(isMissing) then [] else errcatch(\(value(nil, "")));",
      "fo\(k): if is(fl\(k)=[]) then 1.0e300 else fl\(k)[1];",
      "fl\(k): if is(abs(fo\(k))>1.0e100) then [] else errcatch(max(\(spread.joined(separator: ","))));",
      "fs\(k): if is(fl\(k)=[]) then 0 else fl\(k)[1];",
      "ft\(k): fs\(k)+(if is(abs(fo\(k))<1.0e-12) then 1.0e-9 else 5.0*10.0^(floor(log(abs(fo\(k)))/log(10.0))-\(variants[0].digits)));",
    ]
  }

  private mutating func addWrong(_ quiz: Quiz, _ html: QuizHTML) {
    var notes: Set<String> = []
    for (place, row) in rows().enumerated() {
      let name = "wr\(number)x\(place + 1)"
      choose(
        name,
        zip(row.values, variants).map { value, part in
          // Never reached: the right number is looked for before.
          MaximaText.number(value ?? part.right)
        })
      choose(
        "\(name)t",
        zip(row.values, variants).map { value, part in
          MaximaText.number(
            QuizNumber.halfUnit(value ?? part.right, digits: part.digits) * (1 + 1e-6))
        })
      var names: [String] = []
      for cause in row.causes where !names.contains(cause.name) { names.append(cause.name) }
      let stem = names.joined(separator: "+")
      var note = stem
      var count = 1
      // Notes of one tree differ.
      while !notes.insert(note).inserted {
        count += 1
        note = "\(stem)-\(count)"
      }
      let node = Node(
        student: "sa\(number)", teacher: name, tolerance: "\(name)t",
        score: Self.score(quiz.misconceptionShare), note: note,
        feedback: html.line(Quiz.sentence(row.causes)),
        isAlways: isAlwaysReached(row))
      nodes.append(node)
      wrongNodes.append(node)
    }
  }

  /// What gives one wrong number in every variant.
  private struct Row {
    var causes: [Quiz.Cause]
    /// Nil where the number is right, or not given, in a variant.
    var values: [Double?]
  }

  private func rows() -> [Row] {
    var causes: [Quiz.Cause] = []
    var values: [Quiz.Cause: [Double?]] = [:]
    for (variant, part) in variants.enumerated() {
      for wrong in part.wrong {
        for cause in wrong.causes {
          if values[cause] == nil {
            causes.append(cause)
            values[cause] = [Double?](repeating: nil, count: variants.count)
          }
          values[cause]?[variant] = wrong.value
        }
      }
    }
    var rows: [Row] = []
    for cause in causes {
      let own = values[cause] ?? []
      let same = rows.firstIndex { row in
        zip(row.values, own).allSatisfy { a, b in
          guard let a, let b else { return a == nil && b == nil }
          return QuizNumber.areSame(a, b)
        }
      }
      if let same {
        rows[same].causes.append(cause)
      } else {
        rows.append(Row(causes: [cause], values: own))
      }
    }
    return rows
  }

  /// Whether no number that is looked for before is taken for it.
  private func isAlwaysReached(_ row: Row) -> Bool {
    for (variant, value) in row.values.enumerated() {
      guard let value else { return false }
      let part = variants[variant]
      let room = QuizNumber.halfUnit(value, digits: part.digits)
      // An input that is not exact may meet the number before it.
      let isTaken = part.wrong.contains { other in
        !other.causes.contains { row.causes.contains($0) }
          && abs(other.value - value) <= room + other.tolerance
      }
      if isTaken { return false }
    }
    return true
  }

  // MARK: XML

  func writeInput(_ xml: inout QuizXML, mayBeEmpty: Bool) {
    xml.begin("input")
    for (name, value) in [
      ("name", "ans\(number)"), ("type", "numerical"), ("tans", "ta\(number)"), ("boxsize", "12"),
      ("strictsyntax", "1"), ("insertstars", "0"), ("syntaxhint", ""), ("syntaxattribute", "0"),
      ("forbidwords", ""), ("allowwords", ""), ("forbidfloat", "0"), ("requirelowestterms", "0"),
      ("checkanswertype", "0"), ("mustverify", "0"), ("showvalidation", "0"),
      ("options", mayBeEmpty ? "allowempty" : ""),
    ] {
      xml.element(name, value)
    }
    xml.end()
  }

  /// - Parameter optional: the inputs that may be left empty.
  func writeTree(_ xml: inout QuizXML, _ optional: Set<Int>) {
    xml.begin("prt")
    xml.element("name", "prt\(number)")
    xml.element("value", QuizNumber.text(variants[0].points))
    xml.element("autosimplify", "1")
    xml.element("feedbackstyle", "1")
    xml.text("feedbackvariables", feedbackVariables(optional).joined(separator: "\n"))
    for (place, node) in nodes.enumerated() {
      write(node, place, isLast: place == nodes.count - 1, &xml)
    }
    xml.end()
  }

  private func feedbackVariables(_ optional: Set<Int>) -> [String] {
    let entered = ([number] + earlier).map { part in
      optional.contains(part)
        ? "sa\(part): if is(ans\(part)=EMPTYANSWER) then 1.0e300 else float(ans\(part));"
        : "sa\(part): float(ans\(part));"
    }
    let k = number
    let rounded =
      hasRounded
      ? ["rd\(k): lmin(map(lambda([r],abs(r-sa\(k))),rl\(k)))/max(abs(ta\(k)),1.0e-6);"] : []
    return entered + rounded + follow
  }

  private func write(_ node: Node, _ place: Int, isLast: Bool, _ xml: inout QuizXML) {
    xml.begin("node")
    for (name, value) in [
      ("name", "\(place)"), ("description", node.note), ("answertest", "NumAbsolute"),
      ("sans", node.student), ("tans", node.teacher), ("testoptions", node.tolerance),
      ("quiet", "1"), ("truescoremode", "="), ("truescore", node.score), ("truepenalty", ""),
      ("truenextnode", "-1"), ("trueanswernote", node.note),
    ] {
      xml.element(name, value)
    }
    xml.html("truefeedback", node.feedback)
    for (name, value) in [
      ("falsescoremode", "="), ("falsescore", "0"), ("falsepenalty", ""),
      ("falsenextnode", isLast ? "-1" : "\(place + 1)"),
      ("falseanswernote", isLast ? "unknown" : "not-\(node.note)"),
    ] {
      xml.element(name, value)
    }
    xml.html("falsefeedback", "")
    xml.end()
  }
}
