"""Hostile values, as text of the language, and calls of the catalog with them."""

import re

NUMBERS = [
    "0", "(-0.0)", "1", "(-1)", "2", "3", "0.5", "nan", "inf", "(-inf)", "1e308", "(-1e308)", "5e-324",
    "9007199254740992", "9007199254740993", "4611686018427387904", "9223372036854775807", "9e18", "(-9e18)",
    "1e18", "1e19", "1e300", "(-1e300)", "268435456", "268435457", "2147483647", "2147483648", "4294967296",
    "(-2147483649)", "65535", "65536", "100", "1e-300", "0.1", "(-3)", "1.5", "7", "2e9"]
VECTORS = [
    "[]", "[nan]", "[inf, -inf]", "[1e308, -1e308]", "[0]", "(zeros 0)", "[1, 2, 3]", "[-0.0, 0]", "(rand 7)",
    "[5e-324, 1e308]", "[1, 1, 1, 1]", "(1..300)", "[nan, 1, inf]", "[2,1]", "[0,1]", "[-1, 0.5]", "v0", "v1",
    "[1e18, 1e18]", "(where((rand 40) > 0.5, 1, 0))"]
MATRICES = [
    "(zeros 0 3)", "(zeros 3 0)", "(zeros 0 0)", "(zeros 3e5 0)", "(zeros 0 3e5)", "(zeros 0 9e18)", "[[nan]]", "[[1e308, 1e308]]", "[1, 2; 3, 4]", "(rand 3 2)",
    "(rand 5 5)", "[[0]]", "[1e308; -1e308]", "[1, inf; nan, -1e308]", "(rand 40 2)", "[[1, 1], [1, 1]]",
    "(eye 3)", "(zeros 4 4)", "m0", "m1", "(ones 2 300)", "(ones 300 2)", "[1,1e-300;1e300,1]"]
TEXTS = [
    '""', '"a"', '"\\u{0}"', '"\\u{1b}[31m"', '"\\u{202e}x"', '"e\\u{301}"', '"\\{"', '"日本語"', '"\\n\\u{d}\\t"',
    '"W1[1,1]"', '"x1"', '"W1"', '"b1"', '"1e400"', '"nan"', '"W0[0,0]"', '"W1[99999999999999999999,1]"',
    '"w"', '"."', '"-"', '"\'"', '"\\\\"', '"%s%n"', '"<script>"', '"\\u{1f469}\\u{200d}\\u{1f4bb}"', "long",
    '"W1[1,1"', '"W9223372036854775807[1,1]"', '"E"', '"{nan:.99}"', '"{1:400.3}"', '"&"', '"$x^2$"']
FILES = [
    '"new.csv"', '"new.npy"', '"new.npz"', '"new.json"', '"new.safetensors"', '"new.onnx"', '"new.svg"',
    '"new.png"', '"new.tex"', '"new.txt"', '"new.tsv"', '"new.bp"', '"new"', '""', '"."', '"new/new.csv"',
    '"n\\u{0}.csv"', '".csv"', '"new.py"', '"new.c"']
LISTS = [
    '["a"]', '[1, "two", [3]]', "[[:]]", "[[], []]", "[nothing]", "[(x -> x)]", '["a", "a", "b"]', "deep", "[[1], [2, 3]]",
    "[true, false]", '["W1", "b1"]', "[xor, circles]", "[n1, n2]", '["", ""]', "[nan, \"x\"]", "many", "[[nan, 1], []]"]
RECORDS = [
    "[:]", "[a: 1]", "[x: nan, n: []]", '[net: "<i><"]', '[from: "ng", name: "a", net: "s_<unit>"]', '[lr: "x"]',
    "[a: [b: [c: nothing]]]", "[value: 1, error: nothing]", "[x: zeros(0, 3), t: []]", "[w: nan]", "wide"]
