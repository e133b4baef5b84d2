"""Compares the tokens of the grammars with those of bp's lexer, on every script of the project: of
TextMate and Pygments, of CodeMirror where there is Node, of Vim where there is Neovim.

usage: grammars.py BP ROOT
"""
import logging
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

bp, root = sys.argv[1], pathlib.Path(sys.argv[2])
sys.path.insert(0, str(root / "scripts/editors/pygments"))

# The parser of TextMate keeps a folder where it is started.
os.chdir(tempfile.gettempdir())

from bplang_lexer import BplangLexer  # noqa: E402
from pygments.token import (  # noqa: E402
    Comment, Error, Keyword, Name, Number, Operator, Punctuation, String)
from textmate_grammar.parsers.base import LanguageParser  # noqa: E402
from textmate_grammar.utils.cache import init_cache  # noqa: E402
import json  # noqa: E402

# What is made to be no script stays out.
scripts = sorted(
    path for path in root.rglob("*.bp")
    if not {".build", "Errors"} & set(path.parts) and "SyntaxTests/Fixtures" not in str(path))


def own(path):
    """A colour for every character that the lexer gives one."""
    text = path.read_bytes()
    lines = subprocess.run(
        [bp, "colours", "--as", "tokens", str(path)], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    colours = [None] * len(text)
    for line in lines:
        start, end, colour = line.split()
        colours[int(start):int(end)] = [colour] * (int(end) - int(start))
    by_character, offset = [], 0
    for character in text.decode():
        by_character.append(colours[offset])
        offset += len(character.encode())
    return by_character


PYGMENTS = [
    (Comment, "comment"), (Keyword.Constant, "constant"), (Keyword, "keyword"),
    (Operator, "operator"), (Number, "number"), (String.Escape, "escape"),
    (String.Interpol, "interpolation"), (String, "string"), (Name.Variable.Magic, "placeholder"),
    (Name, "name"), (Punctuation, "punctuation"), (Error, "error"),
]


def pygments(text):
    colours = []
    for _, token, part in BplangLexer().get_tokens_unprocessed(text):
        colour = next((name for kind, name in PYGMENTS if token in kind), None)
        colours += [colour] * len(part)
    return colours


SCOPES = [
    ("comment", "comment"), ("constant.numeric", "number"), ("constant.language", "constant"),
    ("constant.character.escape", "escape"), ("constant.other.format", "interpolation"),
    ("punctuation.section.embedded", "interpolation"), ("keyword.control", "keyword"),
    ("keyword.operator", "operator"), ("invalid.illegal.placeholder", "placeholder"),
    ("support", "name"), ("entity", "name"), ("variable", "name"), ("punctuation", "punctuation"),
    ("string", "string"),
]


def textmate(parser, text):
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    colours = [None] * len(text)
    parsed = parser.parse_string(text)
    for (line, column), part, scopes in (parsed.flatten() if parsed else []):
        colour = None
        for scope in reversed(scopes):
            colour = next((name for kind, name in SCOPES if scope.startswith(kind)), None)
            if colour:
                break
            if scope.startswith("meta.embedded"):
                break
        start = starts[line] + column
        colours[start:start + len(part)] = [colour] * len(part)
    return colours


def differences(text, found, wanted):
    for place, (_, one, other) in enumerate(zip(text, found, wanted)):
        if text[place].isspace() or one == other:
            continue
        # What is no token of the language may have any colour.
        if other in (None, "invalid"):
            continue
        line = text.count("\n", 0, place) + 1
        yield f"{line}: {text.splitlines()[line - 1]!r}: {text[place]!r} is {one}, not {other}"


CODEMIRROR = {
    "comment": "comment", "number": "number", "variable": "name", "keyword": "keyword",
    "invalid": "placeholder", "operator": "operator", "atom": "constant", "builtin": "name",
    "variableName.standard": "name", "punctuation": "punctuation", "string": "string",
    "string-2": "escape", "meta": "interpolation", None: None,
}


def codemirror():
    """The colours of all scripts; nothing where there is no Node."""
    if not shutil.which("node"):
        print("CodeMirror skipped: no node")
        return [None] * len(scripts)
    here = pathlib.Path(__file__).parent
    answer = subprocess.run(
        ["node", str(here / "grammars.mjs"), str(root / "scripts/editors/codemirror/bplang.mjs")]
        + [str(path) for path in scripts], check=True, capture_output=True, text=True).stdout
    return [
        [CODEMIRROR[style] for style, part in runs for _ in part][:-1] for runs in json.loads(answer)]


VIM = {
    "Comment": "comment", "Keyword": "keyword", "Statement": "keyword", "OperatorWord": "operator",
    "Operator": "operator", "Constant": "constant", "Function": "name", "Name": "name",
    "Number": "number", "String": "string", "Escape": "escape", "Brace": "interpolation",
    "Format": "interpolation", "Blank": "placeholder", "Variable": "name",
}
# Vim has no words for what else there is.
PLAIN = {"name", "punctuation"}


def vim():
    """The colours of all scripts; nothing where there is no Neovim."""
    if not shutil.which("nvim"):
        print("Vim skipped: no nvim")
        return [None] * len(scripts)
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        (out / "list").write_text("".join(f"{path}\n" for path in scripts))
        subprocess.run(
            ["nvim", "--headless", "-n", "-u", "NONE", "-c",
             f"luafile {pathlib.Path(__file__).resolve().parent / 'grammars.lua'}", "-c", "cquit"],
            check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=600, env=os.environ | {
                "BP_ROOT": str(root), "BP_SCRIPTS": str(out / "list"), "BP_OUT": folder,
                "HOME": folder, "XDG_CONFIG_HOME": folder})
        found = []
        for number, path in enumerate(scripts, 1):
            lines = (out / str(number)).read_text().split("\n")
            colours = []
            for line, names in zip(path.read_text().split("\n"), lines):
                names, offset = names.split(), 0
                for character in line:
                    colours.append(VIM.get(names[offset] if offset < len(names) else "", "plain"))
                    offset += len(character.encode())
                colours.append(None)
            found.append(colours[:-1])
        return found


init_cache()
logging.disable(logging.CRITICAL)
grammar = json.loads((root / "scripts/editors/vscode/syntaxes/bplang.tmLanguage.json").read_text())
parser = LanguageParser(grammar)
failed = 0
for path, mode, syntax in zip(scripts, codemirror(), vim()):
    text = path.read_text()
    wanted = own(path)
    plain = ["plain" if colour in PLAIN else colour for colour in wanted]
    kinds = [
        ("Pygments", pygments(text), wanted), ("TextMate", textmate(parser, text), wanted),
        ("CodeMirror", mode, wanted),
        ("Vim", syntax and ["plain" if c in PLAIN else c for c in syntax], plain),
    ]
    for name, found, wanted in kinds:
        for problem in list(differences(text, found, wanted))[:3] if found else []:
            failed += 1
            print(f"{name}: {path.relative_to(root)}:{problem}", file=sys.stderr)
print(f"{len(scripts)} scripts have the colours of the lexer" if not failed else f"{failed} differ")
sys.exit(1 if failed else 0)
