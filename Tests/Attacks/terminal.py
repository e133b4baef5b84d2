"""A hostile text in every name a user can give: no output has its control characters raw.

What leaves through a pipe may hold no control character but the newline and the tab, and none that
turns the direction of writing; at a terminal the sequences of the text itself are looked for. Only
what `print` writes of a string of the user's own is let through, so nothing here prints one.
"""

import json
import os
import re
import struct

import catalog
import common
import prompt
import values

TEXT = "own\x1b]0;own\x07\x1b[5;35mown\x9b5m\u202eown\u2066own\rown\x08own\x7f"
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
MARKERS = re.compile("\x1b\\]0;own|\x1b\\[5;35mown|\x9b5m|\u202e|\u2066|own\rown|own\x08own|\x7f")
# As a string of the language.
QUOTED = '"' + "".join(c if c.isalnum() else f"\\u{{{ord(c):x}}}" for c in TEXT) + '"'
# Without what a name of a file cannot hold.
FILE = TEXT.replace("/", "")
# Lines run as they are; each may end with an error. Q is the text as a string.
LINES = """
nonsense(Q)
x = load Q
x = csv Q
save [1] Q
save [1] "folder/" + Q
write_csv [1] Q
write_csv [[1, 2]] "a.csv" names=[Q, "b"]; x = csv "a.csv" target="none"
write_csv [[1, 2]] "a.csv" names=[Q, "b"]; x = csv "a.csv" target="b"; head x; describe x; show x; print x.features
write_csv [[1, 2]] "b.csv" names=[Q, "b"]; x = csv "b.csv"; x["none"]
export (mlp [2,1] linear) Q to=numpy
export (mlp [2,1] linear) "a.py" to=Q
run Q
import Q
r = [a: 1]; r[Q]
r = [a: 1]; r[Q] = 2; r.none
r = [a: 1]; r[Q] = 2; print r
x = contains [1] Q; print [Q], fields xor
d = data [0;1;2] [Q, "b", Q]; print d.classes; head d; describe d; show d; n = mlp [1,1] sigmoid; t = train n d epochs=1; confusion n d; report n d; print n; summary n; classify n [1]
d = data [0;1;2] [Q, "b", Q]; n = mlp [1,2] softmax; t = train n d epochs=1; show n d view=confusion; report n d
d = data [0;1;2] [Q, "b", Q]; n = mlp [1,1] sigmoid; t = train n d epochs=1; accuracy n (data [0;1] ["c", Q])
d = data [0;1;2] [Q, "b", Q]; n = mlp [1,1] sigmoid; t = train n d epochs=1; save n "n.safetensors"; m = load "n.safetensors"; accuracy m (data [0;1] ["c", "d"])
d = data [0;1;2] [Q, "b", Q]; n = mlp [1,1] sigmoid; t = train n d epochs=1; explain n d; forward n [1]; contrib n d; show n d; boundary n d
d = data [1,2;3,4] [0,1] names=["a", Q]; head d; describe d; show d; d["none"]
d = data [1,2;3,4] [0,1] names=["a", Q]; n = mlp [2,1] sigmoid; t = train n d epochs=1; show n d; explain n d; boundary n d; predict n [z: 1]
d = data [1,2;3,4] [0,1] names=["a", Q]; n = mlp [2,1] sigmoid; t = train n d epochs=1; show n d view=map; show n d view=net names=true; show n; latex(explain n d)
d = derive xor Q ((a, b) -> a); head d; d["none"]; features d ["none"]
features xor [Q]
d = onehot xor Q
d = standardize (data [1,2;3,4] [0,1] names=["a", Q]); head d
m = mlp [2,1] Q
m = mlp [2,1] linear loss=Q
m = mlp [2,1] linear init=Q
t = train (mlp [2,1] sigmoid) xor optimizer=Q
t = train (mlp [2,1] sigmoid) xor epochs=1 log=Q
t = train (mlp [2,1] sigmoid) xor epochs=1 checkpoint=Q
t = train (mlp [2,1] sigmoid) xor epochs=1 resume=Q
t = train (mlp [2,1] sigmoid) xor freeze=[Q]
g = gate Q
explain (mlp [2,1] sigmoid) xor Q
diagnose (mlp [2,1] sigmoid) xor Q 0.5
diagnose (mlp [2,1] sigmoid) xor "W1[1,1]" Q
landscape (mlp [2,1] sigmoid) xor Q
symbols (mlp [2,1] sigmoid) Q
notation Q
notation [from: "ng", name: Q, net: Q + "<i>", weight: "<none>" + Q]; show (mlp [2,1] sigmoid) view=net names=true; explain (mlp [2,1] sigmoid) xor; notation
notation [from: "ng", name: Q, net: "<i" + Q + ">"]
notation [from: Q]; r = [out: Q]; notation r
number Q
help Q
help(Q)
pictures Q
rounding Q
plot [1, 2] title=Q xlabel=Q ylabel=Q
plot [1, 2] to=Q
plot [1, 2] to=Q + ".svg"
plot [1, 2] charset=Q
plot [1, 2] theme=Q
scatter [1, 2] [1, 2] group=[Q, "b"] title=Q
bar [a: 1] title=Q; r = [a: 1]; r[Q] = 2; bar r
histogram [1, 2, 3] title=Q xlabel=Q
heatmap [1, 2; 3, 4] title=Q
show xor title=Q
show (mlp [2,3,1] tanh sigmoid) title=Q
show (x -> x^2) title=Q
compare (train (mlp [2,1] sigmoid) xor epochs=1 quiet=true) (train (mlp [2,1] sigmoid) xor epochs=2 quiet=true) title=Q
audit Q 0.5 0.5; audit "a" 0.5 0.6 Q
slide Q
check false, Q
check Q == "a"
check Q
exercise Q { check false, Q }
exercise "a" points=1 { hint Q; check 1 == 2, Q; mistake 3 Q }
attempt (() -> number Q)
attempt (() -> nonsense Q)
r = attempt (() -> number Q); r
print xor[Q]
x = Q; x.none
x = Q; x + 1
x = Q; x @ x
if Q { }
for x in 1..2 { load Q }
f(x) = load x; f Q
s = sweep (mlp [2,1] sigmoid) xor loss=[Q]
x = cut Q 1
join [1, 2] Q 3
x = replace Q 1 2
exit Q
clear Q
seed Q
digits Q
edit Q
undo Q
predict (mlp [2,1] linear) [a: Q]
data [[Q]] [[1]]
markdown Q
latex Q
grid Q
audit(Q, Q, Q)
time load Q
vars
"""
# Raw in the source, as a part of a name, a comment, a string or a number.
SOURCES = ["x = TEXT", "TEXT", "x = 1 # TEXT\nnonsense", 'x = "TEXT" + 1', "f(TEXT) = 1", "print 1TEXT", "x = [a: 1, TEXT: 2]; x.none",
           "import \"TEXT\"", "exercise \"TEXT\" { check 1 == 2 # TEXT\n}", "## TEXT\nf(x) = x\nhelp f", "TEXT = 1; vars", "load TEXT", "slide \"TEXT\"\nprint 1",
           "\"\"\"\nTEXT", "x.TEXT", "mlp [2,1] TEXT=1", "plot [1] TEXT=2", "___ # TEXT", "check false, \"TEXT\"", "help TEXT", "mistake 1 \"TEXT\""]
