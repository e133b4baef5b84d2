"""Every function of the catalog with hostile arguments, and calls in each other."""

import re

import catalog
import values

PER_BATCH = 250


def reasons(functions):
    """Lines that may take long: trainings have as many epochs as they are told."""
    names = [name for name, function in functions.items() if function.topic == "training"]
    return re.compile(r"\b(" + "|".join(names) + r")\b")


def attack(campaign):
    functions = catalog.functions(campaign.bp)
    # exit ends the batch, clear takes its values away: they come last.
    last = [name for name in ("exit", "clear") if name in functions]
    rest = {name: function for name, function in functions.items() if name not in last}
    # Functions of these topics stand only where one of them is chosen.
    chosen = ("optimizers", "initializers", "schedules")
    allowed = reasons(functions)
    for random in campaign.rounds(usual=400, short=2):
        maker = values.Maker(random, rest)
        names = [name for name, function in rest.items() if function.topic not in chosen]
        random.shuffle(names)
        lines = [maker.call(name, depth=random.choice([0, 0, 1, 2])) for name in names[:PER_BATCH]]
        lines += [values.Maker(random, functions).call(random.choice(last)) for _ in last]
        campaign.batch(
            values.preamble(), lines, ["--max-steps", "300000", "--max-elements", "1000000"],
            seconds=60, reasons=allowed, budget=2500)
