import Differentiation
import Rendering
import Syntax

/// The state of a running script: its global variables, its stack and its limits.
package final class Runtime {
  /// What a run may use before it is stopped with an error.
  package struct Limits: Sendable {
    /// Calls under way at once.
    package var callDepth = 1_000
    /// Elements of one vector, matrix or data set.
    package var elements = 1 << 28
    /// Stack that calls may take: how much one takes depends on what stands in it, and running
    /// out would end the program. The thread must have more.
    package var stackBytes = 1 << 28
    /// Lists and records in each other.
    package var nesting = 1_000
    /// Bytes of one string.
    package var stringBytes = 1 << 26
    /// Bytes written to the output; nil for no limit.
    package var outputBytes: Int?
    /// The same where the output is gathered and nobody says.
    package static let gatheredBytes = 1 << 24
    /// Work: a call, a loop round and a step of a training is one step, a matrix product one for each
    /// `productSteps` multiply-adds; nil for no limit.
    package var steps: Int?
    /// Bytes of all values, nets, graphs and output together; nil for no limit.
    package var memoryBytes: Int?
    /// Seconds of a script, or of an entry of the prompt; nil for no limit.
    package var seconds: Double?

    /// Multiply-adds of a matrix product that count as a step.
    package static let productSteps = 10_000

    package init() {}
  }

  /// How often, in steps, it is looked whether the run is to end.
  static let checkInterval = 32
  private static let stackCapacity = 1 << 19

  package let session: Session
  package let limits: Limits
  package let parserLimits: ParserLimits

  package private(set) var globalNames: [String] = []
  private var globals: [String: GlobalPlace] = [:]
  /// Blocks of places that never move, so that code may keep where they are.
  private var globalBlocks: [UnsafeMutablePointer<Global>] = []
  private static let globalsInBlock = 256
  /// Functions that lost their names while calls were under way, perhaps of themselves.
  private var retired: [Value] = []

  private let stack: UnsafeMutablePointer<Value>
  /// The first free slot of the stack; all slots from here on are uninitialised.
  var top: UnsafeMutablePointer<Value>
  let stackEnd: UnsafeMutablePointer<Value>
  var depth = 0
  /// The stack must not grow below this address; set where a run begins, because each may have
  /// its own thread.
  private(set) var lowestStackAddress: UInt = 0

  /// The value of the last statement that was asked to keep one.
  var result = Value.nothing
  /// Rounds until the next check.
  var countdown = checkInterval
  /// Steps up to the last check, without those counted down since.
  private var steps = 0
  private var interval = checkInterval
  /// How often it was looked.
  private var checks = 0
  /// The host's, kept here as trainings ask it before every step.
  private let isInterrupted: () -> Bool
  /// Not 0 while a signal or a budget asks to stop.
  private let stopWord = Interruption.word
  /// When `limits.seconds` are over, by the host's clock.
  private var deadline = Double.infinity
  /// How many functions are being differentiated: then elements keep their history too.
  package var differentiating = 0
  /// How many conditions are being evaluated, and the values with a history that they compared.
  var conditionsUnderWay = 0
  var deciders: [Node] = []
  /// What catalog functions under way read as plain numbers although it remembers how it was
  /// computed.
  package var droppedHistory: [Node] = []
  /// What the script threw while a room below was at work; see `carrying`.
  var carried: Failure?
  /// How many rooms below are waiting for something of the script, as a training for what the script
  /// does after each epoch.
  var callbacks = 0

  init(session: Session, limits: Limits, parserLimits: ParserLimits) {
    self.session = session
    isInterrupted = session.host.isInterrupted
    self.parserLimits = parserLimits
    self.limits = limits
    if let most = limits.steps {
      interval = Swift.max(0, Swift.min(Self.checkInterval - 1, most)) + 1
    }
    countdown = interval
    stack = .allocate(capacity: Self.stackCapacity)
    top = stack
    stackEnd = stack + Self.stackCapacity
  }

  deinit {
    var count = globalNames.count
    for block in globalBlocks {
      block.deinitialize(count: min(count, Self.globalsInBlock))
      block.deallocate()
      count -= Self.globalsInBlock
    }
    stack.deallocate()
  }

  /// Begins to count the stack from here.
  func beginStack() {
    let address = stackAddress()
    lowestStackAddress = address - min(UInt(max(0, limits.stackBytes)), address)
  }

  /// About where the stack ends now.
  @inline(__always)
  func stackAddress() -> UInt {
    var marker: UInt8 = 0
    // Nothing is written through it: a guard against that would cost every call of a function.
    return _withUnprotectedUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
  }

  /// The place of the global `name`, made when it is not there yet.
  func place(ofGlobal name: String) -> GlobalPlace {
    if let place = globals[name] { return place }
    let offset = globalNames.count % Self.globalsInBlock
    if offset == 0 { globalBlocks.append(.allocate(capacity: Self.globalsInBlock)) }
    let place = GlobalPlace(globalBlocks[globalBlocks.count - 1] + offset)
    globalNames.append(name)
    globals[name] = place
    return place
  }

  /// The value of the global `name`, or nil where nothing is assigned to it.
  package func global(_ name: String) -> Value? {
    guard let value = globals[name]?.value else { return nil }
    if case .unassigned = value { return nil }
    return value
  }

  package func setGlobal(_ name: String, to value: Value) {
    setGlobal(at: place(ofGlobal: name), to: value)
  }

  func setGlobal(at place: GlobalPlace, to value: Value) {
    if let old = place.set(value), depth > 0 {
      retired.append(old)
    } else if depth == 0, !retired.isEmpty {
      retired = []
    }
  }

  /// Counts a loop round, and looks whether the run is to end.
  /// - Throws: where an interrupt or a limit ends the run.
  @inline(__always)
  package func countRound(at range: SourceRange) throws(Failure) {
    countdown &-= 1
    if countdown <= 0 { try check(at: range) }
  }

  /// Counts the work of a matrix product.
  /// - Throws: where it is more than the limits allow.
  package func count(multiplyAdds: Double, at range: SourceRange) throws(Failure) {
    guard limits.steps != nil else { return }
    countdown -= Int(clamped: multiplyAdds / Double(Limits.productSteps))
    if countdown <= 0 { try check(at: range) }
  }

  /// Looks whether the run is to end, at the start of what may take long: few rounds of a loop may
  /// take a minute.
  /// - Throws: where the user asked to stop, or a budget is spent.
  @inline(__always)
  package func checkInterrupt(at range: SourceRange) throws(Failure) {
    if isStopped(), callbacks == 0 || !isInterrupted() {
      throw stopFailure(at: range)
    }
  }

  /// Whether somebody asked to stop, or a budget is spent.
  package func isStopped() -> Bool {
    isInterrupted() || stopWord.pointee != 0
      || deadline < .infinity && session.host.clock() > deadline
  }

  /// The same before a step of a training, which is counted.
  package func stopsTraining() -> Bool { stopsTrainings(1) }

  /// The same before a step of several trainings at once.
  package func stopsTrainings(_ count: Int) -> Bool {
    countdown -= count
    return isStopped() || hasSpentSteps
  }

  /// How many threads may make steps: those of others would not be counted.
  package var trainingThreads: Int { limits.steps == nil ? Backends.threads : 1 }

  private var hasSpentSteps: Bool {
    limits.steps.map { steps + interval - countdown > $0 } ?? false
  }

  /// Why a run ends that is to end.
  private func stopFailure(at range: SourceRange) -> Failure {
    if isInterrupted() { return .interrupted }
    func limit(_ message: String) -> Failure {
      Failure(Diagnostic(.limit, message, at: range, label: "was running here"))
    }
    if let most = limits.steps, hasSpentSteps { return limit("stopped after \(most) steps") }
    if let seconds = limits.seconds, session.host.clock() > deadline {
      return limit("stopped after \(NumberStyle.standard.text(seconds)) seconds")
    }
    guard let most = limits.memoryBytes, stopWord.pointee != 0 else { return .interrupted }
    return limit("more than \(most) bytes of memory are in use")
  }

  /// Begins a script, or an entry of the prompt with whole budgets.
  func beginRun(isEntry: Bool) {
    Interruption.begin()
    if isEntry || deadline == .infinity, let seconds = limits.seconds {
      deadline = session.host.clock() + seconds
    }
    if isEntry { (steps, countdown) = (0, interval) }
  }

  private func check(at range: SourceRange) throws(Failure) {
    steps += interval - countdown
    interval = Self.checkInterval
    if let most = limits.steps {
      // Ends on the first step beyond the limit.
      interval = Swift.max(0, Swift.min(interval - 1, most - steps)) + 1
    }
    countdown = interval
    if let most = limits.steps, steps > most {
      throw Failure(
        Diagnostic(.limit, "stopped after \(most) steps", at: range, label: "was running here"))
    }
    if stopWord.pointee != 0 { try checkInterrupt(at: range) }
    // What asks the system is asked more rarely.
    checks &+= 1
    if checks & 0x7F == 0 {
      try charge(bytesInUse: 0, at: range)
      try checkInterrupt(at: range)
    }
  }

  /// Carries out a function of the catalog, and throws away what an interrupt or a spent budget
  /// left unfinished.
  func carryOut(
    _ function: BuiltinFunction, _ arguments: Arguments
  ) throws(Failure) -> Value {
    let value: Value
    do throws(Failure) {
      if function.traits.contains(.endsByItself) {
        value = try Interruption.held { () throws(Failure) in try function.body(arguments) }
      } else {
        value = try function.body(arguments)
      }
    } catch {
      guard error.isInterrupted || Interruption.hasCutShort else { throw error }
      throw stopFailure(at: arguments.range)
    }
    if stopWord.pointee != 0 || deadline < .infinity || limits.steps != nil {
      try checkWhatWasLeft(at: arguments.range)
    }
    return value
  }

  /// A training that Ctrl-C stopped has its run; what was cut short has nothing.
  private func checkWhatWasLeft(at range: SourceRange) throws(Failure) {
    if Interruption.hasCutShort || isStopped() && !isInterrupted() || hasSpentSteps {
      throw stopFailure(at: range)
    }
  }

  /// Refuses a value that is larger than the limits allow.
  @inline(__always)
  func checked(_ value: Value, at range: SourceRange) throws(Failure) -> Value {
    switch value {
    case .list, .record: try checkNesting(of: value, at: range)
    case .string(let text): try charge(bytes: text.utf8.count, at: range)
    default: break
    }
    return value
  }

  func checkNesting(of value: Value, at range: SourceRange) throws(Failure) {
    if value.nesting > limits.nesting {
      throw Failure(
        Diagnostic(
          .limit, "lists and records stand in each other more than \(limits.nesting) deep",
          at: range))
    }
  }

  /// Charges a string of `count` bytes.
  func charge(bytes count: Int, at range: SourceRange) throws(Failure) {
    if count > limits.stringBytes {
      throw Failure(
        Diagnostic(
          .limit, "a string of \(count) bytes is more than one may hold (\(limits.stringBytes))",
          at: range))
    }
  }

  /// Charges a vector or matrix of `count` elements before it is made.
  /// - Throws: where it is more than the limits allow.
  package func charge(elements count: Int, at range: SourceRange) throws(Failure) {
    if count > limits.elements {
      throw Failure(
        Diagnostic(
          .limit, "\(count) numbers are more than one value may hold (\(limits.elements))",
          at: range))
    }
    if count > Self.fewElements {
      try charge(bytesInUse: count * MemoryLayout<Double>.stride, at: range)
    }
  }

  /// Charges what a function needs besides its result: copies, orders, lists of pairs.
  /// - Parameter count: numbers of eight bytes.
  /// - Throws: where it is more memory than may be in use.
  package func charge(scratch count: Int, at range: SourceRange) throws(Failure) {
    guard count > Self.fewElements else { return }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: MemoryLayout<Double>.stride)
    try charge(bytesInUse: overflow ? .max : bytes, at: range)
  }

  /// Charges the memory of the process, with what will be added to it.
  private func charge(bytesInUse added: Int, at range: SourceRange) throws(Failure) {
    guard let most = limits.memoryBytes else { return }
    let (sum, overflow) = session.host.memoryInUse().addingReportingOverflow(added)
    guard overflow || sum > most else { return }
    throw Failure(
      Diagnostic(
        .limit,
        added == 0
          ? "more than \(most) bytes of memory are in use"
          : "\(added) bytes more would be more memory than may be in use (\(most) bytes)",
        at: range))
  }

  /// Charges what an operation by element makes of its operands.
  @inline(__always)
  func chargeResult(of left: Value, _ right: Value, at range: SourceRange) throws(Failure) {
    guard limits.memoryBytes != nil else { return }
    let count = Swift.max(left.shape?.count ?? 0, right.shape?.count ?? 0)
    if count > Self.fewElements {
      try charge(bytesInUse: count * MemoryLayout<Double>.stride, at: range)
    }
  }

  /// Not worth looking at the memory.
  private static let fewElements = 1 << 17

  /// Charges a matrix before it is made. A row or column of nothing counts as two numbers: whoever goes through
  /// the rows makes a value of each, which takes as much.
  /// - Throws: where it is more than the limits allow.
  package func charge(rows: Int, columns: Int, at range: SourceRange) throws(Failure) {
    let (count, overflow) = (rows == 0 ? 2 : rows)
      .multipliedReportingOverflow(by: columns == 0 ? 2 : columns)
    try charge(elements: overflow ? .max : count, at: range)
  }
}
