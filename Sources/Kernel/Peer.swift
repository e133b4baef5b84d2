import Glibc
import Synchronization

/// One connection of a front end.
final class Peer: @unchecked Sendable {
  let channel: ConnectionFile.Channel
  private let subscriptions = Mutex<[[UInt8]]>([])
  private var reader = Frames.Reader()
  /// The file of the connection, held while something is written; -1 once it is closed.
  private let output: Mutex<Int32>
  private let isReady = Atomic<Bool>(false)
  /// For the thread of the sockets, which alone closes it.
  let descriptor: Int32

  private static let sendFlags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
  /// How long a front end that reads nothing is waited for.
  private static let patience: Int32 = 5_000

  init(_ descriptor: Int32, channel: ConnectionFile.Channel) {
    self.channel = channel
    self.descriptor = descriptor
    output = Mutex(descriptor)
    write(Frames.greeting)
  }

  // MARK: Reading

  /// What can be read now.
  /// - Returns: nil where the connection is over.
  func arrivals() -> [Frames.Arrival]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
    if count < 0, [EAGAIN, EINTR].contains(errno) { return [] }
    guard count > 0 else { return nil }
    reader.add(buffer[..<count])
    var found: [Frames.Arrival] = []
    do throws(Frames.Violation) {
      while let arrival = try reader.next() { found.append(arrival) }
    } catch { return nil }
    return found
  }

  /// Answers what belongs to the transport itself.
  /// - Returns: a new subscription, where the command is one.
  func answer(_ command: String, _ body: [UInt8]) -> [UInt8]? {
    switch command {
    case "READY":
      write(Frames.ready(Self.kind(of: channel)))
      isReady.store(true, ordering: .releasing)
    case "PING": write(Frames.command("PONG", Array(body.dropFirst(2))))
    case "SUBSCRIBE":
      subscriptions.withLock { $0.append(body) }
      return body
    case "CANCEL": cancel(body)
    default: break
    }
    return nil
  }

  /// What a publisher gets as a message: 1 and a prefix subscribes, 0 ends that.
  func takeSubscription(_ message: [UInt8]) -> [UInt8]? {
    switch message.first {
    case 1: return answer("SUBSCRIBE", Array(message.dropFirst()))
    case 0: cancel(Array(message.dropFirst()))
    default: break
    }
    return nil
  }

  private func cancel(_ prefix: [UInt8]) {
    subscriptions.withLock { all in
      if let place = all.firstIndex(of: prefix) { all.remove(at: place) }
    }
  }

  func hears(_ topic: [UInt8]) -> Bool {
    subscriptions.withLock { $0.contains { topic.starts(with: $0) } }
  }

  private static func kind(of channel: ConnectionFile.Channel) -> String {
    switch channel {
    case .shell, .control, .stdin: "ROUTER"
    case .iopub: "XPUB"
    case .heartbeat: "REP"
    }
  }

  // MARK: Writing

  func send(_ parts: [[UInt8]]) {
    if isReady.load(ordering: .acquiring) { write(Frames.message(parts)) }
  }

  private func write(_ bytes: [UInt8]) {
    output.withLock { descriptor in
      var start = 0
      while start < bytes.count, descriptor >= 0 {
        let sent = bytes.withUnsafeBytes { buffer in
          buffer.baseAddress.map {
            Glibc.send(
              descriptor, $0 + start, bytes.count - start,
              Self.sendFlags)
          } ?? -1
        }
        if sent >= 0 {
          start += sent
        } else if errno == EAGAIN {
          var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          if poll(&wait, 1, Self.patience) == 0 { hangUp(&descriptor) }
        } else if errno != EINTR {
          hangUp(&descriptor)
        }
      }
    }
  }

  /// The thread of the sockets sees the end and closes the file.
  private func hangUp(_ descriptor: inout Int32) {
    shutdown(descriptor, Int32(SHUT_RDWR))
    descriptor = -1
  }

  func close() {
    output.withLock { $0 = -1 }
    Glibc.close(descriptor)
  }
}
