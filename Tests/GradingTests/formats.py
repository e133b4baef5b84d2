"""Reads the documents that bp writes of random reports, and compares them with the reports.

usage: formats.py FOLDER [--clients]

FOLDER holds what FormatReadingTests wrote: `reports` in plain lines, and a file of documents for each
format. JSON, CSV, XML and HTML are read by Python's library; TAP 14 and what Gradescope,
PrairieLearn and CodeRunner take by readers written after their published pages, named below. With
--clients, junitparser and tap.py read too. Any disagreement ends it with status 1.
"""

import csv
import html.parser
import io
import json
import math
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

FOLDER = Path(sys.argv[1])
WITH_CLIENTS = "--clients" in sys.argv
csv.field_size_limit(1 << 30)


class Disagreement(Exception):
    pass


def expect(condition, *what):
    if not condition:
        raise Disagreement(": ".join(str(part)[:2000] for part in what))


def same(found, wanted, *what):
    expect(found == wanted, *what, f"found {found!r}, wanted {wanted!r}")


def near(found, wanted, tolerance, *what):
    expect(isinstance(found, (int, float)) and not isinstance(found, bool), *what, f"{found!r} is no number")
    expect(abs(found - wanted) <= tolerance + 1e-8 * abs(wanted), *what, f"found {found}, wanted {wanted}")


# What was reported


def records(name):
    data = (FOLDER / name).read_bytes() if (FOLDER / name).exists() else b""
    place = 0
    while place < len(data):
        end = data.index(b"\n", place)
        start = end + 1
        place = start + int(data[place:end])
        yield data[start:place].decode()


class Report:
    def __init__(self, transcript):
        self.parts, self.submissions, self.protections = [], [], []
        for line in transcript.splitlines():
            kind, *texts = line.split(" ")
            texts = [None if text == "-" else bytes.fromhex(text[1:]).decode() for text in texts]
            if kind == "report":
                self.key = texts[0]
            elif kind == "part":
                self.parts.append(dict(zip(("exercise", "name", "description"), texts), possible=float(texts[3])))
            elif kind == "submission":
                self.submissions.append(
                    dict(zip(("name", "id", "status", "sentence"), texts), parts=[], marks=[], notes=[]))
            elif kind == "grade":
                self.submissions[-1]["parts"].append(
                    dict(zip(("exercise", "name", "description"), texts), possible=float(texts[3]),
                         points=float(texts[4]), verdict=texts[5], given=texts[6],
                         reasons=[], misconceptions=[], hints=[]))
            elif kind in ("reason", "misconception", "hint"):
                self.submissions[-1]["parts"][-1][kind + "s"].append(texts[0])
            elif kind == "mark":
                self.submissions[-1]["marks"].append(
                    {"part": texts[0], "points": float(texts[1]), "comment": texts[2]})
            elif kind == "note":
                self.submissions[-1]["notes"].append(texts[0])
            elif kind == "protection":
                self.protections.append(texts[0])
        self.possible = sum(part["possible"] for part in self.parts)

    def points(self, submission):
        """A mark stands in place of the points of the parts of its name."""
        marked = {mark["part"] for mark in submission["marks"]}
        return sum(p["points"] for p in submission["parts"] if p["name"] not in marked) + sum(
            mark["points"] for mark in submission["marks"])

    def rows(self, submission):
        """Name, exercise, points, possible, whether all points are there, verdict, what was given."""
        marks = {}
        for mark in submission["marks"]:
            marks.setdefault(mark["part"], []).append(mark)
        left = list(submission["parts"])
        rows, marked = [], set()
        for part in self.parts:
            own = next((p for p in left if (p["name"], p["exercise"]) == (part["name"], part["exercise"])), None)
            if own:
                left.remove(own)
            own = own or dict(part, points=0, verdict="missing", given=None, reasons=[], misconceptions=[], hints=[])
            rows.append(dict(own, extra=False, marked=False, comments=[]))
        for row in rows:
            if row["name"] in marks:
                own = [] if row["name"] in marked else marks[row["name"]]
                marked.add(row["name"])
                row.update(points=sum(m["points"] for m in own), marked=True, comments=[m["comment"] for m in own])
        for name, own in marks.items():
            if name not in marked:
                rows.append(dict(
                    exercise="", name=name, description="", possible=0, points=sum(m["points"] for m in own),
                    verdict="missing", given=None, reasons=[], misconceptions=[], hints=[], extra=True, marked=True,
                    comments=[m["comment"] for m in own]))
        for row in rows:
            whole = row["points"] >= row["possible"] - 1e-9
            if row["marked"]:
                row["full"] = whole
            elif row["verdict"] in ("right", "follows"):
                row["full"] = True
            else:
                row["full"] = row["verdict"] != "missing" and whole and row["possible"] > 0
            row["skipped"] = not row["marked"] and row["verdict"] == "missing"
        return rows

    def share(self, submission):
        if self.possible <= 0:
            return 1.0 if all(row["full"] for row in self.rows(submission)) else 0.0
        return min(max(self.points(submission) / self.possible, 0), 1)


HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff\u061c]")


def visible(text):
    """What a terminal obeys or nobody sees, as \\u{1b}."""
    return HIDDEN.sub(lambda match: f"\\u{{{ord(match[0]):x}}}", text)


def name_line(text):
    return visible(text).replace("\n", "\\u{a}").replace("\t", "\\u{9}")


def hundredths(number):
    return math.floor(abs(number) * 100 + 0.5) / 100 * (1 if number >= 0 else -1)


def harmless(text, allowed="\n\t"):
    """Nothing that a terminal obeys stands in the document."""
    found = HIDDEN.search("".join(character for character in text if character not in allowed))
    expect(not found, "a character that should be escaped", repr(found and found[0]))


# Formats for people and scripts


def read_text(report, document):
    harmless(document)
    lines = document.split("\n")
    place = 0
    for submission in report.submissions:
        points, possible = hundredths(report.points(submission)), hundredths(report.possible)
        start = name_line(submission["name"])
        heading = re.compile(
            re.escape(start) + r"(?: \(.+\))?: (\S+) of (\S+) points?(, limit|, refused|, crash)?")
        while place < len(lines) and not heading.fullmatch(lines[place]):
            place += 1
        expect(place < len(lines), "no heading", start)
        found = heading.fullmatch(lines[place])
        near(float(found[1]), points, 0.011, "points", start)
        near(float(found[2]), possible, 0.011, "possible", start)
        same(found[3] or ", graded", ", " + submission["status"], "status")
        place += 1
    if len(report.submissions) > 1:
        expect(any(line.startswith(f"{len(report.submissions)} submissions: ") for line in lines), "no overview")


def read_csv(report, document):
    harmless(document, "\r\n\t")
    expect("\r" not in document.replace("\r\n", ""), "a bare carriage return")
    rows = list(csv.reader(io.StringIO(document, newline=""), strict=True))
    head = rows.pop(0)
    same(head[:5], ["submission", "points", "possible", "status", "reasons"], "head")
    expect(len(set(head)) == len(head), "two columns of one name", head)
    same(len(rows), len(report.submissions), "rows")

    def text(cell, wanted, *what):
        first = wanted.lstrip("'").strip()[:1]
        same(cell, ("'" if first and first in "=+-@＝＋－＠" else "") + wanted, *what)

    for part, column in zip(report.parts, head[5:]):
        expect(visible(part["name"]) in column, "the column of a part", column)
    for cell in head + [row[place] for row in rows for place in (0, 3, 4)]:
        expect(not re.match(r"\s*[=+\-@＝＋－＠]", cell), "a formula", cell)
    for row, submission in zip(rows, report.submissions):
        same(len(row), len(head), "cells")
        text(row[0], visible(submission["name"]), "name")
        near(float(row[1]), report.points(submission), 0.006, "points")
        near(float(row[2]), report.possible, 0.006, "possible")
        same(row[3], submission["status"], "status")
        numbers = [float(cell) for cell in row[5:] if cell]
        near(sum(numbers), report.points(submission), 0.006 * (len(numbers) + 1), "the sum of the parts")
        for wanted, cell in zip(report.rows(submission), row[5:]):
            if not wanted["extra"]:
                near(float(cell), wanted["points"], 0.006, "points of a part")
                for reason in wanted["reasons"]:
                    expect(visible(reason.replace("\n", " ").replace("\t", " ")) in row[4], "a reason", row[4])


