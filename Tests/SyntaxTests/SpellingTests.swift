import Testing

@testable import Syntax

@Suite struct SpellingTests {
  @Test(
    "The nearest word is one with other capitals, else the least edited, else the only longer one")
  func nearest() {
    let words = ["train", "split", "sigmoid", "softmax", "e", "PI", "tanh_half"]
    for (word, expected) in [
      ("trian", "train"), ("Train", "train"), ("sigmod", "sigmoid"), ("sigmiod", "sigmoid"),
      ("softmaks", "softmax"), ("pi", "PI"), ("tanh", "tanh_half"), ("trn", nil), ("trai", "train"),
      ("x", nil), ("", nil), ("tanhhalf", "tanh_half"), ("strain", "train"), ("banana", nil),
    ] as [(String, String?)] {
      #expect(Spelling.nearest(to: word, in: words) == expected, "\(word)")
    }
    #expect(Spelling.nearest(to: "train", in: ["train"]) == nil)
    #expect(Spelling.nearest(to: "abc", in: ["abcd", "abc2"]) == "abcd")
    #expect(Spelling.nearest(to: "drop", in: ["bias", "dropout"]) == "dropout")
    #expect(Spelling.nearest(to: "val", in: ["valid", "values"]) == nil)
    #expect(Spelling.nearest(to: String(repeating: "a", count: 100_000), in: words) == nil)
  }

  @Test("The distance counts insertions, deletions, substitutions and swaps of neighbours")
  func distance() {
    for (first, second, expected) in [
      ("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("ab", "ba", 1), ("abcd", "acbd", 1),
      // The restricted distance edits no stretch twice: 3 where the full one is 2.
      ("ca", "abc", 3), ("a cat", "an act", 2),
    ] {
      #expect(Spelling.distance(Array(first), Array(second)) == expected)
      #expect(Spelling.distance(Array(second), Array(first)) == expected)
    }
  }

  @Test("Another letter in a short word is another word, unless the keys are neighbours")
  func shortWords() {
    for (word, other) in [
      ("man", "tan"), ("doc", "dot"), ("pip", "zip"), ("sgd", "std"), ("read", "head"),
      ("ls", "ln"), ("net", "det"),
    ] {
      #expect(Spelling.nearest(to: word, in: [other]) == nil, "\(word)")
    }
    for (word, meant) in [
      ("sun", "sum"), ("prnt", "print"), ("maen", "mean"), ("lod", "load"), ("normm", "norm"),
    ] {
      #expect(Spelling.nearest(to: word, in: [meant]) == meant, "\(word)")
    }
  }

  @Test("A longer word may be a known one with more behind it")
  func longerWords() {
    #expect(Spelling.nearest(to: "validation", in: ["valid", "values"]) == "valid")
    #expect(Spelling.nearest(to: "logistic", in: ["log"]) == nil)
  }
}
