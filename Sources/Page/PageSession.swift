import Assistance
import Differentiation
import Exercises
import Explanation
import Interchange
import Language
import Learning
import Library
import Rendering
import Syntax

/// The engine as a page talks to it: requests and answers are JSON, and everything that is shown is
/// computed, drawn and set here.
///
/// A request is an object whose field `ask` says what is asked for; what else it takes stands with the
/// function that answers it.
package final class PageSession {
  let interpreter: Interpreter
  let outputs: PageOutputs
  let files = PageFiles()

  /// - Parameters:
  ///   - limits: of every request that runs code.
  ///   - clock: seconds from some moment on.
  package init(limits: Runtime.Limits, clock: @escaping () -> Double) {
    let outputs = PageOutputs()
    let files = files
    var host = Host(
      write: { text in
        outputs.write(text)
        return true
      },
      report: { outputs.add($0, .note) }, clock: clock, display: { PageOutputs.display })
    host.files = files.access
    self.outputs = outputs
    interpreter = Interpreter(catalog: .standard, host: host, limits: limits)
    interpreter.session.mapCells = Self.mapCells
    outputs.listen(to: interpreter.session)
  }

  deinit { outputs.leave(interpreter.session) }

  /// - Parameter request: JSON.
  /// - Returns: JSON; an object with the field `error` where the request cannot be read.
  package func answer(_ request: [UInt8]) -> [UInt8] {
    let answer: JSON
    do throws(FormatError) {
      answer = self.answer(try JSON.parse(request, replacesHalfCharacters: true))
    } catch {
      answer = Self.failure("the request cannot be read: \(error.message)")
    }
    return (try? answer.bytes()) ?? Array("{\"error\":\"the answer cannot be written\"}".utf8)
  }

  /// A map is drawn anew many times a second, and the browser smooths it.
  private static let mapCells = 48

  static func failure(_ words: String) -> JSON { .record([("error", .text(words))]) }

  private func answer(_ request: JSON) -> JSON {
    let code = request["code"]?.text ?? ""
    switch request["ask"]?.text ?? "" {
    case "run": return run(code, name: request["name"]?.text ?? "page", request)
    case "draw": return draw(code, request)
    case "derive": return derive(code, request)
    case "net": return net(request)
    case "names": return .record([("names", names)])
    case "choices": return PageChoices.json(interpreter.session.catalog)
    case "complete": return completion(of: code, request)
    case "inspect": return inspection(of: code, request)
    case "state": return .record([("complete", .truth(isComplete(code)))])
    case "put": return put(request)
    case "take": return take(request)
    case "sheet": return PageSheet(code).json
    case "check": return check(code, request)
    case let other: return Self.failure("there is no request \(other)")
    }
  }

  // MARK: Running

  /// Runs code as the prompt does: what it writes, shows and draws, and how it ended.
  private func run(_ code: String, name: String, _ request: JSON) -> JSON {
    let status = evaluate(code, name: name)
    return .record([
      ("status", .number(Double(status))), ("outputs", outputs.json(theme(of: request))),
      ("names", names), ("notation", .text(interpreter.session.notation.name)),
    ])
  }

  /// - Returns: the exit status that the command would have.
  private func evaluate(_ code: String, name: String, keepsTexts: Bool = true) -> Int32 {
    outputs.begin(keepsTexts: keepsTexts)
    let failed = interpreter.session.checksFailed
    switch interpreter.run(code, name: name, echoes: true) {
    case .done: return interpreter.session.checksFailed == failed ? 0 : 1
    case .syntaxError: return 2
    case .runtimeError: return 3
    case .limitReached: return 4
    case .interrupted: return 130
    case .left(let status): return status
    }
  }

  private func theme(of request: JSON) -> Figure.Theme {
    request["theme"]?.text.flatMap { Figure.Theme(rawValue: $0) } ?? .light
  }

  /// The last picture that code draws, alone; its parts say what they show.
  private func draw(_ code: String, _ request: JSON) -> JSON {
    _ = evaluate(code, name: "page", keepsTexts: false)
    guard let picture = outputs.lastReport?.picture else {
      return Self.failure(outputs.errorText ?? "\(code) draws nothing")
    }
    let size = Figure.Size(
      request["width"]?.number ?? Figure.Size.slide.width,
      request["height"]?.number ?? Figure.Size.slide.height)
    let svg = SVG.text(picture, theme: theme(of: request), size: size, hasNames: true)
    return .record([("svg", .text(svg))])
  }

  /// The last derivation that code makes, row by row.
  private func derive(_ code: String, _ request: JSON) -> JSON {
    _ = evaluate(code, name: "page", keepsTexts: false)
    guard let report = outputs.lastReport, let derivation = report.derivation() else {
      return Self.failure(outputs.errorText ?? "\(code) derives nothing")
    }
    let network = request["net"]?.text.flatMap(network(named:))
    let names = network.map {
      QuantityNames(
        $0, interpreter.session.notation, sample: request["sample"]?.wholeNumber ?? 1)
    }
    return PageDerivation(
      derivation, names, number: report.number ?? interpreter.session.numberText
    ).json
  }

  // MARK: What there is

  /// The variables, each with what it is.
  private var names: JSON {
    let runtime = interpreter.runtime
    return .list(
      runtime.globalNames.compactMap { name in
        guard let value = runtime.global(name) else { return nil }
        var members: [(String, JSON)] = [("name", .text(name)), ("kind", .text(value.kind))]
        if case .data(let data) = value {
          let classes = data.ownClasses
          members += [
            ("rows", .number(Double(data.count))),
            ("features", .list(data.featureNames.map { .text($0) })),
            ("targets", .number(Double(data.t.shape.columns))),
            ("classes", classes.map { .list($0.names.map { .text($0) }) } ?? .null),
          ]
        }
        return .record(members)
      })
  }

  private func network(named name: String) -> Network? {
    switch interpreter.runtime.global(name) {
    case .network(let network): network
    case .run(let run): run.network
    default: nil
    }
  }

  /// The build of a net, and its numbers as they are written.
  private func net(_ request: JSON) -> JSON {
    let name = request["net"]?.text ?? ""
    guard let network = network(named: name) else {
      return Self.failure("there is no net \(name)")
    }
    let number = interpreter.session.numberText
    let parameters = network.parameters.map { parameter -> JSON in
      let columns = parameter.value.shape.rank == 2 ? parameter.value.shape.columns : 0
      return .record([
        ("name", .text(parameter.name)), ("columns", .number(Double(columns))),
        ("numbers", .list(parameter.value.elements.map { .text(number($0)) })),
      ])
    }
    return .record([
      ("title", .text(network.title)), ("loss", .text(network.loss.title)),
      ("sizes", .list(network.sizes.map { .number(Double($0)) })),
      ("activations", .list(network.layers.map { .text($0.activation.title) })),
      ("parameters", .list(parameters)),
    ])
  }

  // MARK: While typing

  private func completion(of code: String, _ request: JSON) -> JSON {
    let cursor = TextUnits.utf16.byte(in: code, afterUnits: request["cursor"]?.wholeNumber ?? .max)
    let found = interpreter.completion(of: code, cursor: cursor)
    return .record([
      ("start", .number(Double(TextUnits.utf16.count(in: code, beforeByte: found.start)))),
      (
        "candidates",
        .list(
          found.candidates.map {
            .record([
              ("text", .text($0.text)), ("display", .text($0.display)),
              ("suffix", .text($0.suffix)),
            ])
          })
      ),
    ])
  }

  private func inspection(of code: String, _ request: JSON) -> JSON {
    let cursor = TextUnits.utf16.byte(in: code, afterUnits: request["cursor"]?.wholeNumber ?? .max)
    let found = interpreter.inspection(of: code, at: cursor, display: PageOutputs.display)
    return .record([("text", found.map { .text($0.text) } ?? .null)])
  }

  private func isComplete(_ code: String) -> Bool {
    interpreter.incompleteness(of: code) == nil
  }

  // MARK: Files and sheets

  private func put(_ request: JSON) -> JSON {
    guard let path = request["path"]?.text, let text = request["text"]?.text else {
      return Self.failure("put takes a path and a text")
    }
    files.put(Array(text.utf8), at: path)
    return .empty
  }

  private func take(_ request: JSON) -> JSON {
    let path = request["path"]?.text ?? ""
    guard let bytes = files.take(path) else { return Self.failure("there is no file \(path)") }
    return .record([("base64", .text(SVG.base64(bytes)))])
  }

  /// What the public checks of a sheet say of the answers that are filled in, and the code that hands
  /// them in.
  private func check(_ sheet: String, _ request: JSON) -> JSON {
    let answers = (request["answers"]?.list ?? []).map { $0.text ?? "" }
    return PageSheet(sheet).check(answers, interpreter.runtime.limits)
  }
}