def strict_json(document):
    def pairs(members):
        names = [name for name, _ in members]
        expect(len(set(names)) == len(names), "a name twice", names)
        return dict(members)

    def constant(word):
        raise Disagreement(f"{word} is no JSON")

    harmless(document, "\n")
    return json.loads(document, object_pairs_hook=pairs, parse_constant=constant, strict=True)


def read_json(report, document):
    found = strict_json(document)
    same(set(found), {"key", "possible", "parts", "submissions", "misconceptions", "protections"}, "members")
    same(found["key"], report.key, "key")
    same(found["protections"], report.protections, "protections")

    def alike(one, other, *what):
        """Texts as they were, numbers to nine digits."""
        if isinstance(other, float):
            near(one, other, 1e-12, *what)
        elif isinstance(other, dict):
            same(set(one), set(other), *what)
            for name in other:
                alike(one[name], other[name], *what, name)
        elif isinstance(other, list):
            same(len(one), len(other), *what)
            for a, b in zip(one, other):
                alike(a, b, *what)
        else:
            same(one, other, *what)

    alike(found["parts"], report.parts, "parts")
    alike(found["possible"], float(report.possible), "possible")
    alike(found["submissions"], [
        dict(submission, points=float(report.points(submission)), possible=float(report.possible))
        for submission in report.submissions], "submissions")
    counts = {}
    for submission in report.submissions:
        for name in {name for part in submission["parts"] for name in part["misconceptions"]}:
            counts[name] = counts.get(name, 0) + 1
    same({entry["name"]: entry["submissions"] for entry in found["misconceptions"]}, counts, "misconceptions")


# Formats of test runs


def cases(report, submission):
    """Name, exercise and what becomes of each test case of a submission."""
    found = [] if submission["status"] == "graded" else [("submission", "", "error", None)]
    for row in report.rows(submission):
        outcome = "skipped" if row["skipped"] else "passed" if row["full"] else "failed"
        found.append((row["name"], row["exercise"], outcome, row))
    return found


# Of the schema junit-4.xsd of Jenkins: the children of each element in their order, its attributes (those
# that it must have in capitals), whether it holds text.
SCHEMA = {
    "testsuites": (["testsuite"], {"name", "time", "tests", "failures", "disabled", "errors"}, False),
    "testsuite": (["properties", "testcase", "system-out", "system-err"], {
        "NAME", "TESTS", "failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id",
        "package"}, False),
    "properties": (["property"], set(), False),
    "property": ([], {"NAME", "VALUE"}, False),
    "testcase": (["skipped", "error", "failure", "system-out", "system-err"], {
        "NAME", "assertions", "time", "classname", "status"}, False),
    "failure": ([], {"type", "message"}, True),
    "error": ([], {"type", "message"}, True),
    "skipped": ([], set(), True), "system-out": ([], set(), True), "system-err": ([], set(), True),
}


def valid(element):
    expect(element.tag in SCHEMA, "an element", element.tag)
    children, attributes, has_text = SCHEMA[element.tag]
    for name in element.keys():
        expect({name, name.upper()} & attributes, f"an attribute of {element.tag}", name)
    for name in attributes:
        expect(not name.isupper() or name.lower() in element.keys(), f"{element.tag} lacks", name)
    tags = [child.tag for child in element]
    expect(set(tags) <= set(children), f"a child of {element.tag}", tags)
    same(tags, sorted(tags, key=children.index), f"the order in {element.tag}")
    for text in [element.text if not has_text else None] + [child.tail for child in element]:
        expect(not (text or "").strip(), f"text in {element.tag}", text)
    for child in element:
        valid(child)


