"""The functions of bp with their parameters and choices, as its own help lists them."""

import re

from common import output


class Parameter:
    def __init__(self, word):
        self.is_rest = word.endswith("…")
        self.is_optional = word.startswith("[") or "=" in word
        self.name = re.match(r"\[?(\w+)", word).group(1)
        self.text = ""

    @property
    def choices(self):
        """Names that are listed below the description, one behind the other."""
        lists = re.findall(r"(?:\w+, )+\w+$", self.text)
        pair = re.search(r"\b(\w+) or (\w+)\.$", self.text) if self.is_optional else None
        return lists[-1].split(", ") if lists else [word.lower() for word in pair.groups()] if pair else []

    @property
    def bounds(self):
        """The least and the most of a whole number, where the help names them."""
        both = re.search(r"from (-?\d+) to (\d+)", self.text)
        least = re.search(r"at least (\d+)", self.text)
        return (int(both.group(1)), int(both.group(2))) if both else (int(least.group(1)), None) if least else None


class Function:
    def __init__(self, name, topic, parameters):
        self.name, self.topic, self.parameters = name, topic, parameters


def topics(bp):
    """The names that help lists, by topic; only those that can be called."""
    text = output(bp, "-e", "help everything")
    found = {}
    for topic, names in re.findall(r"^(\w[\w ]*): ((?:.|\n )*)", text, re.MULTILINE):
        words = re.split(r"[,\s]+", names.strip())
        if topic not in ("statements", "operators", "concepts"):
            found[topic] = words
    return found


def functions(bp):
    listed = {name: topic for topic, names in topics(bp).items() for name in names}
    names = list(listed)
    code = "\n".join(f'print "@ {name}"; help {name}' for name in names)
    answers = dict(zip(names, re.split(r"^@ \w+\n", output(bp, "-e", code), flags=re.MULTILINE)[1:]))
    if len(answers) < 100 or len(answers) < len(names):
        raise SystemExit(f"help explains {len(answers)} of {len(names)} functions")
    return {name: Function(name, listed[name], parameters(name, answers[name])) for name in names}


def parameters(name, answer):
    lines = answer.split("\n")
    signature = lines[0]
    for line in lines[1:]:
        # The summary begins with a capital; a signature goes on in small letters or brackets.
        if not re.match(r"[\[a-z]", line) or line.endswith(".") or not re.search(r"[=\[…]", line):
            break
        signature += " " + line
    found = [Parameter(word) for word in signature.split()[1:] if re.match(r"\[?[A-Za-z]\w*", word)]
    described = re.findall(r"^  (\[?\w+\S*)  +(\S.*(?:\n {5,}\S.*)*)", answer, re.MULTILINE)
    for word, text in described:
        label = re.match(r"\[?(\w+)", word)
        for parameter in found:
            if label and parameter.name == label.group(1):
                parameter.text = re.sub(r"\s+", " ", text)
    return found
