import Glibc
import Language
import Testing

@testable import Grading

/// The keys that quizzes are tried with: a forward pass, a gradient and a net with softmax.
enum QuizKeys {
  static let gradient = """
    variant w5 = 0.1..0.9 by 0.1, h = [0.2, 0.4, 0.6, 0.8], t = [0.05, 0.95]
    exercise "Output weight" {
      task "An output o = sigmoid($w_5$·h) has the weight $w_5$ = {w5}, h = {h} and the target t = {t}."
      answer o "the output" points=1 digits=4
      answer g "∂E/∂w5" points=3
      E = 1/2*(t - sigmoid(w5*h))^2
      check o ≈ sigmoid(w5*h), "the output"
      check g ≈ grad E w5, "the gradient"
    }
    """
  static let softmax = """
    variant x1 = 0.1..0.9 by 0.2, x2 = [1, 2, 3]
    net = mlp [2,3] softmax init=zeros
    net.W1 = [0.1,0.4; -0.3,0.2; 0.5,-0.6]
    net.b1 = [0.1, 0.2, -0.1]
    exercise "Softmax" points=6 {
      task "A net with softmax sees x = [{x1}, {x2}]. Compute its net inputs and its outputs."
      answer a "the net inputs" digits=4
      answer p "the outputs" digits=4
      show net
      check a ≈ net.W1 @ [x1, x2] + net.b1, "the net inputs"
      check p ≈ softmax(a), "the outputs"
    }
    """
  static let all = [forwardKey, gradient, softmax]
}

@Suite struct QuizTests {
  private func answers(_ part: Quiz.Part) -> [QuizAnswer] {
    var quiz = Quiz(name: "key")
    return part.answers(&quiz, MoodleFractions.text)
  }

  /// What a platform that takes the first number that agrees makes of an answer.
  private func judged(_ number: Double, _ part: Quiz.Part) -> QuizAnswer? {
    answers(part).first { answer in
      guard let value = Double(answer.value), let tolerance = Double(answer.tolerance) else {
        return false
      }
      return abs(number - value) <= tolerance
    }
  }

  @Test(arguments: QuizKeys.all)
  func theRightNumberEarnsAllPointsHoweverItIsRounded(key: String) throws {
    for exercise in try grader(key).quiz(variants: 6).exercises {
      for part in exercise.variants.flatMap({ $0.parts }) {
        let first = answers(part)[0]
        #expect(first.share == "100")
        #expect(abs((Double(first.value) ?? .nan) - part.right) < 1e-9)
        // As it is asked for, and with every number of digits beyond.
        for digits in part.digits...12 {
          let typed = QuizNumber.rounded(part.right, digits: digits)
          #expect(judged(typed, part)?.share == "100", "\(part.name): \(typed)")
        }
      }
    }
  }