WAYS = [["{}"], ["--json", "{}"], ["check", "{}"], ["check", "--json", "{}"], ["fmt", "--check", "{}"], ["present", "--to", "{}.html", "{}"],
        ["present", "{}"], ["-i", "{}"]]


def raw(text, is_terminal=False):
    found = (MARKERS if is_terminal else RAW).search(text)
    if not found:
        return None
    return f"{found.group()!r} in {text[max(0, found.start() - 60):found.end() + 20]!r}"


def files(folder):
    """Files that hold the text where each format keeps names."""
    header = json.dumps({"__metadata__": {TEXT: TEXT, "bp.net": TEXT}, TEXT: {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}})
    escaped = header + " " * (-len(header) % 8)
    contents = {
        "a.csv": f'{TEXT},"b{TEXT}"\n1,{TEXT}\n2,b\n', "b.csv": f"a,b\n1,2,{TEXT}\n", "c.csv": f"a,b\n1,{TEXT}\n1e999,3\n", "a.tsv": f"{TEXT}\tb\n1\t2\n",
        "a.json": json.dumps({TEXT: {TEXT: TEXT}}), "b.json": f'{{"{TEXT}": 1', "c.json": json.dumps([{TEXT: 1}, {"a": 2}]), "d.json": json.dumps({"a": 1}) + TEXT,
        "a.safetensors": struct.pack("<Q", len(escaped)) + escaped.encode() + bytes(8), "a.bp": f"TEXT = {TEXT}", "b.bp": f'x = load "{TEXT}"',
        "a.npy": b"\x93NUMPY\x01\x00\x76\x00" + (b"{'descr': '" + TEXT.encode() + b"', 'shape': (1,), }").ljust(117) + b"\n"}
    for name, content in contents.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
    readers = [f'x = load "{name}"; print x; show x; vars' for name in contents if not name.endswith(".bp")]
    readers += [f'x = csv "{name}"; head x; describe x; show x; print x.classes' for name in contents if name.endswith("sv")]
    readers += ['x = csv "a.csv" target="none"', 'x = load "a.json"; x.none', 'import "a.bp"', 'run "b.bp"', 'x = load "a.safetensors"; x.none']
    return readers


