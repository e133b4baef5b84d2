"""Reads quizzes as the platforms do, after the published source of their importers.

    python3 quizzes.py FOLDER

The folder has moodle.xml, cloze.xml, stack.xml and quiz.txt of one quiz, and expected.json. quiz.txt is
read with text2qti where that is installed. Ends with 1 and what is wrong, or writes how many were read.
"""

import html
import html.parser
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

# Moodle: question/engine/bank.php, the shares that an import accepts.
FRACTIONS = [
    1, 0.9, 0.8333333, 0.8, 0.75, 0.7, 0.6666667, 0.6, 0.5, 0.4, 0.3333333, 0.3, 0.25, 0.2, 0.1666667,
    0.1428571, 0.125, 0.1111111, 0.1, 0.05, 0,
]

# Moodle: question/type/multianswer/questiontype.php.
FRACTION = r"=|%(-?[0-9]+(?:[.,][0-9]*)?)%"
ANSWER = r".+?(?<!\\|&)(?<!&amp;)(?=[~#}]|$)"
FEEDBACK = r".*?(?<!\\)(?=[~}]|$)"
ALTERNATIVE = f"({FRACTION})?({ANSWER})(#({FEEDBACK}))?"
KIND = (
    "NUMERICAL|NM|MULTICHOICE|MC|MULTICHOICE_V|MCV|MULTICHOICE_H|MCH|SHORTANSWER|SA|MW|"
    "SHORTANSWER_C|SAC|MWC|MULTIRESPONSE|MR"
)
EMBEDDED = re.compile(r"\{([0-9]*):(" + KIND + r"):(" + ALTERNATIVE + "(~" + ALTERNATIVE + r")*)\}", re.S)
NUMBER = r"-?(([0-9]+[.,]?[0-9]*|[.,][0-9]+)([eE][-+]?[0-9]+)?)"
NUMERICAL = re.compile(f"^({NUMBER})(:{NUMBER})?$")

JOINER = "\u2060"


class Failure(Exception):
    pass