FUNCTIONS = [
    "(x -> x)", "(x -> nan)", "((x, y) -> x)", "(() -> 1)", "sqrt", "sum", "(x -> [])", "((x, y) -> x^2 + y^2 < 1)",
    "(x -> true)", '(x -> "a")', "(x -> x[1])", "((w, g) -> w - 0.1*g)", "((w, g) -> [w: nan*w])", "(x -> 1/x)",
    "(x -> inf)", "((x, y) -> 1e308*x)", "(x -> nothing)", "(x -> xor)", "mlp", "((y, t) -> sum((y - t)^2))",
    "((a, b, c) -> a)", "(x -> where(x > 0, 1e308, -1e308))", "recurse", "(x -> E)", "(r -> r.loss < 1)", "(x -> x @ x)"]
OTHERS = ["true", "false", "nothing", "args"]
NETS = [f"n{i}" for i in range(15)]
DATA = ["xor", "circles", "(moons n=5)", "(plane n=3)"] + [f"d{i}" for i in range(14)]
MADE = ["r0", "r1", "s0", "c0", "x0", "x1", "x2", "x3", "E", "w", "G", "W", "F", "k0", "h0"]
NAMED = {
    r"\bnets?\b": NETS, r"\b(data|samples|rows)\b": DATA, r"\b(function|condition)\b": FUNCTIONS,
    r"\b(file|path)\b": FILES, r"\b(matrix|matrices)\b": MATRICES, r"\bvectors?\b": VECTORS,
    r"\b(string|text|title|name|names|label)\b": TEXTS, r"\b(list|elements)\b": LISTS, r"\brecord\b": RECORDS,
    r"\b(number|rate|factor|fraction|norm|whole|index)\b": NUMBERS, r"\b(run|runs|report|explanation)\b": MADE,
    r"\b(true|false|whether)\b": ["true", "false"]}
POOLS = [NUMBERS, VECTORS, MATRICES, TEXTS, FILES, LISTS, RECORDS, FUNCTIONS, OTHERS, NETS, DATA, MADE]

# Each line stands for itself: what this build refuses to make leaves the others their values.
VALUES = """
long = pad("x", 100000)
deep = fold ((a, i) -> [a, "b"]) [nothing] (1..150)
many = map (i -> string i) (1..500)
wide = [a1: 1, a2: "x", a3: [1, 2], a4: nothing, a5: nan, a6: [:], a7: xor, a8: (x -> x)]
v0 = rand 500; v1 = [nan, nan, nan]
m0 = rand 20 30; m1 = [nan, nan; nan, nan]
recurse(x) = recurse(x)
n0 = mlp [1,1] linear
n1 = mlp [2,1] sigmoid
n2 = mlp [2,3,1] tanh sigmoid
n3 = mlp [2,3,3] relu softmax
n4 = mlp [2,2,2] sigmoid linear dtype=float32
n5 = mlp [2,1] linear; n5.W1 = [[1e308, 1e308]]
n6 = mlp [2,2,1] tanh sigmoid; n6.W1 = [[nan, 1], [inf, -inf]]
n7 = perceptron [2]
n8 = mlp [30,40,2] relu softmax
n9 = mlp [2,3,1] prelu sigmoid dropout=0.5
n10 = mlp [2,3,1] (x -> x/(1 + abs(x))) linear loss=((y, t) -> sum((y - t)^4))
n11 = mlp [1,1,1,1,1,1,1,1,1,1] tanh
n12 = mlp [2,4,1] tanh sigmoid; t = train n12 xor epochs=3 quiet=true
n13 = mlp [2,3] softmax bias=false
n14 = mlp [3,2] linear init=zeros
d0 = data [1,2; 3,4; 5,6] [0, 1, 1]
d1 = data [1,2,inf,inf] [0,0,0,0]
d2 = data [nan; 1; 2] [0; 1; nan]
d3 = data [0; 1; 2; 3] ["low", "low", "high", "high"]
d4 = d0[[]]
d5 = data [1,1e308; 2,-1e308] [0, 1]
d6 = data [[1, 2]] [[1, 0]]
d7 = data (rand 40 30) (where((rand 40) > 0.5, 1, 0))
d8 = data [0,0; 1,0; 1,1] [0,0; 1,0; 1,1] names=["x", "y", "big", "red"]
d9 = data (zeros 5 2) [7, 7, 7, 7, 7] categories=true
d10 = data (zeros 3 0) [0, 1, 1]
d11 = data (zeros 0 2) []
d12 = data (zeros 0 2) (zeros 0 1)
d13 = data [1,2; 3,4; 5,6] [1e308, -1e308, 0]
r0 = train n1 d0 epochs=3 quiet=true
r1 = train (mlp [2,3,1] tanh sigmoid) circles epochs=2 valid=moons quiet=true
s0 = sweep n1 xor lr=[0.1, 1] epochs=2 quiet=true
c0 = compare r0 r1
k0 = kfold d0 k=3
h0 = attempt (() -> nonsense)
param w = 2, W = [[1, nan], [2, 3]], G = [0.5, -1]
E = w^2; F = sum((W @ G)^2)
x0 = explain E w
x1 = explain n2 xor
x2 = gradcheck (x -> x^2) 1
x3 = diagnose n1 xor "W1[1,1]" 0.5
"""


