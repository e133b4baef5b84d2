"""What a divided step of a training consists of: shards, parts, pieces and bytes, as the code has them.

The counterparts in Swift are ShardTree, PartialSums, GradientExchange and ParameterStore of
Sources/Differentiation/Execution, and TrainingPlan.shards of Sources/Learning/Training/Shards.swift.
"""
from dataclasses import dataclass

BLOCK = 64               # bytes: memory begins at multiples of it, and gradients are cut there
FEW_BYTES = 1 << 15      # gradients of so many bytes go to everybody whole
FIXED_WORDS = 3          # of a header: step, wish, check; then loss and metric of each shard
MOST_SHARDS = 1024
LEAST_PARAMETERS, LEAST_ROWS = 10_000, 1024


def padded(count):
    return -(-count // BLOCK) * BLOCK


@dataclass(frozen=True)
class Net:
    """A net and the rule that trains it, in float32."""
    sizes: tuple
    rule: str = "sgd"
    width: int = 4

    @property
    def name(self):
        return "-".join(map(str, self.sizes)) + " " + self.rule

    @property
    def parameters(self):
        return sum((below + 1) * above for below, above in zip(self.sizes, self.sizes[1:]))

    @property
    def bytes(self):
        """Of all gradients, each weight matrix and bias vector padded."""
        return sum(padded(below * above * self.width) + padded(above * self.width)
                   for below, above in zip(self.sizes, self.sizes[1:]))

    @property
    def products(self):
        """Floating-point operations of the products of a row: forward, and twice backward without the first slope."""
        weights = [below * above for below, above in zip(self.sizes, self.sizes[1:])]
        return 6 * sum(weights) - 2 * weights[0]

    @staticmethod
    def named(name):
        sizes, rule = name.split()
        return Net(tuple(map(int, sizes.split("-"))), rule)


def power_of_two(most):
    return 1 << (max(1, most).bit_length() - 1)


def shards_of(net, batch, wanted=None):
    """Into how many shards a batch is cut; `wanted` as shards= gives it."""
    if wanted:
        return power_of_two(min(wanted, batch))
    return power_of_two(min(MOST_SHARDS, max(1, batch // LEAST_ROWS))) if net.parameters >= LEAST_PARAMETERS else 1


def shards_of_rank(shards, rank, ranks):
    return range(rank * shards // ranks, (rank + 1) * shards // ranks)


def rows_of_rank(batch, shards, rank, ranks):
    return sum((shard + 1) * batch // shards - shard * batch // shards
               for shard in shards_of_rank(shards, rank, ranks))


def parts_of(shards):
    """What is left of neighbouring shards once all are added that are both among them, as (level, index)."""
    parts = []
    for shard in shards:
        push(parts, (0, shard), lambda left, right: None)
    return parts


def push(parts, part, add):
    """Puts one part more behind others; whatever can be added then is, in the order of the tree."""
    while part[1] % 2 == 1 and parts and parts[-1] == (part[0], part[1] - 1):
        add(parts.pop(), part)
        part = (part[0] + 1, part[1] // 2)
    parts.append(part)


def piece_of(size, rank, ranks):
    """The bytes that a rank adds up."""
    if size <= FEW_BYTES:
        return size
    blocks = size // BLOCK
    return ((rank + 1) * blocks // ranks - rank * blocks // ranks) * BLOCK


def header_of(shards, rank, ranks):
    return padded(8 * (FIXED_WORDS + 2 * len(shards_of_rank(shards, rank, ranks))))


def others_of(rank, ranks, order="behind"):
    """Whom a rank sends to, in this order: those behind it first, or all from rank 0 on."""
    if order == "behind":
        return [(rank + place) % ranks for place in range(1, ranks)]
    return [other for other in range(ranks) if other != rank]


def sent_by(size, shards, rank, ranks):
    """What a rank sends in a step: messages and bytes."""
    parts = len(parts_of(shards_of_rank(shards, rank, ranks)))
    messages = moved = 0
    for other in others_of(rank, ranks):
        piece = piece_of(size, other, ranks)
        messages += 1 + (parts if piece else 0)
        moved += header_of(shards, rank, ranks) + parts * piece
        if size > FEW_BYTES and piece_of(size, rank, ranks):
            messages += 1
            moved += piece_of(size, rank, ranks)
    return messages, moved


def added_by(size, shards, rank, ranks):
    """The bytes of sums that a rank makes once it has the parts of all."""
    parts = sum(len(parts_of(shards_of_rank(shards, other, ranks))) for other in range(ranks))
    return (parts - 1) * piece_of(size, rank, ranks)


def phases_of(size):
    return 2 if size > FEW_BYTES else 1
