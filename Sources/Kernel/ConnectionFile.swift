import Interchange

/// What Jupyter tells a kernel about where it listens and how messages are signed.
package struct ConnectionFile {
  /// One of the sockets of a kernel.
  enum Channel: String, CaseIterable {
    case shell, control, iopub, stdin
    case heartbeat = "hb"
  }

  enum Transport: String {
    case tcp
    /// Sockets of the file system; `ip` is the beginning of their paths.
    case ipc
  }

  let transport: Transport
  let address: String
  let ports: [Channel: Int]
  /// Empty where messages are not signed.
  let key: [UInt8]

  /// - Throws: where something is missing or unknown.
  package init(_ bytes: [UInt8]) throws(KernelError) {
    let file: JSON
    do { file = try JSON.parse(bytes) } catch {
      throw KernelError("the connection file is no JSON: \(error.message)")
    }
    let transport = file["transport"]?.text ?? "tcp"
    guard let known = Transport(rawValue: transport) else {
      throw KernelError("the connection file asks for the transport \(transport), not tcp or ipc")
    }
    self.transport = known
    address = file["ip"]?.text ?? "127.0.0.1"
    var ports: [Channel: Int] = [:]
    for channel in Channel.allCases {
      let name = "\(channel.rawValue)_port"
      guard let port = file[name]?.number.flatMap({ Int(exactly: $0) }), (0...65_535).contains(port)
      else { throw KernelError("the connection file names no \(name)") }
      ports[channel] = port
    }
    self.ports = ports
    let scheme = file["signature_scheme"]?.text ?? "hmac-sha256"
    guard scheme == "hmac-sha256" || scheme.isEmpty else {
      throw KernelError("messages signed by \(scheme) cannot be read, only by hmac-sha256")
    }
    key = Array((file["key"]?.text ?? "").utf8)
  }
}

/// Why a kernel cannot be started.
package struct KernelError: Error {
  package let message: String

  init(_ message: String) { self.message = message }
}
