import Differentiation

/// How a net reads the classes of data, and what it knows of those it has learned.
extension Network {
  /// What the features of raw rows are called; empty where nobody has told.
  package var featureNames: [String] {
    pipeline?.featureNames ?? lastData?.pattern.featureNames ?? loadedNames.features
  }

  /// What the targets are called; empty where nobody has told.
  package var targetNames: [String] { lastData?.pattern.targetNames ?? loadedNames.targets }

  /// Whether the answers are classes and not numbers: by what was learned, otherwise by the output
  /// and the loss.
  package var tellsClasses: Bool {
    if classes != nil || learnedCode != nil { return true }
    if lastData != nil { return false }
    return output.activation.isDistribution
      || output.activation.traits.contains(.probability) && loss.outputRequirement != .nothing
  }

  /// The data with their targets as this net and loss take them: whole numbers are classes where
  /// the net tells classes apart, and classes count as the net has learned them.
  /// - Parameter isLearning: whether the net may have learned other classes so far.
  /// - Throws: where there is a class that the net has not learned.
  package func reading(
    _ data: DataSet, for choice: Loss? = nil, isLearning: Bool = false
  ) throws(LearningError) -> DataSet {
    guard case .values(let values) = data.target else {
      // Soft targets have numbers for names, which no data set of classes has.
      if case .two(let low, _) = learnedCode, low > 0 { return data }
      if isLearning, let classes, data.classes?.allSatisfy({ classes.contains($0) }) == false {
        return data
      }
      return try data.matched(to: classes)
    }
    guard data.targetNames.count == 1, needsClasses(values, choice ?? loss),
      let labels = data.wholeLabels?.map({ String($0) })
    else { return data }
    if let known = knownClasses {
      if labels.allSatisfy({ known.contains($0) }) { return try data.classed(known) }
      guard isLearning || classes == nil else { return try data.classed().matched(to: known) }
    }
    guard labels.count > 1, outputs(for: labels) == outputCount else { return data }
    return try data.classed(labels)
  }

  /// The same of rows that may be read in parts: all parts are read as the whole is.
  /// - Throws: where there is a class that the net has not learned, and where rows cannot be read.
  package func reading(
    _ samples: Samples, for choice: Loss? = nil, isLearning: Bool = false
  ) throws(LearningError) -> Samples {
    switch samples {
    case .table(let data):
      return .table(try reading(data, for: choice, isLearning: isLearning))
    case .stream(let stream):
      let telling = try stream.survey().telling
      return .stream(
        try stream.read(as: try reading(telling, for: choice, isLearning: isLearning)))
    }
  }

  private func outputs(for names: [String]) -> Int {
    names.count == outputCount || names.count > 2 ? names.count : 1
  }

  /// The names of the classes that one column of numbers can stand for.
  private var knownClasses: [String]? {
    if let classes { return outputs(for: classes) == outputCount ? classes : nil }
    guard case .oneHot = learnedCode else { return nil }
    return (1...outputCount).map { "\($0)" }
  }

  /// Whether one column of numbers says nothing to the net unless it is of classes.
  private func needsClasses(_ values: Tensor, _ loss: Loss) -> Bool {
    if outputCount > 1 {
      return output.activation.isDistribution || output.activation.traits.contains(.probability)
        || loss.outputRequirement != .nothing
    }
    // Labels that were learned go by their names, whatever few of them there are.
    if let classes, classes.count == 2, classes != ["0", "1"],
      classes.allSatisfy({ labelNumber($0).flatMap { Int(exactly: $0) } != nil })
    {
      return values.elements.allSatisfy { classes.contains(labelText($0)) }
    }
    return false
  }

  /// How targets of this net are to be read: as those it has learned, where they can be.
  func code(of targets: Tensor) -> TargetCode {
    if let learned = learnedCode, learned.fits(targets) { return learned }
    let own = TargetCode(of: targets)
    if case .two = own { return standardCode.fits(targets) ? standardCode : own }
    if own == .numbers, output.activation.isDistribution, TargetCode.shares.fits(targets) {
      return .shares
    }
    return own
  }

