import Interchange

/// `kernel.json`, which tells Jupyter how the kernel is started.
package enum KernelSpecification {
  /// - Parameter program: the path of bp.
  package static func text(program: String) -> String {
    let json = JSON.record([
      (
        "argv", .list([.text(program), .text("kernel"), .text("{connection_file}")])
      ),
      ("display_name", .text("bp")), ("language", .text("bplang")),
      ("interrupt_mode", .text("signal")), ("metadata", .record([("debugger", .truth(false))])),
    ])
    return String(decoding: (try? json.bytes(indent: 2)) ?? [], as: UTF8.self) + "\n"
  }
}