def read_junit(report, document):
    harmless(document)
    root = ElementTree.fromstring(document.encode())
    valid(root)
    same(root.tag, "testsuites", "root")
    same([suite.get("name") for suite in root], [visible(s["name"]) for s in report.submissions], "suites")
    totals = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite, submission in zip(root, report.submissions):
        expect([child.tag for child in suite][0] == "properties", "properties come first")
        properties = {entry.get("name"): entry.get("value") for entry in suite.find("properties")}
        same(properties["id"], visible(submission["id"]), "id")
        same(properties["status"], submission["status"], "status")
        near(float(properties["points"]), report.points(submission), 0.006, "points")
        counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
        wanted = cases(report, submission)
        same(len(suite.findall("testcase")), len(wanted), "test cases")
        for case, (name, exercise, outcome, row) in zip(suite.findall("testcase"), wanted):
            same(case.get("name"), visible(name), "name")
            same(case.get("classname"), visible(exercise or report.key), "classname")
            tags = [child.tag for child in case]
            tag = {"failed": "failure", "error": "error", "skipped": "skipped", "passed": None}[outcome]
            same(tags, [tag] if tag else [], "outcome")
            counts["tests"] += 1
            if tag:
                counts[tag + ("s" if tag != "skipped" else "")] += 1
                expect((case[0].get("message") if tag != "skipped" else case[0].text) is not None, "no message")
            if outcome == "failed":
                for reason in row["reasons"]:
                    expect(visible(reason) in (case[0].text or ""), "a reason", case[0].text)
        for name, count in counts.items():
            same(suite.get(name), str(count), name)
            totals[name] += count
    for name, count in totals.items():
        same(root.get(name), None if name == "skipped" else str(count), name)
    if WITH_CLIENTS:
        import junitparser

        read = junitparser.JUnitXml.fromstring(document.encode())
        suites = list(read) if isinstance(read, junitparser.JUnitXml) else [read]
        same(len(suites), len(report.submissions), "suites of junitparser")
        for suite, submission in zip(suites, report.submissions):
            outcomes = []
            for case in suite:
                kinds = [type(result).__name__ for result in case.result] or ["Passed"]
                same(len(kinds), 1, "results of junitparser")
                outcomes.append((case.name, {"Failure": "failed", "Error": "error", "Skipped": "skipped",
                                             "Passed": "passed"}[kinds[0]]))
            same(outcomes, [(visible(name), outcome) for name, _, outcome, _ in cases(report, submission)],
                 "cases of junitparser")


def read_tap(report, document):
    """After https://testanything.org/tap-version-14-specification.html."""
    harmless(document, "\n")
    lines = document.split("\n")
    same(lines.pop(), "", "the last line is ended")
    same(lines.pop(0), "TAP version 14", "version")
    wanted = [(s, *case) for s in report.submissions for case in cases(report, s)]
    plan = re.fullmatch(r"1\.\.(\d+)( # .+)?", lines.pop(0))
    same(int(plan[1]), len(wanted), "plan")
    for number, (submission, name, exercise, outcome, row) in enumerate(wanted, 1):
        point = re.fullmatch(r"(not )?ok (\d+) - (.*)", lines.pop(0))
        expect(point, "a test point")
        same(int(point[2]), number, "number")
        # A directive follows the first unescaped # between blanks.
        description, directive = point[3], None
        for mark in re.finditer(r"(?<=\s)#(?=\s)", description):
            before = description[:mark.start()]
            if (len(before) - len(before.rstrip("\\"))) % 2 == 0:
                description, directive = before.rstrip(), description[mark.end():].strip()
                break
        same(bool(point[1]), outcome in ("failed", "error"), "ok or not")
        same(directive, "SKIP not handed in" if outcome == "skipped" else None, "directive")
        description = re.sub(r"\\([\\#])", r"\1", description)
        words = [name_line(word) for word in (submission["name"], exercise, name) if word]
        # Older readers would take what follows for a directive.
        words = [word.replace("#", "\\u{23}") for word in words]
        same(description.rstrip(), ": ".join(words).rstrip(), "description")
        same(lines.pop(0), "  ---", "the start of YAML")
        facts, items = {}, None
        while (line := lines.pop(0)) != "  ...":
            item = re.fullmatch(r'    - (".*")', line)
            if item:
                items.append(json.loads(item[1]))
                continue
            fact = re.fullmatch(r"  (\w+):(?: (.+))?", line)
            expect(fact, "a line of YAML", line)
            items = facts[fact[1]] = []
            if fact[2]:
                text = fact[2]
                facts[fact[1]] = text if fact[1] == "status" else json.loads(text)
        same(facts["submission"], submission["name"], "submission")
        if row:
            same(facts.get("given"), row["given"], "given")
            near(facts["points"], row["points"], 1e-12, "points")
            same(facts.get("reasons", []), row["reasons"] + [c for c in row["comments"] if c], "reasons")
        else:
            same(facts["status"], submission["status"], "status")
    same(lines, [], "what follows the last test")
    if WITH_CLIENTS:
        import tap.parser
        import yaml

        results = [line for line in tap.parser.Parser().parse_text(document) if line.category == "test"]
        same([(bool(r.ok), bool(r.skip), bool(r.todo)) for r in results],
             [(o in ("passed", "skipped"), o == "skipped", False) for _, _, _, o, _ in wanted], "results of tap.py")
        for result, (submission, _, _, _, row) in zip(results, wanted):
            facts = yaml.safe_load(result.yaml_block) if isinstance(result.yaml_block, str) else result.yaml_block
            same(facts["submission"], submission["name"], "submission of tap.py")
            if row:
                same(facts.get("given"), row["given"], "given of tap.py")


