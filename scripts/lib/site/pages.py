"""What the site consists of: its pages in the order of the menu, and the Markdown each is made of."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[3]
CATALOG = ROOT / "Sources/Language/Language.docc"

# The menu. Talks is made of the scripts of the lectures, all others of a page of Markdown.
MENU = [
    ("Begin", ["Installing", "Tutorial", "Gallery"]),
    ("The language", ["Reference", "Functions", "Machines", "Scaling", "Glossary", "Changes"]),
    ("Teaching", ["Teaching", "Grading", "Lectures", "Talks", "Page", "Notebooks", "Editors"]),
    ("How it is made", ["Promises", "Benchmarks", "Limits", "Architecture", "Decisions", "Contributing"]),
]
# Topics of functions that are asked for most.
FIRST = ["Nets", "Training", "Pictures", "Differentiation", "Data", "Activations", "Losses", "Optimizers"]
ELSEWHERE = {
    "Benchmarks": ROOT / "Sources/bench/Benchmarks.md",
    "Limits": ROOT / "Sources/bench/Limits.md",
}


def source(name):
    """The file of a page."""
    return ELSEWHERE.get(name, CATALOG / f"{name}.md")


def names():
    """All pages, in the order of the menu."""
    return [name for _, group in MENU for name in group]


def split(text):
    """The title of a page, the sentence below it, and the rest; as pages of the catalog begin."""
    match = re.match(r"# (.+)\n+((?:[^#\n].*\n)*)", text)
    if not match:
        raise SystemExit("site: a page begins with its title: " + text[:60])
    rest = re.sub(r"^This page is written .*\n", "", text[match.end():], flags=re.M)
    # A reader needs no heading to begin.
    return match[1].strip(), " ".join(match[2].split()), re.sub(r"^## Overview\n", "", rest, flags=re.M)


def topics(text):
    """The page of functions as what is said of all, and (topic, Markdown of its functions)."""
    parts = re.split(r"^## (.+)\n", text, flags=re.M)
    found = list(zip(parts[1::2], parts[2::2]))
    return parts[0], sorted(found, key=lambda part: FIRST.index(part[0]) if part[0] in FIRST else len(FIRST))


def functions(text):
    """The functions of a topic as (name, what it does)."""
    parts = re.split(r"^### (.+)\n", text, flags=re.M)
    return [(name, summary(body)) for name, body in zip(parts[1::2], parts[2::2])]


def summary(body):
    """The first paragraph behind the line with the form of the call."""
    paragraphs = [part.strip() for part in body.split("\n\n") if part.strip()]
    return next((part for part in paragraphs if not part.startswith(("`", "-", "```"))), "")


def anchor(heading):
    """The name of a heading in addresses, as pages write it behind #."""
    return re.sub(r"[^\w\- ]", "", heading).strip().replace(" ", "-")


def title_of(script):
    """What a script says of itself: the first sentence of its first comment."""
    lines = []
    for line in script.splitlines():
        if line.startswith("#!"):
            continue
        if not line.startswith("# "):
            break
        lines.append(line[2:])
    return re.split(r"(?<=[.])\s", " ".join(lines) + " ")[0].rstrip(".: ")


def readme():
    """The sentence of the README, its lines that install, and its first example that explains."""
    text = (ROOT / "README.md").read_text()
    sentence = re.search(r"^bp is .*?(?=\n\n)", text, re.M | re.S)[0].rstrip(":")
    install = re.search(r"## Installing\n(.*?)\n(?=---\n|## )", text, re.S)
    blocks = re.findall(r"```bp\n(.*?)```", text, re.S)
    why = next(block for block in blocks if "explain " in block)
    return sentence, install[1] if install else "", why
