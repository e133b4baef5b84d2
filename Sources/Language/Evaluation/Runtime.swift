import Differentiation
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
    /// Calls and loop rounds; nil for no limit.
    package var steps: Int?

    package init() {}
  }

  /// How often, in calls and loop rounds, the slow checks are made.
  static let checkInterval = 4_096
  private static let stackCapacity = 1 << 19

  package let session: Session
  package let limits: Limits
  let parserLimits: ParserLimits

  /// One slot for each global name that any code mentions.
  private(set) var globals: UnsafeMutablePointer<Value>
  /// The user's function of a global, where it is one: calls look here.
  private(set) var callables: UnsafeMutablePointer<UserFunction?>
  package private(set) var globalNames: [String] = []
  private var globalPlaces: [String: Int] = [:]
  private var globalCapacity = 256

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
  /// Rounds until the next slow check.
  var countdown = checkInterval
  /// Calls and loop rounds up to the last slow check, and those counted down since.
  private var steps = 0
  private var interval = checkInterval
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
    self.parserLimits = parserLimits
    self.limits = limits
    if let most = limits.steps { interval = Swift.max(1, Swift.min(Self.checkInterval, most + 1)) }
    countdown = interval
    globals = .allocate(capacity: globalCapacity)
    callables = .allocate(capacity: globalCapacity)
    stack = .allocate(capacity: Self.stackCapacity)
    top = stack
    stackEnd = stack + Self.stackCapacity
  }

  deinit {
    globals.deinitialize(count: globalNames.count)
    globals.deallocate()
    callables.deinitialize(count: globalNames.count)
    callables.deallocate()
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
    return withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
  }

  /// The slot of the global `name`, made when it is not there yet.
  func place(ofGlobal name: String) -> Int {
    if let place = globalPlaces[name] { return place }
    let place = globalNames.count
    if place == globalCapacity {
      globalCapacity *= 2
      globals = moved(globals, count: place)
      callables = moved(callables, count: place)
    }
    (globals + place).initialize(to: .unassigned)
    (callables + place).initialize(to: nil)
    globalNames.append(name)
    globalPlaces[name] = place
    return place
  }

  private func moved<Element>(
    _ elements: UnsafeMutablePointer<Element>, count: Int
  ) -> UnsafeMutablePointer<Element> {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: globalCapacity)
    larger.moveInitialize(from: elements, count: count)
    elements.deallocate()
    return larger
  }

  /// The value of the global `name`, or nil where nothing is assigned to it.
  package func global(_ name: String) -> Value? {
    guard let place = globalPlaces[name] else { return nil }
    if case .unassigned = globals[place] { return nil }
    return globals[place]
  }

  package func setGlobal(_ name: String, to value: Value) {
    setGlobal(at: place(ofGlobal: name), to: value)
  }

  func setGlobal(at place: Int, to value: Value) {
    globals[place] = value
    if case .function(let function) = value, case .user(let user) = function.body {
      callables[place] = user
    } else {
      callables[place] = nil
    }
  }

  /// Counts a loop round; every so often looks for an interrupt and the limits.
  /// - Throws: where an interrupt or the limit of steps ends the run.
  @inline(__always)
  package func countRound(at range: SourceRange) throws(Failure) {
    countdown &-= 1
    if countdown <= 0 { try check(at: range) }
  }

  /// Looks for an interrupt at the start of what may take long: few rounds of a loop may take a
  /// minute.
  /// - Throws: where the user asked to stop.
  @inline(__always)
  func checkInterrupt() throws(Failure) {
    if session.host.isInterrupted(), callbacks == 0 { throw .interrupted }
  }

  private func check(at range: SourceRange) throws(Failure) {
    steps += interval
    interval = Self.checkInterval
    if let most = limits.steps {
      // Ends on the first step beyond the limit.
      interval = Swift.max(1, Swift.min(interval, most &+ 1 - steps))
    }
    countdown = interval
    if session.host.isInterrupted() { throw .interrupted }
    if let most = limits.steps, steps > most {
      throw Failure(
        Diagnostic(.limit, "stopped after \(most) steps", at: range, label: "was running here"))
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
  }

  /// Charges a matrix before it is made. A row or column of nothing counts as two numbers: whoever goes through
  /// the rows makes a value of each, which takes as much.
  /// - Throws: where it is more than the limits allow.
  package func charge(rows: Int, columns: Int, at range: SourceRange) throws(Failure) {
    let (count, overflow) = (rows == 0 ? 2 : rows)
      .multipliedReportingOverflow(by: columns == 0 ? 2 : columns)
    try charge(elements: overflow ? .max : count, at: range)
  }
}
