import Syntax

/// A global variable.
struct Global {
  var value = Value.unassigned
  /// The user's function that the value is, if it is one: calls look here, and count no references.
  var callable: Unmanaged<UserFunction>?
}

/// Where a global variable is, for as long as the runtime is there.
struct GlobalPlace {
  private let global: UnsafeMutablePointer<Global>

  /// - Parameter room: for a variable, with nothing in it yet.
  init(_ room: UnsafeMutablePointer<Global>) {
    room.initialize(to: Global())
    global = room
  }

  /// Where its value is: the first member of a structure lies where the structure does.
  @inline(__always)
  var address: UnsafeMutablePointer<Value> {
    UnsafeMutableRawPointer(global).assumingMemoryBound(to: Value.self)
  }

  @inline(__always)
  var value: Value { address.pointee }

  @inline(__always)
  var callable: Unmanaged<UserFunction>? { global.pointee.callable }

  /// - Returns: the value before, where it was a user's function, which may be running.
  func set(_ value: Value) -> Value? {
    let old = global.pointee.callable == nil ? nil : global.pointee.value
    global.pointee.value = value
    if case .function(let function) = value, case .user(let user) = function.body {
      global.pointee.callable = .passUnretained(user)
    } else {
      global.pointee.callable = nil
    }
    return old
  }
}

/// Where a variable or a literal is: in a slot of the function at hand, or where it always is.
struct ValuePlace {
  /// All ones for a slot, so that one sum gives either without a choice: this is read for every
  /// number that is read.
  private let mask: UInt
  private let offset: UInt

  init(slot: Int) {
    (mask, offset) = (.max, UInt(bitPattern: slot &* MemoryLayout<Value>.stride))
  }

  init(at address: UnsafeMutablePointer<Value>) { (mask, offset) = (0, UInt(bitPattern: address)) }

  /// A place that holds no number, for what has to be evaluated.
  static let nowhere: ValuePlace = {
    let address = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    address.initialize(to: .unassigned)
    return ValuePlace(at: address)
  }()

  @inline(__always)
  func address(_ slots: Slots) -> UnsafeMutablePointer<Value> {
    // Never nil, and asking would cost every number that is read.
    UnsafeMutablePointer(bitPattern: UInt(bitPattern: slots) & mask &+ offset).unsafelyUnwrapped
  }

  /// The number that is there, if it is one.
  @inline(__always)
  func number(_ slots: Slots) -> Double? {
    if case .number(let number) = address(slots).pointee { number } else { nil }
  }

  /// Puts a number in the place of a number: nothing is released, and nothing is to be said.
  /// - Returns: whether there was one.
  @inline(__always)
  func replaceNumber(_ number: Double, _ slots: Slots) -> Bool {
    let address = address(slots)
    guard case .number = address.pointee else { return false }
    address.initialize(to: .number(number))
    return true
  }
}

/// A part of an expression, whose value is taken without a call where it is a literal or a number
/// in a variable: that is what most operands of a loop are.
struct Operand {
  let code: Code
  let place: ValuePlace

  init(_ code: Code) {
    self.code = code
    place = code.valuePlace ?? .nowhere
  }

  var range: SourceRange { code.range }
  var variableName: String? { code.variableName }

  /// The number, where nothing is to be evaluated for it.
  @inline(__always)
  func number(_ slots: Slots) -> Double? { place.number(slots) }

  /// The value of a variable that is no cell; that of an unassigned one for anything else.
  func variable(_ slots: Slots) -> Value { place.address(slots).pointee }

  @inline(__always)
  func evaluate(_ slots: Slots, _ runtime: Runtime) throws(Failure) -> Value {
    if let number = number(slots) { return .number(number) }
    return try code.evaluate(slots, runtime)
  }
}

/// A comparison of two numbers that stand in variables or literals: whether it holds, without a call.
struct NumberTest {
  /// How two numbers can lie to each other.
  private struct Order: OptionSet {
    let rawValue: UInt8

    static let less = Order(rawValue: 1)
    static let equal = Order(rawValue: 2)
    static let greater = Order(rawValue: 4)
    /// One of them is none.
    static let unordered = Order(rawValue: 8)
  }

  private let left: ValuePlace
  private let right: ValuePlace
  /// The orders for which it holds.
  private let accepted: Order

  /// One that finds no numbers.
  static var never: NumberTest {
    NumberTest(left: .nowhere, right: .nowhere, accepted: [])
  }

  private init(left: ValuePlace, right: ValuePlace, accepted: Order) {
    (self.left, self.right, self.accepted) = (left, right, accepted)
  }

  /// Nil for what is no matter of order.
  init?(_ operation: ComparisonOperator, _ left: Operand, _ right: Operand) {
    switch operation {
    case .less: accepted = .less
    case .lessOrEqual: accepted = [.less, .equal]
    case .greater: accepted = .greater
    case .greaterOrEqual: accepted = [.greater, .equal]
    case .equal: accepted = .equal
    case .unequal: accepted = [.less, .greater, .unordered]
    case .close: return nil
    }
    (self.left, self.right) = (left.place, right.place)
  }

  /// Nil where something is to be evaluated, or is no number.
  @inline(__always)
  func direct(_ slots: Slots) -> Bool? {
    guard let x = left.number(slots), let y = right.number(slots) else { return nil }
    return holds(x, y)
  }

  /// Looking how the numbers lie costs less than choosing by the operator first.
  @inline(__always)
  func holds(_ x: Double, _ y: Double) -> Bool {
    if x < y { return accepted.contains(.less) }
    if x > y { return accepted.contains(.greater) }
    return accepted.contains(x == y ? .equal : .unordered)
  }
}
