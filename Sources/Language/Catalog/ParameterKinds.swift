import Learning

extension Parameter.Kind {
  /// Whether only the words and choices it lists are accepted.
  var isClosed: Bool {
    switch self {
    case .either(let kinds): kinds.allSatisfy { $0.isClosed }
    case .alternatives(let kind): kind.isClosed
    case .truth, .choice, .word, .data, .samples: true
    default: false
    }
  }

  var takesNumbers: Bool {
    switch self {
    case .number, .wholeNumber, .numeric: true
    case .either(let kinds): kinds.contains(where: { $0.takesNumbers })
    case .alternatives(let kind): kind.takesNumbers
    default: false
    }
  }

  package var words: [String] {
    switch self {
    case .word(let words): words
    case .either(let kinds): kinds.flatMap { $0.words }
    case .alternatives(let kind): kind.words
    default: []
    }
  }

  package var takesBareWords: Bool {
    switch self {
    case .bareWord: true
    case .either(let kinds): kinds.contains { $0.takesBareWords }
    case .alternatives(let kind): kind.takesBareWords
    default: false
    }
  }

  /// Whether a data set is taken.
  var takesData: Bool {
    switch self {
    case .data, .samples: true
    case .either(let kinds): kinds.contains { $0.takesData }
    case .alternatives(let kind): kind.takesData
    default: false
    }
  }

  var takesRecords: Bool {
    switch self {
    case .record: true
    case .either(let kinds): kinds.contains { $0.takesRecords }
    case .alternatives(let kind): kind.takesRecords
    default: false
    }
  }

  package var choiceKinds: [Choice.Kind] {
    switch self {
    case .choice(let kind): [kind]
    case .either(let kinds): kinds.flatMap { $0.choiceKinds }
    case .alternatives(let kind): kind.choiceKinds
    default: []
    }
  }
}
