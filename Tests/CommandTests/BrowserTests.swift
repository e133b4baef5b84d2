import Foundation
import Testing

/// The pages that bp writes, loaded in a real browser. Without one these tests say that they were
/// skipped: `apt-get install chromium` brings one.
@Suite(.serialized, .enabled(if: Browser.path != nil, "no chromium is installed"))
struct BrowserTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  @Test(arguments: ["light", "dark"])
  func `a report loads without errors, asks nobody for anything and shows something`(
    theme: String
  ) throws {
    let result = try Program.run(
      "-e",
      """
      net = mlp [2,4,1] tanh sigmoid
      run = train net circles epochs=20 valid=0.2 quiet=true
      report net circles to="report.html" theme=\(theme)
      """, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    // Files beside it stand in no record of requests.
    let text = try folder.text(of: "report.html")
    #expect(!text.contains("src=") && !text.replacing("href=\"data:", with: "").contains("href="))
    let visit = try Browser.visit("report.html", in: folder)
    #expect(visit.complaints == [])
    #expect(visit.requests == [])
    let ground = visit.screenshot.first
    #expect(ground.map { theme == "light" ? $0 > 200 : $0 < 60 } == true)
    // A heading, lines of text, nets, curves and maps cover a good part of the window.
    let covered = visit.screenshot.filter { $0 != ground }.count
    #expect(Double(covered) > 0.2 * Double(visit.screenshot.count))
    #expect(Set(visit.screenshot).count > 64)
  }

  @Test(arguments: [
    "<script>console.error('no')</script>", "<script>missing()</script>",
    "<img src=\"http://127.0.0.1:9/x.png\">",
    "<link rel=stylesheet href=\"http://127.0.0.1:9/x.css\">",
  ])
  func `a page with a fault is told from one without`(fault: String) throws {
    try folder.write("<!DOCTYPE html><title>x</title>\(fault)", to: "page.html")
    let visit = try Browser.visit("page.html", in: folder)
    #expect(!visit.complaints.isEmpty || !visit.requests.isEmpty)
    #expect(Set(visit.screenshot).count == 1 || fault.hasPrefix("<img"))
  }
}

/// Chromium without a window.
private enum Browser {
  struct Visit {
    /// What the page wrote to the console, errors of the browser included.
    var complaints: [String]
    /// Addresses that were asked for.
    var requests: [String]
    /// The brightness of every pixel.
    var screenshot: [UInt8]
  }

  static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  static func visit(_ page: String, in folder: Folder) throws -> Visit {
    let process = Process()
    process.executableURL = URL(filePath: try #require(path))
    let place = folder.url
    process.arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
      "--disable-background-networking", "--disable-component-update", "--no-first-run",
      // Nothing leaves the runtime, not even what the browser asks for itself.
      "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--hide-scrollbars",
      "--window-size=900,1000", "--enable-logging=stderr",
      "--user-data-dir=\(place.path)/profile", "--log-net-log=\(place.path)/net.json",
      "--screenshot=\(place.path)/shot.png", "file://\(place.path)/\(page)",
    ]
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let log = String(
      decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    let image = try PNGImage(Data(contentsOf: place.appending(path: "shot.png")))
    return Visit(
      complaints: log.split(separator: "\n").filter { $0.contains("CONSOLE") }.map(String.init),
      requests: try requests(in: Data(contentsOf: place.appending(path: "net.json"))),
      screenshot: image.pixels.map { UInt8((Int($0.0) + Int($0.1) + Int($0.2)) / 3) })
  }

  /// The addresses on the net that were asked for, from the browser's own record, without those
  /// that it asks for by itself.
  private static func requests(in log: Data) throws -> [String] {
    let record = try JSONSerialization.jsonObject(with: log) as? [String: Any]
    let events = record?["events"] as? [[String: Any]] ?? []
    let addresses = events.compactMap { event in
      (event["params"] as? [String: Any])?["url"] as? String
    }
    let own = ["google.com", "googleapis.com", "gvt1.com", "gstatic.com"]
    return Set(addresses).filter { address in
      guard let host = URL(string: address)?.host else { return false }
      return !own.contains { host.hasSuffix($0) }
    }.sorted()
  }
}