  /// How outputs are read where nothing has been learned.
  package var standardCode: TargetCode {
    if outputCount > 1 { return .oneHot(low: 0, high: 1) }
    let isSigned = output.activation.range.map { $0 == -1...1 } ?? false
    return isSigned || loss.outputRequirement == .signedScores ? .signs : .zeroOne
  }

  /// How the outputs are read.
  package var outputCode: TargetCode { learnedCode ?? standardCode }

  /// How the outputs are read, and what the classes are called that they tell apart.
  /// - Parameter data: what the net is asked about or saw last, by which one that has learned
  ///   nothing is read.
  package func answerClasses(on data: DataSet?) -> (code: TargetCode, names: [String]) {
    if classes == nil, learnedCode == nil, let data, let own = try? self.classes(of: data),
      own.names.count == max(2, outputCount)
    {
      return (own.code, own.names)
    }
    let code = outputCode
    return (code, classes ?? code.names(columns: DataSet.standardTargetNames(outputCount)))
  }

  /// The classes of a data set as this net reads them; nil where its targets are numbers.
  /// - Throws: where the data do not fit the net.
  package func classes(of data: DataSet) throws(LearningError) -> Classes? {
    let read = try reading(data)
    let targets = read.inUnits(try targets(of: read))
    return classes(ofRead: read, targets, as: code(of: targets))
  }

  /// The classes of rows that are read already, of a code that all rows have told.
  /// - Parameter targets: theirs, in their own units.
  func classes(ofRead read: DataSet, _ targets: Tensor, as code: TargetCode) -> Classes? {
    guard code != .numbers else { return nil }
    return Classes(
      code: code, names: read.classes ?? classes ?? code.names(columns: read.targetNames),
      numbers: code.isMultiple ? [] : code.classes(of: targets))
  }

  /// The data as the net learns them, whose classes it keeps.
  /// - Parameter forClassWeights: whether numbers must be classes.
  /// - Throws: where data, net and loss do not fit.
  func learning(
    _ data: DataSet, forClassWeights: Bool
  ) throws(LearningError) -> DataSet {
    var read = try reading(data, isLearning: true)
    (classes, learnedCode) = (nil, nil)
    if forClassWeights, read.ownClasses == nil, read.wholeLabels != nil {
      read = try read.classed()
    }
    try rememberClasses(of: read)
    return read
  }

  /// The same of rows that may be read in parts.
  /// - Throws: where data, net and loss do not fit, and where rows cannot be read.
  func learning(
    _ samples: Samples, forClassWeights: Bool
  ) throws(LearningError) -> Samples {
    switch samples {
    case .table(let data): return .table(try learning(data, forClassWeights: forClassWeights))
    case .stream(let stream):
      let telling = try stream.survey().telling
      return .stream(
        try stream.read(as: try learning(telling, forClassWeights: forClassWeights)))
    }
  }

  private func rememberClasses(of data: DataSet) throws(LearningError) {
    let code = code(of: data.inUnits(try targets(of: data)))
    learnedCode = code == .numbers ? nil : code
    classes = data.classes
    guard data.classes == nil, code != .numbers else { return }
    let names = code.names(columns: data.targetNames)
    // What everybody expects need not be kept.
    let standard = DataSet.standardTargetNames(outputCount)
    if names != code.names(columns: standard)
      || !(code == .zeroOne || code == .signs || outputCount > 1)
    {
      classes = names
    }
  }
}

extension RowStream {
  /// The stream whose parts have their targets read as the telling rows have.
  fileprivate func read(as telling: DataSet) throws(LearningError) -> RowStream {
    guard let names = telling.classes, pattern.classes != names else { return self }
    return try readingTargets(as: telling) { part throws(LearningError) in
      part.classes == nil ? try part.classed(names) : try part.matched(to: names)
    }
  }
}
