import Differentiation
import Learning
import Rendering
import Syntax

extension Session {
  /// Above so many elements a vector is cut in the middle, as large arrays are elsewhere.
  private static let vectorLimit = 1_000
  private static let briefVectorLimit = 8
  /// Above so many rows the middle of a matrix is left out.
  private static let rowLimit = 20
  /// Parts of lists and records in each other that are written of one value.
  private static let nestedPartLimit = 100_000

  /// Numbers as they are written now.
  package var numberText: (Double) -> String {
    let style = style
    return { style.text($0) }
  }

  /// The value as `print` writes it: strings without quotes and as they are, a matrix one row a line;
  /// with the middle of what is long left out where the display asks for it.
  package func shownText(of value: Value) -> String {
    text(of: value, isWhole: !host.display().shortens)
  }

  /// The value as `print` writes it into a file: whole.
  package func text(of value: Value) -> String { text(of: value, isWhole: true) }

  private func text(of value: Value, isWhole: Bool) -> String {
    let limit = isWhole ? nil : Self.vectorLimit
    return switch value.plain {
    case .string(let text): text
    case .tensor(let tensor):
      if case .matrix(let rows, let columns) = tensor.shape {
        matrixStyle.matrix(
          elements: tensor.elements, rows: rows, columns: columns,
          rowLimit: isWhole ? nil : Self.rowLimit, width: isWhole ? nil : host.display().columns)
      } else {
        style.vector(tensor.elements, limit: limit)
      }
    case .record(let record) where record.contains { $0.value.isMatrix }:
      lines(of: record, isWhole: isWhole)
    case .report(let report): trimmed(report.text(host.display()))
    default: inlineText(of: value, limit: limit)
    }
  }

  /// The value on one line, strings quoted, as it stands in lists and is echoed.
  package func inlineText(of value: Value, limit: Int? = Session.vectorLimit) -> String {
    switch value.plain {
    case .unassigned, .cell: "?"
    case .nothing: "nothing"
    case .truth(let truth): truth ? "true" : "false"
    case .number(let number): style.text(number)
    case .string(let text): quoted(text)
    case .tensor(let tensor):
      if case .matrix(let rows, let columns) = tensor.shape {
        style.inlineMatrix(elements: tensor.elements, rows: rows, columns: columns)
      } else {
        style.vector(tensor.elements, limit: limit)
      }
    case .traced(let node): node.shape.description
    case .list(let list):
      text(of: list, limit: limit)
    case .record(let record):
      record.count == 0
        ? "[:]"
        : "["
          + joined(record) { "\(key($0)): \(inlineText(of: $0.value, limit: limit))" } + "]"
    case .function(let function): function.signature
    case .network(let network): network.title
    case .data(let data): summary(of: data)
    case .stream(let stream): summary(of: stream)
    case .run(let run): summary(of: run)
    case .report(let report): report.title
    case .choice(let choice): choice.title
    }
  }

  /// A list on one line; the middle of a long one is left out, as of a vector.
  private func text(of list: List, limit: Int?) -> String {
    func joined(_ values: some Sequence<Value>) -> String {
      self.joined(values) { inlineText(of: $0, limit: limit) }
    }
    guard let limit, list.count > limit else { return "[\(joined(list))]" }
    let tail = limit * 3 / 10
    let head = limit - tail
    return "[\(joined(list.prefix(head))), …, \(joined(list.suffix(tail)))]"
      + " (\(list.count) elements)"
  }

  /// The parts of a list or record; what is beyond the room for one value is left out, because
  /// thirty lists that each hold the one before twice would write a billion elements.
  private func joined<Part>(
    _ parts: some Sequence<Part>, _ text: (Part) -> String
  ) -> String {
    nestedTexts.depth += 1
    defer {
      nestedTexts.depth -= 1
      if nestedTexts.depth == 0 { nestedTexts.parts = 0 }
    }
    var texts: [String] = []
    for part in parts {
      nestedTexts.parts += 1
      if nestedTexts.parts > Self.nestedPartLimit {
        texts.append("…")
        break
      }
      texts.append(text(part))
    }
    return texts.joined(separator: ", ")
  }