def judged(campaign, name, words, text=b"", script=None):
    """Runs bp once and reports what it let through."""
    for file, content in (script or {}).items():
        with open(os.path.join(campaign.folder, file), "wb") as out:
            out.write(content.encode("utf-8", "surrogateescape"))
    end = campaign.run(words, text, seconds=15)
    campaign.tried += 1
    problem = end.problem()
    found = None if problem else raw(end.out) or raw(end.err)
    if problem or found:
        campaign.fail("raw", name, f"{problem or 'raw'}: {found or end.err[-200:]}")
    elif "--json" in words:
        for line in (end.out if "check" in words else end.err).splitlines():
            try:
                json.loads(line)
            except ValueError:
                if line.startswith("{"):
                    campaign.fail("raw", name, f"no JSON: {line[:200]}")


def at_terminal(campaign, name, lines, words=()):
    session = prompt.Session(campaign, list(words))
    session.read(0.15 * campaign.slowness)
    text = ""
    for line in lines:
        session.do((line + "\r").encode())
        session.read(0.06 * campaign.slowness)
        text += session.tail.decode("utf-8", "surrogateescape")
        session.tail = b""
    session.leave(3)
    campaign.tried += 1
    # A line that was typed is shown while it is typed: nothing here types the text itself.
    found = raw(text, is_terminal=True)
    if found:
        campaign.fail("raw", name, f"raw at a terminal: {found}")


def attack(campaign):
    functions = catalog.functions(campaign.bp)
    readers = files(campaign.folder)
    lines = [line.replace("Q", QUOTED) for line in LINES.strip().split("\n")] + readers
    clean = lambda line: line.replace(QUOTED, "Q")
    sources = [source.replace("TEXT", TEXT) for source in SOURCES]
    values.TEXTS[:] = [QUOTED, QUOTED, '"W1[1,1]"']
    for random in campaign.rounds(usual=30, short=1):
        share = 0.1 if campaign.is_short else 1
        for line in random.sample(lines, int(len(lines) * share)):
            judged(campaign, clean(line), ["-e", line])
            judged(campaign, f"--json: {clean(line)}", ["--json", "-e", line])
            if random.random() < share / 2:
                at_terminal(campaign, f"prompt: {clean(line)}", [line])
        for source in random.sample(sources, int(len(sources) * share)):
            for words in random.sample(WAYS, max(1, int(len(WAYS) * share))):
                file = random.choice(["a.bp", f"{FILE}.bp"])
                name = f"{' '.join(words).format('file', 'file')}: {source.replace(TEXT, 'TEXT')}" + (", name" if file != "a.bp" else "")
                judged(campaign, name, [word.format(file) for word in words], script={file: source})
        for words in [[FILE + ".bp"], ["--json", FILE], ["check", FILE], ["fmt", FILE], ["present", FILE], ["--" + TEXT], [TEXT, TEXT],
                      ["help", TEXT], ["--max-steps", TEXT], ["check", "--" + TEXT], ["-e", "print args.none", TEXT], ["--to", TEXT]]:
            judged(campaign, f"bp {' '.join(words).replace(TEXT, 'TEXT')}", words)
        # Every parameter of every function with the text in it; what strings come out is not written.
        maker = values.Maker(random, {name: f for name, f in functions.items() if name not in ("exit", "clear")})
        calls = [f"{maker.call(name, depth=0)}; nothing" for name in maker.names] + [
            f"{name}({', '.join([QUOTED] * count)}); nothing" for name in maker.names for count in (1, 2) if name != "print"]
        calls = random.sample(calls, int(len(calls) * share))
        check = lambda some: raw(statements(campaign, some))
        found = check(calls)
        campaign.tried += len(calls)
        if found:
            for line in calls:
                one = check([line])
                if one:
                    campaign.fail("raw", clean(line), one)
        if share == 1 or random.random() < share:
            at_terminal(campaign, "completion of names", [
                f"r = [a: 1]; r[{QUOTED}] = 2; d = data [1,2;3,4] [0,1] names=[\"a\", {QUOTED}]", 'r.\t\t', "\x03d[\"\t\t", "\x03load \"\t\t", "\x03vars", "\x03load \"own\t\t"])


def statements(campaign, lines):
    text = "\n".join(
        values.preamble().split("\n") + [f"attempt (() -> {{ {line} }})" for line in lines if '"new' not in line])
    end = campaign.run(["--max-steps", "300000", "--max-elements", "1000000", "-"], text, seconds=40)
    return end.out + end.err