# Formats of platforms

VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
OUTPUTS = {"text", "html", "simple_format", "md", "ansi"}


def known(found, kinds, *what):
    """Every member is of its kind, and there is no other."""
    expect(isinstance(found, dict), *what)
    for name, value in found.items():
        expect(name in kinds, *what, f"{name} is unknown")
        kind = kinds[name]
        fits = value in kind if isinstance(kind, set) else isinstance(value, kind) and not (
            isinstance(value, bool) and kind != bool)
        expect(fits, *what, f"{name} is {value!r}")


def read_gradescope(report, submission, document):
    """After https://gradescope-autograders.readthedocs.io/en/latest/specs/."""
    number = (int, float)
    found = strict_json(document)
    known(found, {
        "score": number, "execution_time": number, "output": str, "output_format": OUTPUTS,
        "test_output_format": OUTPUTS, "test_name_format": OUTPUTS, "visibility": VISIBILITIES,
        "stdout_visibility": VISIBILITIES, "extra_data": dict, "tests": list, "leaderboard": list}, "results")
    near(found["score"], report.points(submission), 1e-9, "score")
    same(found["stdout_visibility"], "hidden", "standard output")
    rows = report.rows(submission)
    same(len(found["tests"]), len(rows), "tests")
    for test, row in zip(found["tests"], rows):
        known(test, {
            "score": number, "max_score": number, "status": {"passed", "failed"}, "name": str, "name_format": OUTPUTS,
            "number": str, "output": str, "output_format": OUTPUTS, "tags": list, "visibility": VISIBILITIES,
            "extra_data": dict}, "test")
        near(test["score"], row["points"], 1e-9, "score of a test")
        same(test["output_format"], "text", "what students write is plain text")
        same(test["name_format"], "text", "what students write is plain text")
        same(test["status"], "passed" if row["full"] else "failed", "status")
        same("max_score" in test, not row["extra"], "max_score")
        if not row["extra"]:
            near(test["max_score"], row["possible"], 1e-9, "max_score")
    near(sum(test["score"] for test in found["tests"]), found["score"], 1e-7, "the sum of the tests")


def read_prairielearn(report, submission, document):
    """After https://prairielearn.readthedocs.io/en/latest/externalGrading/, section Grading results."""
    number = (int, float)
    expect(len(document.encode()) <= 1_000_000, "more than 1 MB")
    found = strict_json(document)
    known(found, {
        "gradable": bool, "score": number, "message": str, "output": str, "images": list, "tests": list,
        "format_errors": (str, list)}, "results")
    near(found["score"], report.share(submission), 1e-9, "score")
    expect(0 <= found["score"] <= 1, "score", found["score"])
    same(found["gradable"], submission["status"] != "refused", "gradable")
    same("format_errors" in found, not found["gradable"], "format_errors")
    rows = report.rows(submission)
    same(len(found["tests"]), len(rows), "tests")
    for test, row in zip(found["tests"], rows):
        known(test, {
            "name": str, "description": str, "points": number, "max_points": number, "message": str, "output": str,
            "images": list}, "test")
        near(test["points"], row["points"], 1e-9, "points")
        near(test["max_points"], row["possible"], 1e-9, "max_points")