def preamble():
    """The values under their names; those that cannot be made are nothing."""
    names = re.findall(r"(?:^|; )(\w+) = ", VALUES, re.MULTILINE)
    begun = [f"{name} = nothing" for name in dict.fromkeys(names)]
    made = [
        re.sub(r"^(\w+) = (.*)$", r"\1 = (attempt (() -> \2)).value", part)
        if re.match(r"\w+ = ", part) else part if re.match(r"param|\w+\(", part) else f"attempt (() -> {{ {part} }})"
        for part in re.split(r"\n|; (?=\w[\w.]* = )", VALUES.strip())]
    return "\n".join(begun + made)


class Maker:
    """Makes values and calls from one source of chance."""

    def __init__(self, random, functions):
        self.random, self.functions = random, functions
        self.names = list(functions)

    def value(self, depth=0):
        if depth > 0 and self.random.random() < 0.35:
            return f"({self.call(depth=depth - 1)})"
        return self.random.choice(self.random.choice(POOLS))

    def argument(self, parameter, depth):
        """Mostly something of the kind that the help describes, at its edges; else anything."""
        chance = self.random.random()
        if chance < 0.15:
            return self.value(depth)
        if depth > 0 and chance < 0.35:
            return f"({self.call(depth=depth - 1)})"
        if parameter.choices and chance < 0.7:
            choice = self.random.choice(parameter.choices)
            is_bare = self.random.random() < 0.5 or choice not in self.functions
            return choice if is_bare else self.call(choice, depth=0)
        if parameter.bounds and chance < 0.9:
            least, most = parameter.bounds
            most = min(most if most is not None else least + 40, least + 400)
            return f"({self.random.choice([least, least - 1, most, least + 1, self.random.randint(least, max(least, most))])})"
        pools = [pool for pattern, pool in NAMED.items() if re.search(pattern, parameter.text or parameter.name)]
        return self.random.choice(self.random.choice(pools or POOLS))

    def call(self, name=None, depth=2, extra=()):
        function = self.functions[name or self.random.choice(self.names)]
        words = []
        for parameter in function.parameters:
            if parameter.is_optional:
                continue
            count = self.random.choice([0, 1, 1, 2, 3]) if parameter.is_rest else 1
            words += [self.argument(parameter, depth) for _ in range(count)]
        if self.random.random() < 0.08:
            words = words[:-1] if self.random.random() < 0.5 else words + [self.value(depth)]
        options = [parameter for parameter in function.parameters if parameter.is_optional]
        for parameter in self.random.sample(options, min(len(options), self.random.choice([0, 0, 0, 1, 1, 2, 3]))):
            words.append(f"{parameter.name}={self.argument(parameter, depth)}")
        if self.random.random() < 0.03:
            words.append(f"{self.random.choice(['seed', 'axis', 'title', 'wrong', 'to'])}={self.value()}")
        words += extra
        return f"{function.name}({', '.join(words)})"
