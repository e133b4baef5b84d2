import Learning

/// How a table is written: found from its first lines, or given by options.
package struct CSVDialect: Hashable, Sendable {
  /// How the rows stand in the file.
  package enum Layout: Hashable, Sendable {
    case plain
    /// Any number of blanks and tabs between values.
    case blanks
    /// Weka's files.
    case arff
    /// Tables of Orange with their lines of kinds and roles.
    case orange
    /// Inputs and outputs in turns, as FANN has them.
    case pairs(inputs: Int, outputs: Int)
  }

  package var delimiter: UInt8
  package var hasHeader: Bool
  /// `.` or `,`
  package var point: UInt8
  package var layout = Layout.plain

  static let quote: UInt8 = 0x22
  package static let comma: UInt8 = 0x2C
  package static let semicolon: UInt8 = 0x3B
  package static let tab: UInt8 = 0x09
  package static let bar: UInt8 = 0x7C
  package static let blank: UInt8 = 0x20

  /// `separated by commas, names in the first line`
  package var words: String {
    let separators: [UInt8: String] = [
      Self.comma: "commas", Self.semicolon: "semicolons", Self.tab: "tabs", Self.bar: "bars",
    ]
    let separator =
      separators[delimiter] ?? "\"\(visible(String(decoding: [delimiter], as: UTF8.self)))\""
    let sign = point == Self.comma ? ", decimal commas" : ""
    switch layout {
    case .plain, .blanks:
      let names = hasHeader ? "names in the first line" : "no line of names"
      return "separated by \(layout == .blanks ? "blanks" : separator), \(names)" + sign
    case .arff: return "an ARFF file"
    case .orange: return "a table of Orange, separated by tabs"
    case .pairs(let inputs, let outputs):
      return "pairs of \(counted(inputs, "input")) and \(counted(outputs, "output")) in turns, as"
        + " FANN has them" + sign
    }
  }
}

/// The options of the reader of tables.
package struct CSVOptions: Sendable {
  /// What is taken for the names of the rows.
  package enum RowNames: Hashable, Sendable {
    case foundOut
    case none
    case firstColumn
    case column(String)
  }

  /// What a column holds, where that is known before.
  package enum Known: Hashable, Sendable {
    case numbers
    /// Names, in the order of their numbers.
    case categories([String])
  }

  /// As it stands in the help of errors.
  package var fileName = "FILE"
  /// Found out where nil; a blank stands for any number of blanks and tabs.
  package var delimiter: UInt8?
  /// Found out where nil.
  package var hasHeader: Bool?
  /// `.` or `,`; found out where nil.
  package var point: UInt8?
  /// What separates thousands; found out where nil.
  package var thousands: UInt8?
  /// `ymd`, `dmy` or `mdy`; found out where nil.
  package var dateOrder: String?
  /// Found out where nil.
  package var encoding: TextEncoding?
  /// Lines before the table.
  package var skippedLines = 0
  /// Instead of the names in the file.
  package var names: [String] = []
  package var rowNames = RowNames.foundOut
  package var targets: [String] = []
  package var dropped: [String] = []
  /// The features, in the order of the file; all where empty.
  package var columns: [String] = []
  /// What the features are called that a net takes, in its order: found by these names, or taken
  /// as they come where the file has none of them and as many columns.
  package var features: [String] = []
  /// Columns that go along as texts and are no features.
  package var kept: [String] = []
  /// Columns of numbers that are names of classes or categories.
  package var categories: [String] = []
  /// Spellings of a missing value besides the usual ones.
  package var missingSpellings: [String] = []
  /// Leaves out rows with a missing value.
  package var leavesOutIncomplete = false
  /// What is known of columns by their names.
  package var known: [String: Known] = [:]
  /// Whether a row that cannot be used keeps its place, with gaps and what is wrong with it.
  package var keepsFaultyRows = false
  /// Whether a row with a gap is one of these.
  package var gapsAreFaults = false
  /// What was found out before: nothing is found out again.
  package var plan: TablePlan?

  package init(delimiter: UInt8? = nil) { self.delimiter = delimiter }

  /// As pandas has them, and `?`.
  package static let usualMissingSpellings = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null", "?",
  ]

  /// All columns that options name.
  var namedColumns: [String] {
    var names = targets + dropped + columns + kept + categories
    names += features
    if case .column(let name) = rowNames { names.append(name) }
    return names
  }
}

/// Everything that was found out about a table from its first lines.
package struct TablePlan: Sendable {
  /// Bytes of text before the first row.
  var start = 0
  /// The line of the first row.
  var line = 1
  package var dialect: CSVDialect
  /// In the order of the file.
  var columns: [CSVColumn.Plan] = []
  var rowForm = RowForm.Kind.plain
  /// Whether lines that begin with # and have other values than the table are no rows.
  var hasComments = false
  /// What is said about the file.
  package var notes: [String] = []
}