def read_coderunner(report, submission, document):
    """After the section Combinator-template grading of
    https://github.com/trampgeek/moodle-qtype_coderunner/blob/master/docs/index.md."""
    found = strict_json(document)
    known(found, {
        "fraction": (int, float), "prologuehtml": str, "testresults": list, "files": dict, "epiloguehtml": str,
        "columnformats": list, "showdifferences": bool, "showoutputonly": bool, "graderstate": str,
        "instructorhtml": str}, "outcome")
    near(found["fraction"], report.share(submission), 1e-9, "fraction")
    head, *table = found["testresults"]
    shown = [column for column in head if column not in ("iscorrect", "ishidden")]
    same(len(found["columnformats"]), len(shown), "a format for each column")
    expect(all(kind == "%s" for kind in found["columnformats"]), "cells that CodeRunner would not escape")
    rows = report.rows(submission)
    same(len(table), len(rows), "rows")
    for cells, row in zip(table, rows):
        same(len(cells), len(head), "cells")
        same(cells[head.index("iscorrect")], 1 if row["full"] else 0, "iscorrect")
        same(cells[head.index("ishidden")], 0, "ishidden")
        expect(all(isinstance(cell, str) for cell, name in zip(cells, head) if name in shown), "a cell is no text")
    for member in ("prologuehtml", "epiloguehtml"):
        Page(found[member], {"p": set(), "pre": set()})


# Pages of students


class Page(html.parser.HTMLParser):
    """Strict where browsers are not: known tags and attributes only, each closed in its place."""

    EMPTY = {"meta"}

    def __init__(self, document, tags):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.text = tags, [], ""
        self.feed(document)
        self.close()
        same(self.open, [], "tags that are not closed")

    def handle_starttag(self, tag, attributes):
        expect(tag in self.tags, "a tag", tag)
        for name, _ in attributes:
            expect(name in self.tags[tag], "an attribute", name)
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        expect(self.open and self.open[-1] == tag, "a tag is closed that is not open", tag)
        self.open.pop()

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data

    def handle_comment(self, data):
        raise Disagreement(f"a comment: {data}")

    def unknown_decl(self, data):
        raise Disagreement(f"a declaration: {data}")


PAGE_TAGS = {
    "html": {"lang"}, "head": set(), "meta": {"charset", "name", "content", "http-equiv"}, "title": set(),
    "style": set(), "body": set(), "main": set(), "header": set(), "section": set(), "article": {"class"},
    "h1": set(), "h2": set(), "h3": set(), "p": {"class"}, "span": {"class"}, "strong": set(), "pre": set(),
    "bdi": set(), "ul": set(), "li": set()}


def read_feedback(report, submission, document):
    harmless(document)
    expect(not re.search(r"https?:|url\(|@import|src=|href=", HIDDEN.sub("", re.sub(r">[^<]*<", "><", document))),
           "something is loaded")
    text = Page(document, PAGE_TAGS).text
    for row in report.rows(submission):
        if row["given"] is not None:
            expect(visible(row["given"][:1000]) in text, "what was given", row["given"])
        for reason in row["reasons"] + row["comments"]:
            expect(visible(reason) in text, "a reason", reason)
        if not row["full"]:
            for hint in row["hints"]:
                expect(visible(hint) in text, "a hint", hint)
    own = report.submissions.index(submission)
    for place in re.findall(r"secret(\d+)of\1", text):
        same(int(place), own, "what another student handed in")


WHOLE = {"text": read_text, "csv": read_csv, "json": read_json, "junit": read_junit, "tap": read_tap}
EACH = {
    "gradescope": read_gradescope, "prairielearn": read_prairielearn, "coderunner": read_coderunner,
    "feedback": read_feedback}


def disagreements(name, reports):
    """Of one format: the first one ends it."""
    found = records(name)
    for number, report in enumerate(reports):
        for submission in [None] if name in WHOLE else report.submissions:
            document = next(found, None)
            try:
                expect(document is not None, "no document")
                if submission is None:
                    WHOLE[name](report, document)
                else:
                    EACH[name](report, submission, document)
            except Exception as error:
                return [f"{name} of report {number}: {type(error).__name__}: {error}\n{(document or '')[:3000]}"]
    return [] if next(found, None) is None else [f"{name}: a document too many"]


def main():
    reports = [Report(transcript) for transcript in records("reports")]
    failures = [text for name in [*WHOLE, *EACH] for text in disagreements(name, reports)]
    if failures:
        sys.exit("disagreement: " + "\ndisagreement: ".join(failures))
    count = len(WHOLE) * len(reports) + len(EACH) * sum(len(report.submissions) for report in reports)
    print(f"{len(reports)} reports, {count} documents the same")


main()
