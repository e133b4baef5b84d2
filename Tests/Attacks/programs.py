"""The shipped scripts with words, lines and blocks changed, run, checked, laid out and presented."""

import glob
import os
import re

import common

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDERS = ["scripts/lectures", "scripts/exercises", "Tests/LanguageTests/Scripts"]
WORD = re.compile(r'"""(?:.|\n)*?"""|"(?:[^"\\\n]|\\.)*"|\d[\w.]*|\w+|\.\.|->|[≈~<>=!+*/-]=?|\S|\n|[ \t]+')
WORDS = [
    "nan", "inf", "-1", "0", "1e308", "9007199254740993", "[]", "[[]]", "[:]", "nothing", "true", '""', "(x -> x)", "zeros(0, 3)",
    "xor", "circles", "mlp [2,1] sigmoid", "..", "'", "@", "^", "{", "}", "(", ")", "[", "]", "if", "else", "for x in", "while",
    "repeat 3", "return", "break", "import", "param", "check", "exercise", "hint", "mistake", "print", "time", "not", "and", "within 0",
    ";", "=", "+=", "->", ",", ":", "___", "\n", "\\", '"', '"""', "≈", "0.1", "1..", "net", "train", "explain", "show", "-", "δ", "\u202e",
    "exit", "clear", "undo", "slide \"a\"", "-> x", "1e999", "0x", "\u0000", "#", "##"]
# What a changed script may do for longer than a second.
REASONS = re.compile(r"train|sweep|lrfind|crossval|compare|epochs|landscape|while|repeat|for |gradcheck|explain")


NUMBERS = ["0", "(-1)", "nan", "1e308", "2", "0.5", "99", "inf", "(zeros 0)", "1e-300", "[]", "(zeros 0 2)", "nothing", "3", "1e18", '""']
OPERATORS = ["+", "-", "*", "/", "%", "@", "^", "==", "!=", "<", "<=", ">", ">=", "≈"]
KEYWORDS = set("if else for in while repeat break return import param check exercise hint mistake print time not and or within by".split())


def exchange(words, random):
    """One word for another of its kind, so that most of what comes out can still be run."""
    place = random.randrange(len(words))
    word = words[place]
    if word[0].isdigit():
        words[place] = random.choice(NUMBERS)
    elif word in OPERATORS:
        words[place] = random.choice(OPERATORS)
    elif word[0] == '"' and len(word) > 1:
        strings = [other for other in words if other[0] == '"' and len(other) > 1]
        words[place] = random.choice(strings + ['""', '"W1[1,1]"', '"\\u{1b}"', '"nan"'])
    elif word.isidentifier() and word not in KEYWORDS:
        names = [other for other in words if other.isidentifier() and other not in KEYWORDS]
        words[place] = random.choice(names)
    else:
        return False
    return True


def damage(words, random):
    """Any word lost, doubled, put elsewhere or replaced."""
    place = random.randrange(len(words))
    kind = random.randrange(5)
    if kind == 0:
        del words[place]
    elif kind == 1:
        words[place] = random.choice(WORDS)
    elif kind == 2:
        words.insert(place, random.choice(WORDS))
    elif kind == 3:
        other = random.randrange(len(words))
        words[place], words[other] = words[other], words[place]
    else:
        words[place] = random.choice(words)


def move(text, others, random):
    """A few lines lost, doubled, or taken from another script."""
    lines = text.split("\n")
    begin = random.randrange(len(lines))
    end = begin + random.choice([1, 1, 2, 5])
    if random.random() < 0.4:
        del lines[begin:end]
    else:
        donor = random.choice([lines, random.choice(others).split("\n")])
        start = random.randrange(len(donor))
        lines[begin:begin] = donor[start:start + end - begin]
    return "\n".join(lines)


def change(text, others, random):
    for _ in range(random.choice([1, 1, 2, 3, 6])):
        chance = random.random()
        if chance < 0.25:
            text = move(text, others, random)
            continue
        words = WORD.findall(text)
        if not words:
            break
        if chance < 0.35:
            damage(words, random)
        else:
            for _ in range(20):
                if exchange(words, random):
                    break
        text = "".join(words)
    return text


def attack(campaign):
    paths = sorted(path for folder in FOLDERS for path in glob.glob(f"{ROOT}/{folder}/**/*.bp", recursive=True))
    # A file of tests holds several programs, with a line between.
    programs = [
        (os.path.basename(path), text) for path in paths
        for text in re.split(r"^---\n", open(path, encoding="utf-8").read(), flags=re.MULTILINE) if len(text) < 12000]
    others = [text for _, text in programs]
    calls = [["--max-steps", "20000", "--max-elements", "1000000", "{}"], ["check", "--max-steps", "20000", "{}"],
             ["fmt", "--check", "{}"], ["--json", "--max-steps", "20000", "{}"], ["check", "--json", "--max-steps", "20000", "{}"],
             ["present", "--to", "talk.html", "{}"]]
    for random in campaign.rounds(usual=12000, short=25):
        name, text = random.choice(programs)
        text = change(text, others, random)
        file = os.path.join(campaign.folder, "changed.bp")
        words = [word.format("changed.bp") for word in random.choice(calls[:1] * 4 + calls)]

        def attempt(text):
            with open(file, "w", encoding="utf-8") as script:
                script.write(text)
            return campaign.run(words, seconds=10, gigabytes=4)

        end = attempt(text)
        campaign.tried += 1
        problem = end.problem(2500)
        campaign.note(f"with status {end.status}")
        if problem == "hang" and REASONS.search(text):
            campaign.note("long trainings stopped")
            problem = None
        if problem and problem.startswith("status") and "exit" in text:
            problem = None
        if problem and problem.startswith("says") and re.search("Fatal|Assertion|corrupted|libedit", text):
            problem = None
        if not problem and end.seconds > 2 * campaign.patience and not REASONS.search(text):
            problem = "slow"
        if problem:
            breaks = lambda lines: attempt("\n".join(lines)).problem(2500) == problem
            small = common.smallest(text.split("\n"), breaks) if problem != "slow" else None
            small = "\n".join(small) if small else text
            at = None
            if problem.startswith("SIG"):
                with open(file, "w", encoding="utf-8") as script:
                    script.write(small)
                at = common.traced(campaign.run(words, seconds=20, environment=common.TRACING))
            campaign.fail(problem, small + f"\n# bp {' '.join(words)}, from {name}", end, at=at)