  /// A few words for a label or a failed check.
  package func brief(_ value: Value) -> String {
    if let tensor = value.tensor {
      switch tensor.shape {
      case .scalar, .vector: return inlineText(of: value, limit: Self.briefVectorLimit)
      case .matrix: return value.kind
      }
    }
    let text = inlineText(of: value, limit: Self.briefVectorLimit)
    return text.count > 40 ? value.kind : text
  }

  /// `name = value` at the prompt; a matrix starts on a line of its own.
  package func echo(_ value: Value, name: String?) -> String {
    if value.isTall {
      return name.map { "\($0) =\n\(shownText(of: value))" } ?? shownText(of: value)
    }
    if name == nil, case .function(let function) = value {
      return TextWidth.hanging("", function.signature, width: host.display().columns)
        .joined(separator: "\n")
    }
    let line = inlineText(of: value, limit: 20)
    return name.map { "\($0) = \(line)" } ?? line
  }

  /// The value of an interpolation with a format behind it.
  /// - Throws: where a number format meets something else than numbers.
  package func text(
    of value: Value, format: FormatSpecifier, at range: SourceRange
  ) throws(Failure) -> String {
    let style: NumberStyle? =
      if let decimals = format.decimals {
        .decimals(decimals)
      } else if let digits = format.significantDigits {
        .significantDigits(digits)
      } else {
        nil
      }
    let format = NumberFormat(width: format.width ?? 0, style: style)
    switch value.plain {
    case .number(let number): return format.text(number, otherwise: self.style)
    case .tensor(let tensor) where tensor.shape.rank == 1:
      return "["
        + tensor.elements.map { format.text($0, otherwise: self.style) }
        .joined(separator: ", ") + "]"
    case .string(let text): return format.text(text)
    default:
      if style != nil {
        throw Failure("a number format needs a number or vector", at: range, label: value.kind)
      }
      return format.text(text(of: value))
    }
  }

  /// The name of a field: it may come from a file.
  private func key(_ field: Record.Field) -> String {
    TextWidth.printable(field.name)
  }

  private var matrixStyle: NumberStyle {
    hasChosenStyle ? style : .matrixElement
  }

  /// One field a line, as a gradient is read: matrices under their names, vectors in the same
  /// digits, broken at the display's width.
  private func lines(of record: Record, isWhole: Bool) -> String {
    record.map { field in
      if field.value.isMatrix {
        let rows = text(of: field.value, isWhole: isWhole).split(
          separator: "\n", omittingEmptySubsequences: false)
        return "\(key(field)):\n" + rows.map { "  \($0)" }.joined(separator: "\n")
      }
      guard case .tensor(let tensor) = field.value.plain else {
        return
          "\(key(field)): \(inlineText(of: field.value, limit: isWhole ? nil : Self.vectorLimit))"
      }
      let vector = matrixStyle.vector(
        tensor.elements, limit: isWhole ? nil : Self.vectorLimit)
      let key = key(field)
      return broken("\(key): \(vector)", indent: key.count + 3)
    }.joined(separator: "\n")
  }

  /// A list on several lines, each within the display.
  private func broken(_ text: String, indent: Int) -> String {
    let width = host.display().columns
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: indent) + word
      } else {
        line += line.isEmpty ? String(word) : " \(word)"
      }
    }
    return (lines + [line]).joined(separator: "\n")
  }

  private func trimmed(_ text: String) -> String {
    text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for character in text {
      switch character {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result += TextWidth.printable(String(character))
      }
    }
    return result + "\""
  }
}

extension Value {
  /// Whether it is written on several lines.
  package var isTall: Bool {
    if case .record(let record) = plain { return record.contains { $0.value.isMatrix } }
    return isMatrix
  }

  package var isMatrix: Bool {
    if case .matrix? = plain.shape { true } else { false }
  }
}
