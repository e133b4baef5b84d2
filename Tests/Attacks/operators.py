"""Expressions of every operator over hostile values: indexes, slices, ranges, assignments, loops."""

import values

PER_BATCH = 300
BINARY = ["+", "-", "*", "/", "%", "@", "^", "==", "!=", "<", "<=", ">", ">=", "≈", "and", "or", ".."]
POOLS = [values.NUMBERS, values.NUMBERS, values.VECTORS, values.MATRICES, values.TEXTS, values.LISTS, values.RECORDS,
         values.FUNCTIONS, values.OTHERS, values.NETS, values.DATA, values.MADE]
FIELDS = ["x", "t", "n", "W1", "b1", "a", "value", "loss", "classes", "count", "wrong", "W99", "b0", "losses", "net"]


class Expressions:
    def __init__(self, random):
        self.random = random

    def any(self, depth):
        random = self.random
        if depth <= 0 or random.random() < 0.15:
            return random.choice(random.choice(POOLS))
        chance = random.randrange(14)
        if chance < 5:
            return f"({self.any(depth - 1)} {random.choice(BINARY)} {self.any(depth - 1)})"
        if chance == 5:
            return f"({random.choice(['-', 'not '])}{self.any(depth - 1)})"
        if chance == 6:
            return f"({self.any(depth - 1)})'"
        if chance in (7, 8):
            return f"({self.any(depth - 1)})[{self.index(depth - 1)}]"
        if chance == 9:
            return f"({self.any(depth - 1)}).{random.choice(FIELDS)}"
        if chance == 10:
            return f"({self.any(depth - 1)} .. {self.any(depth - 1)} by {self.any(depth - 1)})"
        if chance == 11:
            return f"({self.any(depth - 1)} ≈ {self.any(depth - 1)} within {self.any(depth - 1)})"
        if chance == 12:
            separator = random.choice([", ", "; "])
            return "[" + separator.join(self.any(depth - 1) for _ in range(random.randint(1, 4))) + "]"
        return f'"{{{random.choice(random.choice(POOLS)) if random.random() < 0.5 else "1/3"}:{random.choice([".4", "8.3", ".99", "400", ".17g", "0"])}}}"'

    def index(self, depth):
        random = self.random
        one = lambda: random.choice([":", self.any(depth), random.choice(values.NUMBERS), "-1..1", "1..-1", "2..-1", "0", "[]", "[1, 1]"])
        return ", ".join(one() for _ in range(random.choice([1, 1, 2, 2, 3])))

    def place(self):
        random = self.random
        base = random.choice(["a", "b"])
        return base + random.choice([
            "", f"[{self.index(1)}]", f".{random.choice(FIELDS)}", f"[{self.index(0)}][{self.index(0)}]",
            f".{random.choice(FIELDS)}[{self.index(0)}]"])

    def statement(self):
        random = self.random
        chance = random.randrange(10)
        if chance < 5:
            return self.any(3)
        begin = f"a = {self.any(1)}; b = {self.any(0)}; "
        if chance < 8:
            operator = random.choice(["=", "+=", "-=", "*=", "/="])
            return begin + f"{self.place()} {operator} {self.any(2)}; [a, b]"
        if chance == 8:
            loop = random.choice([
                f"for x in {self.any(2)} {{ a = x }}", f"repeat {self.any(1)} {{ a += 1; if a == 5 {{ break }} }}",
                f"while {self.any(2)} {{ {self.place()} = b; break }}", f"for x in {self.any(1)} {{ b = x }}",
                f"if {self.any(2)} {{ a = b }} else {{ b = a }}", f"a, b = {self.any(2)}"])
            return begin + loop + "; [a, b]"
        return f"f(x, y={self.any(1)}) = {self.any(1)}; f {self.any(0)}"


def attack(campaign):
    for random in campaign.rounds(usual=340, short=2):
        make = Expressions(random)
        lines = [make.statement() for _ in range(PER_BATCH)]
        campaign.batch(
            values.preamble(), lines, ["--max-steps", "100000", "--max-elements", "1000000"], seconds=60, budget=2500)
