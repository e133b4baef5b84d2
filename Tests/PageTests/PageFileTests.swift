import PageFile
import Testing

@Suite struct PageFileTests {
  private func page(_ script: PageFile.Script?, isCompressed: Bool = false) -> String {
    let file = PageFile(engine: [0, 97, 115, 109], isCompressed: isCompressed, script: script)
    return String(decoding: file.bytes, as: UTF8.self)
  }

  @Test func theEngineIsInThePage() {
    #expect(page(nil).contains("data-compression=\"none\">AGFzbQ==</script>"))
    #expect(page(nil, isCompressed: true).contains("data-compression=\"gzip\""))
    #expect(page(nil).contains("<script type=\"application/json\" id=\"script\">null</script>"))
  }

  @Test func noPlaceOfTheTemplateIsLeftOpen() {
    let text = page(nil)
    for place in ["style", "program", "worker", "engine", "compression", "script"] {
      #expect(!text.contains("{{\(place)}}"))
    }
    #expect(text.hasSuffix("</html>\n"))
    for part in ["class Client", "class State", "class Why", "class Task", "openPage", "--ground"] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test(arguments: ["</script><script>alert(1)</script>", "<!--", "\"\\\u{2028}\u{1}"])
  func aScriptStaysAText(hostile: String) {
    let plain = page(PageFile.Script(name: "a.bp", text: "print 1"))
    let text = page(PageFile.Script(name: hostile, text: hostile))
    #expect(text.ranges(of: "<script").count == plain.ranges(of: "<script").count)
    #expect(text.ranges(of: "</script").count == plain.ranges(of: "</script").count)
    #expect(!text.contains("\u{2028}"))
  }

  @Test func thePageAsksNothingOfTheNetwork() {
    let text = page(nil)
    #expect(text.contains("default-src 'none'"))
    for word in ["http://", "https://", "fetch(", "XMLHttpRequest", "import("] {
      #expect(!text.contains(word), "\(word)")
    }
  }
}