  @Test(arguments: QuizKeys.all)
  func everyMisconceptionHasItsSentenceAndNoneIsTakenForRight(key: String) throws {
    let grader = try grader(key)
    let quiz = try grader.quiz(variants: 6)
    #expect(quiz.notes == [])
    var count = 0
    for variant in quiz.exercises.flatMap({ $0.variants }) {
      let form = try grader.form(of: variant.id)
      for part in variant.parts {
        for wrong in form.wrongAnswers(of: part.answer) {
          let value = wrong.value.elements[part.element]
          guard !QuizNumber.areSame(value, part.right),
            !part.rounded.contains(where: { QuizNumber.areSame($0.value, value) })
          else { continue }
          let answer = judged(value, part)
          #expect(answer?.share == "0", "\(part.name): \(wrong.description)")
          #expect(
            answer?.sentence.contains(wrong.description) == true,
            "\(part.name) = \(value): \(wrong.description), not \(answer?.sentence ?? "nothing")")
          count += 1
        }
      }
    }
    #expect(count > 60)
  }

  @Test func aRightNumberWithFewerDigitsEarnsWhatIsSaid() throws {
    let quiz = try grader(QuizKeys.gradient).quiz(variants: 8)
    var count = 0
    for part in quiz.exercises.flatMap({ $0.variants }).flatMap({ $0.parts }) {
      for rounded in part.rounded {
        #expect(judged(rounded.value, part)?.share == "50")
        count += 1
      }
    }
    #expect(count > 8)
  }

  @Test func variantsHaveNumbersOfTheirOwn() throws {
    let quiz = try grader(forwardKey).quiz(variants: 5)
    let tasks = quiz.exercises[0].variants.map { $0.tasks }
    #expect(tasks.count == 5 && Set(tasks).count == 5)
    // There are 9 weights and 3 inputs, and some draws make a slip look right.
    let all = try grader(forwardKey).quiz(variants: 40)
    #expect(all.variantCount <= 27)
    #expect(all.notes.contains { $0.hasPrefix("Only ") })
  }

  @Test func aKeyWithoutVariantHasOneForm() throws {
    let key = "exercise \"Sum\" { task \"1 + 2 = ?\"; answer s; check s ≈ 1 + 2, \"the sum\" }"
    #expect(try grader(key).quiz(variants: nil).variantCount == 1)
    do {
      _ = try grader(key).quiz(variants: 5)
      Issue.record("variants of a key without variant")
    } catch let error as ExerciseKey.Failure {
      #expect(error.text(.plain).contains("the key has no variant"))
      #expect(error.text(.plain).contains("leave --variants out"))
    }
  }

  @Test func followOnsAreFormulasOfWhatWasEntered() throws {
    let part = try grader(forwardKey).quiz(variants: 1).exercises[0].variants[0].parts[1]
    #expect(part.follows?.parts == ["z"])
    let text = part.follows?.pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .part(let name): name
      case .number(let place): "#\(place)"
      }
    }.joined()
    #expect(text == "(1.0/(1.0+exp((-z))))")
    let outputs = try grader(QuizKeys.softmax).quiz(variants: 1).exercises[0].variants[0].parts
    #expect(outputs[4].follows?.parts.sorted() == ["a[1]", "a[2]", "a[3]"])
    // A gradient depends on no other answer.
    let gradient = try grader(QuizKeys.gradient).quiz(variants: 1).exercises[0].variants[0]
    #expect(gradient.parts.allSatisfy { $0.follows == nil })
  }

  @Test func answersOfOtherExercisesAreNoted() throws {
    let key = """
      variant w = [0.2, 0.3, 0.4]
      exercise "First" { task "z?"; answer z; check z ≈ 2*w, "z" }
      exercise "Second" { task "y?"; answer y; check y ≈ 5*z, "y" }
      """
    var quiz = try grader(key).quiz(variants: 2)
    _ = QuizFormat.stack.write(&quiz)
    #expect(quiz.notes.contains { $0.contains("y follows from z of another exercise") })
  }

  @Test func seedsChooseEveryVariant() {
    // What Maxima 5.46 prints for make_random_state(s) and random(50), s from 2 to 12.
    let printed = [48, 36, 30, 11, 30, 15, 23, 20, 37, 41, 13]
    #expect((2...12).map { MaximaText.random(below: 50, seed: $0) } == printed)
    for count in [1, 2, 50, 200] {
      let seeds = MaximaText.seeds(choosingEachOf: count)
      #expect(seeds.count == count)
      #expect(
        seeds.map { MaximaText.random(below: count, seed: $0) } == Array(0..<count))
    }
  }

  @Test func halfUnitsFollowTheDigits() {
    #expect(QuizNumber.halfUnit(0.6225, digits: 3) == 0.0005)
    #expect(QuizNumber.halfUnit(-12.3, digits: 3) == 0.05)
    #expect(QuizNumber.halfUnit(1, digits: 1) == 0.5)
    #expect(QuizNumber.halfUnit(0.3 * 3 + 0.1, digits: 4) == 0.0005)
    #expect(QuizNumber.halfUnit(0, digits: 3) == QuizNumber.sameShare)
    #expect(QuizNumber.text(0.000015) == "0.000015")
    #expect(QuizNumber.text(-5) == "-5")
    #expect(QuizNumber.text(1e-20) == "0")
  }

  @Test func namesAndFormulasAreSetInTeX() throws {
    var quiz = try grader(QuizKeys.gradient).quiz(variants: 1)
    let text = QuizFormat.moodle.write(&quiz)
    #expect(text.contains("\\(w_5\\)·\\(h\\)"))
    #expect(text.contains("\\(\\partial E/\\partial w_{5}\\)"))
    var softmax = try grader(QuizKeys.softmax).quiz(variants: 2)
    let stack = QuizFormat.stack.write(&softmax)
    #expect(stack.contains("\\({p}_{2}\\)"))
    #expect(stack.contains("<file name=\"picture1-2.svg\""))
  }

  @Test func aSlipIsWorthWhatIsAskedFor() throws {
    var quiz = try grader(forwardKey).quiz(variants: 1, misconceptionShare: 0.33)
    let moodle = QuizFormat.moodle.write(&quiz)
    #expect(moodle.contains("fraction=\"33.33333\""))
    #expect(quiz.notes.contains { $0.contains("Moodle knows no share of 0.33") })
    let cloze = QuizFormat.cloze.write(&quiz)
    #expect(cloze.contains("~%33.33333%"))
  }

  @Test func wholePointsAreFoundForParts() {
    #expect(QuizFormat.weights([1, 2]).weights == [1, 2])
    #expect(QuizFormat.weights([0.5, 1]).weights == [1, 2])
    #expect(QuizFormat.weights([1.0 / 3, 1]).weights == [1, 3])
  }
}
