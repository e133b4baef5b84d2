"""Every function that draws, with hostile data, sizes, windows and files."""

import os
import re

import catalog
import values
from calls import reasons

PER_BATCH = 120
WINDOWS = ["0", "1", "2", "3", "19", "20", "80", "200", "1000", "65535", "99999999", "-1", "", "nan", "9223372036854775808"]
VECTORS = [
    "[nan, nan]", "[inf, 1, -inf]", "[1e308, -1e308]", "[1e308, 1e308]", "[5e-324, 0]", "[]", "[7]", "(rand 3000)",
    "[1, 1, 1]", "[1e-300, 2e-300]", "[1e300, 1.0000000001e300]", "[0, -0.0]", "[-1, nan, 1]", "(1..5)", "(zeros 9e4)",
    "[4503599627370497, 4503599627370496]", "[1, -1, 1e-320]"]
MATRICES = [
    "(zeros 0 2)", "(zeros 3e5 0)", "(rand 60 70)", "(rand 2 2)", "[1e308, 1; -1e308, 1]", "[nan, 1; 1, nan]",
    "[[inf]]", "[1,1e308;2,-1e308]", "(zeros 4 2)", "(ones 300 300)", "[1e-320, 0; 0, 1e-320]", "(rand 1 500)", "[[7, 7]]"]
RECORDS = ["[a: 1, b: nan]", "[a: inf]", "[:]", "[long: 1e308, b: -1e308]", "wide"]
DATA = VECTORS + MATRICES
KINDS = {
    r"\bnets?\b": values.NETS, r"vectors?\b": VECTORS, r"matri": MATRICES, r"\bdata\b": values.DATA,
    r"function": values.FUNCTIONS, r"\bruns?\b": ["r0", "r1", "s0", "c0"], r"record": RECORDS}
ENDS = [
    "[-5, 5]", "[0, 0]", "[5, -5]", "[-1e308, 1e308]", "[nan, 1]", "[0, inf]", "[0, 5e-324]", "[1e300, 1.0000001e300]",
    "[]", "[1]", "[1, 2, 3]", "[1e-320, 2e-320]"]
SIZES = ["1", "2", "19", "20", "21", "30", "80", "400", "1000", "10000", "10001", "nan", "1e308", "20.5"]
FILES = ["a.svg", "a.png", "a.tex", "a.txt", "a.html", "a.SVG", "a.", ".svg", "b/a.svg", "a\\u{1b}.svg", "'a b'.png"]


def options(random, function):
    """Some options of one function that draws, at their edges."""
    hostile = {
        "to": lambda: f'"{random.choice(FILES)}"', "width": lambda: random.choice(SIZES),
        "height": lambda: random.choice(SIZES), "domain": lambda: random.choice(ENDS),
        "span": lambda: random.choice(values.NUMBERS), "title": lambda: random.choice(values.TEXTS),
        "xlabel": lambda: random.choice(values.TEXTS), "ylabel": lambda: random.choice(values.TEXTS),
        "group": lambda: random.choice(DATA), "path": lambda: random.choice(DATA),
        "bins": lambda: random.choice(SIZES), "log": lambda: random.choice(["true", "false", "1", '"x"'])}
    found = []
    for parameter in function.parameters:
        if not parameter.is_optional or random.random() > 0.12:
            continue
        if parameter.name in hostile:
            found.append(f"{parameter.name}={hostile[parameter.name]()}")
        elif parameter.choices and random.random() < 0.9:
            found.append(f"{parameter.name}={random.choice(parameter.choices)}")
        else:
            found.append(f"{parameter.name}={random.choice(random.choice([values.NUMBERS, values.VECTORS]))}")
    return found


def subjects(random, function):
    """What is drawn: what the help asks for, or numbers at the edges, or anything."""
    if random.random() < 0.2:
        return [random.choice(random.choice(values.POOLS + [DATA])) for _ in range(random.choice([0, 1, 1, 2, 3]))]
    found = []
    for parameter in function.parameters:
        pools = [pool for word, pool in KINDS.items() if re.search(word, parameter.text)]
        if parameter.is_optional or not pools:
            continue
        pool = random.choice(pools)
        count = random.choice([1, 2, 2, 3]) if parameter.is_rest and pool in (VECTORS, KINDS[r"function"]) else 1
        found += [random.choice(pool) for _ in range(count)]
        if pool is values.NETS and random.random() < 0.6:
            found.append(random.choice(values.DATA))
    return found


def attack(campaign):
    functions = catalog.functions(campaign.bp)
    drawing = [f for f in functions.values() if {"to", "width"} <= {p.name for p in f.parameters}]
    # As many steps, and as large, as they are told.
    allowed = re.compile(reasons(functions).pattern + r"|steps=|(width|height)=10000\b")
    for random in campaign.rounds(usual=170, short=1):
        lines = []
        for _ in range(PER_BATCH):
            function = random.choice(drawing)
            lines.append(f"{function.name}({', '.join(subjects(random, function) + options(random, function))})")
        os.makedirs(os.path.join(campaign.folder, "b"), exist_ok=True)
        window = {}
        if random.random() < 0.7:
            window = {"COLUMNS": random.choice(WINDOWS), "LINES": random.choice(WINDOWS)}
        campaign.batch(
            values.preamble(), lines, ["--max-steps", "300000", "--max-elements", "1000000"],
            seconds=90, reasons=allowed, budget=2500, environment=window)