class PlainText(html.parser.HTMLParser):
    """The text of HTML; tags other than those that a quiz writes are an error."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.text = ""

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "img" and "data-equation-content" in attributes:
            self.text += f"\\({attributes['data-equation-content']}\\)"
        elif tag not in ("p", "br", "ol", "li", "ul") or attributes:
            raise Failure(f"a tag came through: {tag} {attributes}")
        else:
            self.text += " "

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise Failure(f"a comment came through: {data}")

    def handle_decl(self, data):
        raise Failure(f"a declaration came through: {data}")

    unknown_decl = handle_pi = handle_decl


def plain(markup, formulas=None):
    """The text that a browser shows; a formula filter sees no formula beyond those that are expected."""
    reader = PlainText()
    reader.feed(markup)
    reader.close()
    text = reader.text
    if formulas is not None:
        found = len(re.findall(r"\\\(", text))
        if found != formulas or "\\[" in text or "$$" in text:
            raise Failure(f"{found} formulas, {formulas} are expected: {text!r}")
    return " ".join(text.replace(JOINER, "").split())


def same(found, expected, what):
    if found != expected:
        raise Failure(f"{what}:\n  found    {found!r}\n  expected {expected!r}")


def formulas(texts):
    return sum(text.count("\x00") for text in texts)


def words(text):
    """An expected text; a formula stands between NUL and SOH."""
    return " ".join(text.replace("\x00", "\\(").replace("\x01", "\\)").split())


def line_of(part):
    return part["symbol"] + (", " + part["description"] if part["description"].split() else "") + (
        f" (to {part['digits']} digits):")


def judge(number, answers):
    """The first answer that agrees, as qtype_numerical looks for it."""
    for value, tolerance, share, feedback in answers:
        epsilon = 1e-14
        room = tolerance + epsilon * max(abs(tolerance), abs(value), epsilon)
        if value - room <= number <= value + room:
            return share, feedback
    return 0, ""


def check_answers(part, answers, what):
    """The right number, typed with any number of digits, and every slip."""
    for share in (answer[2] for answer in answers):
        if min(abs(share - known) for known in FRACTIONS) > 1e-5:
            raise Failure(f"{what}: Moodle has no share {share}")
    for digits in range(part["digits"], 12):
        share, _ = judge(float(f"%.{digits}g" % part["right"]), answers)
        same(share, 1, f"{what}, the right number to {digits} digits")
    for wrong in part["wrong"]:
        share, feedback = judge(wrong["value"], answers)
        same(share, 0, f"{what}, {wrong['value']}")
        same(feedback, words(wrong["sentence"]), f"{what}, {wrong['value']}")
    same(len(answers), 1 + len(part["wrong"]), f"{what}, the number of answers")


def name_of(exercise, part=None):
    title = " ".join(exercise["title"].split("\n"))[:150]
    parts = [text for text in (title, part and part["name"][:60]) if text]
    return " ".join((": ".join(parts) or "Question").split())


def text_of(node, path):
    found = node.find(path)
    return "" if found is None else found.text or ""


def category_parts(path):
    """question_category_path: a slash that is written twice is one of a name."""
    return [part.replace("//", "/") for part in re.split(r"(?<!/)/(?!/)", path.replace("///", "/ //"))]


def read_moodle(root, expected):
    questions = [q for q in root.findall("question") if q.get("type") != "category"]
    place = 0
    for exercise in expected:
        for part in exercise["parts"]:
            question = questions[place]
            place += 1
            same(question.get("type"), "numerical", "the type")
            same(" ".join(text_of(question, "name/text").split()), name_of(exercise, part), "the name")
            texts = exercise["tasks"] + [line_of(part)]
            same(
                plain(text_of(question, "questiontext/text"), formulas(texts)),
                words(" ".join(texts)), "the text")
            answers = []
            for answer in question.findall("answer"):
                value, tolerance = text_of(answer, "text").strip(), text_of(answer, "tolerance")
                if not re.fullmatch(NUMBER, value):
                    raise Failure(f"no number: {value}")
                answers.append((
                    float(value), float(tolerance), float(answer.get("fraction")) / 100,
                    plain(text_of(answer, "feedback/text"))))
            check_answers(part, answers, f"question {place}")
    same(len(questions), place, "the number of questions")
    return place


def read_cloze(root, expected):
    questions = [q for q in root.findall("question") if q.get("type") != "category"]
    same(len(questions), len(expected), "the number of questions")
    for question, exercise in zip(questions, expected):
        same(question.get("type"), "cloze", "the type")
        same(" ".join(text_of(question, "name/text").split()), name_of(exercise), "the name")
        text = text_of(question, "questiontext/text")
        found = []
        while True:
            match = EMBEDDED.search(text)
            if not match:
                break
            same(match.group(2), "NUMERICAL", "the kind of an embedded answer")
            rest, answers = match.group(3), []
            while rest:
                alternative = re.match("~*" + ALTERNATIVE, rest, re.S)
                if not alternative:
                    raise Failure(f"no alternative: {rest}")
                rest = rest[alternative.end():]
                sign, percent, answer, feedback = alternative.group(1, 2, 3, 5)
                share = 1 if sign == "=" else float(percent or 0) / 100
                number = NUMERICAL.match(answer)
                if not number:
                    raise Failure(f"no number: {answer}")
                feedback = html.unescape(feedback or "").replace("\\}", "}").replace("\\#", "#")
                answers.append((
                    float(number.group(1)), float((number.group(5) or ":0")[1:]), share, plain(feedback)))
            found.append(answers)
            text = text[:match.start()] + "\x02" + text[match.end():]
        same(len(found), len(exercise["parts"]), f"embedded answers in {text!r}")
        texts = exercise["tasks"] + [line_of(part) + " \x02" for part in exercise["parts"]]
        same(plain(text, formulas(texts)), words(" ".join(texts)), "the text")
        for part, answers in zip(exercise["parts"], found):
            check_answers(part, answers, "an embedded answer")
    return len(questions)


def read_stack(root, expected):
    """Marks of CASText in the texts are those of the question itself."""
    questions = [q for q in root.findall("question") if q.get("type") != "category"]
    same(len(questions), len(expected), "the number of questions")
    for question, exercise in zip(questions, expected):
        text = text_of(question, "questiontext/text")
        for node in [text] + [text_of(node, "truefeedback/text") for node in question.iter("node")]:
            for mark in re.findall(r"\[\[.*?\]\]|\{[@#].*?[@#]\}", node, re.S):
                if not re.fullmatch(r"\[\[(input|validation):ans\d\]\]|\[\[feedback:prt\d\]\]", mark):
                    raise Failure(f"a mark came through: {mark}")
            if "[[" in re.sub(r"\[\[[a-z]+:[a-z]+\d\]\]", "", node) or re.search(r"\{[@#]", node):
                raise Failure(f"a mark came through: {node}")
        text = re.sub(r"\[\[[a-z]+:[a-z]+\d\]\]", "", text)
        texts = exercise["tasks"] + [line_of(part) for part in exercise["parts"]]
        same(plain(text, formulas(texts)), words(" ".join(texts)), "the text")
        for tree, part in zip(question.findall("prt"), exercise["parts"]):
            sentences = [plain(text_of(node, "truefeedback/text")) for node in tree.findall("node")][1:]
            same(sentences, [words(wrong["sentence"]) for wrong in part["wrong"]], "the sentences")
    return len(questions)


def read_text2qti(path, expected):
    from text2qti.config import Config
    from text2qti.quiz import Quiz

    config = Config()
    config.load()
    quiz = Quiz(path.read_text("utf-8"), config=config, source_name=path.name)
    questions = [q for q in quiz.questions_and_delims if type(q).__name__ == "Question"]
    same(len(questions), sum(len(exercise["parts"]) for exercise in expected), "the number of questions")
    place = 0
    for exercise in expected:
        for part in exercise["parts"]:
            question = questions[place]
            place += 1
            same(question.type, "numerical_question", "the type")
            low, high = float(question.numerical_min_html_xml), float(question.numerical_max_html_xml)
            typed = float(f"%.{part['digits']}g" % part["right"])
            if not (low <= typed <= high and low - 1e-9 <= float("%.4f" % part["right"]) <= high + 1e-9):
                raise Failure(f"question {place}: {typed} is not in {low}…{high}")
            for wrong in part["wrong"]:
                if low <= wrong["value"] <= high:
                    raise Failure(f"question {place}: {wrong['value']} is in {low}…{high}")
            shown = plain(html.unescape(question.question_html_xml))
            expected_text = words(" ".join(exercise["tasks"] + [line_of(part)]))
            # One text twice has its number behind it.
            if not re.fullmatch(re.escape(expected_text) + r"( \d+)?", shown):
                same(shown, expected_text, f"question {place}")
            feedback = plain(html.unescape(question.incorrect_feedback_html_xml or ""))
            for wrong in part["wrong"]:
                if words(wrong["sentence"]) not in feedback:
                    raise Failure(f"question {place}: {wrong['sentence']!r} is not in {feedback!r}")
    return place


def main():
    folder = pathlib.Path(sys.argv[1])
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    failed = False
    for name, reader in [("moodle", read_moodle), ("cloze", read_cloze), ("stack", read_stack)]:
        try:
            count = reader(ET.parse(folder / f"{name}.xml").getroot(), expected)
            print(f"{name}: {count} questions")
        except (Failure, ET.ParseError) as failure:
            print(f"{name}: {failure}")
            failed = True
    try:
        print(f"text2qti: {read_text2qti(folder / 'quiz.txt', expected)} questions")
    except ImportError:
        print("text2qti: skipped, it is not installed")
    except Exception as failure:
        print(f"text2qti: {failure}")
        failed = True
    sys.exit(1 if failed else 0)


main()
