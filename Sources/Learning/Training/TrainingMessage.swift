import Differentiation

/// What a rank tells the others of a training that it has made: all that they would have come to
/// themselves.
struct TrainingMessage {
  private(set) var words: [UInt64] = []
  private var place = 0

  init(_ words: [UInt64] = []) { self.words = words }

  mutating func put(_ number: Double) { words.append(number.bitPattern) }
  mutating func put(_ number: Int) { words.append(UInt64(bitPattern: Int64(number))) }

  mutating func put(_ numbers: [Double]) {
    put(numbers.count)
    for number in numbers { put(number) }
  }

  mutating func put(_ text: String) {
    put(text.utf8.count)
    for byte in text.utf8 { words.append(UInt64(byte)) }
  }

  private mutating func word() -> UInt64 {
    guard place < words.count else { return 0 }
    place += 1
    return words[place - 1]
  }

  mutating func number() -> Double { Double(bitPattern: word()) }
  mutating func wholeNumber() -> Int { Int(truncatingIfNeeded: word()) }

  /// How many things follow; none where the message is too short for them.
  mutating func count() -> Int {
    let count = wholeNumber()
    return count >= 0 && count <= words.count - place ? count : 0
  }

  mutating func numbers() -> [Double] {
    var numbers: [Double] = []
    for _ in 0..<count() { numbers.append(number()) }
    return numbers
  }

  mutating func text() -> String {
    var bytes: [UInt8] = []
    for _ in 0..<count() { bytes.append(UInt8(truncatingIfNeeded: word())) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension TrainingRun {
  private static let endings: [Ending] = [
    .allEpochs, .interrupted, .conditionMet, .nothingLeft, .noImprovement,
  ]

  /// What came of the training, with the values of the net.
  func put(into message: inout TrainingMessage) {
    for parameter in network.parameters { message.put(parameter.value.elements) }
    message.put(epochs.count)
    for epoch in epochs {
      for count in [epoch.epoch, epoch.steps] { message.put(count) }
      for number in [epoch.rate, epoch.loss, epoch.metric] { message.put(number) }
      message.put(epoch.validationLoss.map { [$0] } ?? [])
    }
    message.put(steps)
    for number in [firstLoss, lastLoss, metric, penalty] { message.put(number) }
    message.put(Self.endings.firstIndex(of: ending) ?? 0)
    message.put(bestEpoch ?? 0)
    message.put(updateRatios.count)
    for ratio in updateRatios {
      message.put(ratio.name)
      message.put(ratio.ratio)
    }
  }

  /// Takes over what came of the training elsewhere; the net gets its values.
  mutating func take(_ message: inout TrainingMessage) {
    network.setValues(
      network.parameters.map { parameter in
        let numbers = message.numbers()
        return numbers.count == parameter.value.shape.count
          ? Tensor(parameter.value.shape, numbers) : parameter.value
      })
    epochs = []
    for _ in 0..<message.count() {
      let (epoch, steps) = (message.wholeNumber(), message.wholeNumber())
      let (rate, loss, metric) = (message.number(), message.number(), message.number())
      epochs.append(
        EpochSummary(
          epoch: epoch, steps: steps, rate: rate, loss: loss,
          validationLoss: message.numbers().first, metric: metric))
    }
    steps = message.wholeNumber()
    (firstLoss, lastLoss) = (message.number(), message.number())
    (metric, penalty) = (message.number(), message.number())
    let ending = message.wholeNumber()
    self.ending = Self.endings.indices.contains(ending) ? Self.endings[ending] : .allEpochs
    let best = message.wholeNumber()
    bestEpoch = best > 0 ? best : nil
    updateRatios = []
    for _ in 0..<message.count() { updateRatios.append((message.text(), message.number())) }
  }
}
