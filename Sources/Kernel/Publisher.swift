import Interchange
import Synchronization

/// What all front ends hear: states, inputs and outputs, in the order of events.
final class Publisher: @unchecked Sendable {
  enum Stream: String { case stdout, stderr }

  private struct Pending {
    var stream = Stream.stdout
    var text = ""
    /// The header of the request whose output it is.
    var parent: [UInt8]?
  }

  private let sockets: Sockets
  private let format: MessageFormat
  /// Text that was written and not sent: many short writes make one message.
  private let pending = Mutex(Pending())
  /// Held while something is sent, so that outputs keep their order.
  private let order = Mutex<Void>(())

  /// More than this is not kept back.
  private static let largestPending = 1 << 13
  /// Milliseconds that text is kept back at most.
  static let delay: Int32 = 30

  init(_ sockets: Sockets, _ format: MessageFormat) {
    self.sockets = sockets
    self.format = format
  }

  /// Sends a message behind the text that was written before.
  func publish(_ kind: String, _ content: JSON, parent: [UInt8]?) {
    order.withLock { _ in
      sendPending()
      send(kind, content, parent)
    }
  }

  func publish(_ kind: String, _ content: [(String, JSON)], parent: [UInt8]?) {
    publish(kind, JSON.record(content), parent: parent)
  }

  /// Says whether the kernel works on a request.
  func publish(state: String, parent: [UInt8]?) {
    publish("status", [("execution_state", .text(state))], parent: parent)
  }

  func write(_ text: String, to stream: Stream, parent: [UInt8]?) {
    guard !text.isEmpty else { return }
    let (differs, wasEmpty, isMuch) = pending.withLock { pending in
      let differs = !pending.text.isEmpty && pending.stream != stream
      if differs { return (true, false, false) }
      let wasEmpty = pending.text.isEmpty
      pending.stream = stream
      pending.parent = parent
      pending.text += text
      return (false, wasEmpty, pending.text.utf8.count > Self.largestPending)
    }
    if differs {
      flush()
      return write(text, to: stream, parent: parent)
    }
    if isMuch { flush() }
    // Somebody has to send it where nothing follows.
    if wasEmpty { sockets.ring() }
  }

  /// Sends what was written so far.
  func flush() { order.withLock { _ in sendPending() } }

  var hasPending: Bool { pending.withLock { !$0.text.isEmpty } }

  private func sendPending() {
    let text = pending.withLock { pending in
      defer { pending.text = "" }
      return pending
    }
    guard !text.text.isEmpty else { return }
    send(
      "stream",
      JSON.record([("name", .text(text.stream.rawValue)), ("text", .text(text.text))]), text.parent)
  }

  private func send(_ kind: String, _ content: JSON, _ parent: [UInt8]?) {
    sockets.publish(format.parts(kind, content, parent: parent, route: [Array(kind.utf8)]))
  }

  /// Greets somebody who has begun to listen: from now on nothing is missed.
  func welcome(_ peer: Peer, _ prefix: [UInt8]) {
    let subscription = JSON.record([
      ("subscription", .text(String(decoding: prefix, as: UTF8.self)))
    ])
    peer.send(format.parts("iopub_welcome", subscription, parent: nil, route: [prefix]))
  }
}
