import Glibc
import Synchronization

/// The five sockets of a kernel, served by one thread.
final class Sockets: @unchecked Sendable {
  private struct Listener {
    let channel: ConnectionFile.Channel
    let descriptor: Int32
    /// The file of a socket of the file system.
    let path: String?
  }

  private var listeners: [Listener] = []
  private let peers = Mutex<[Peer]>([])
  /// Written to by whoever wants the thread to look around.
  private var bell: (reading: Int32, writing: Int32) = (-1, -1)
  private let isOver = Atomic<Bool>(false)

  /// A message came; called on the thread of the sockets.
  var received: (Peer, [[UInt8]]) -> Void = { _, _ in }
  /// Somebody wants to hear of what is published.
  var subscribed: (Peer, _ prefix: [UInt8]) -> Void = { _, _ in }
  /// Called in every round, and when the bell rings.
  /// - Returns: milliseconds until the next round; nil for whenever something comes.
  var tick: () -> Int32? = { nil }

  /// - Throws: where an address cannot be listened at.
  init(_ connection: ConnectionFile) throws(KernelError) {
    for channel in ConnectionFile.Channel.allCases {
      listeners.append(try Self.listen(connection, channel))
    }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw KernelError("no pipe can be made: \(String(cString: strerror(errno)))")
    }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    bell = (ends[0], ends[1])
  }

  deinit {
    for peer in peers.withLock({ $0 }) { peer.close() }
    for listener in listeners {
      Glibc.close(listener.descriptor)
      if let path = listener.path { unlink(path) }
    }
    if bell.reading >= 0 {
      Glibc.close(bell.reading)
      Glibc.close(bell.writing)
    }
  }

  // MARK: Listening

  private static func listen(
    _ connection: ConnectionFile, _ channel: ConnectionFile.Channel
  ) throws(KernelError) -> Listener {
    let port = connection.ports[channel] ?? 0
    let isTCP = connection.transport == .tcp
    let path = isTCP ? nil : "\(connection.address)-\(port)"
    let place = path ?? "\(connection.address):\(port)"
    func failure(_ what: String) -> KernelError {
      KernelError("\(place) cannot be listened at for \(channel.rawValue): \(what)")
    }
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(isTCP ? AF_INET : AF_UNIX, kind, 0)
    guard descriptor >= 0 else { throw failure(String(cString: strerror(errno))) }
    let bound: Bool?
    if let path {
      bound = sockaddr_un(path: path).map { address in
        var address = address
        return withUnsafePointer(to: &address) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
          }
        }
      }
    } else {
      var yes: Int32 = 1
      setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
      bound = sockaddr_in(connection.address, port: UInt16(clamping: port)).map { address in
        var address = address
        return withUnsafePointer(to: &address) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
          }
        }
      }
    }
    guard bound == true, Glibc.listen(descriptor, 64) == 0 else {
      let reason = bound == nil ? "this is no address" : String(cString: strerror(errno))
      Glibc.close(descriptor)
      throw failure(reason)
    }
    return Listener(channel: channel, descriptor: descriptor, path: path)
  }

  private func accept(from listener: Listener) {
    let descriptor = Glibc.accept(listener.descriptor, nil, nil)
    guard descriptor >= 0 else { return }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var yes: Int32 = 1
    // A small answer waits for nothing; over a socket of the file system this does nothing.
    setsockopt(
      descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes,
      socklen_t(MemoryLayout<Int32>.size))
    let peer = Peer(descriptor, channel: listener.channel)
    peers.withLock { $0.append(peer) }
  }

  // MARK: Serving

  /// Serves until `end` is called.
  func serve() {
    while !isOver.load(ordering: .acquiring) {
      let wait = tick() ?? -1
      let current = peers.withLock { $0 }
      var files = [pollfd(fd: bell.reading, events: Int16(POLLIN), revents: 0)]
      files += listeners.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
      files += current.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
      guard poll(&files, nfds_t(files.count), wait) > 0 else { continue }
      if files[0].revents != 0 { drainBell() }
      for (listener, file) in zip(listeners, files[1...]) where file.revents != 0 {
        accept(from: listener)
      }
      for (peer, file) in zip(current, files[(1 + listeners.count)...]) where file.revents != 0 {
        take(from: peer)
      }
    }
  }

  private func take(from peer: Peer) {
    guard let arrivals = peer.arrivals() else {
      peers.withLock { $0.removeAll { $0 === peer } }
      return peer.close()
    }
    for arrival in arrivals {
      switch arrival {
      case .command(let name, let body):
        if let prefix = peer.answer(name, body) { subscribed(peer, prefix) }
      case .message(let parts):
        switch peer.channel {
        case .heartbeat: peer.send(parts)
        case .iopub: if let prefix = peer.takeSubscription(parts[0]) { subscribed(peer, prefix) }
        case .shell, .control, .stdin: received(peer, parts)
        }
      }
    }
  }

  /// Sends to all who have subscribed to the topic, which is the first part.
  func publish(_ parts: [[UInt8]]) {
    let topic = parts.first ?? []
    for peer in peers.withLock({ $0 })
    where peer.channel == .iopub && peer.hears(topic) {
      peer.send(parts)
    }
  }

  /// Makes the thread look around.
  func ring() {
    var byte: UInt8 = 1
    _ = write(bell.writing, &byte, 1)
  }

  private func drainBell() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(bell.reading, &bytes, bytes.count) > 0 {}
  }

  func end() {
    isOver.store(true, ordering: .releasing)
    ring()
  }
}

extension sockaddr_in {
  /// Nil where the text is no address such as 127.0.0.1, and no `*`, which is every one.
  fileprivate init?(_ text: String, port: UInt16) {
    self.init()
    sin_family = sa_family_t(AF_INET)
    sin_port = port.bigEndian
    let text = text == "*" ? "0.0.0.0" : text == "localhost" ? "127.0.0.1" : text
    guard inet_pton(AF_INET, text, &sin_addr) == 1 else { return nil }
  }
}

extension sockaddr_un {
  /// Nil where the path is too long for a socket.
  fileprivate init?(path: String) {
    self.init()
    sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let isFitting = withUnsafeMutableBytes(of: &sun_path) { room in
      guard bytes.count < room.count else { return false }
      room.copyBytes(from: bytes)
      return true
    }
    guard isFitting else { return nil }
  }
}
