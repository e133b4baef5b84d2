"""Reads large tables with bp and with pandas' default reader, in turns, and prints megabytes a
second, the ratio of both, and the memory that bp needs besides its numbers. The shortest of five runs
counts.

Called by scripts/interoperability --speed with the path of bp (a release build) and an empty folder.
"""

import os
import subprocess
import sys
import time

import numpy as np
import pandas

BP, FOLDER = sys.argv[1:3]
os.chdir(FOLDER)
random = np.random.default_rng(1)


def tables():
    rows = 400_000
    long = pandas.DataFrame(random.normal(size=(rows, 10)))
    yield "long numbers", long.add_prefix("a")
    yield "short numbers", pandas.DataFrame(random.integers(0, 100, (rows * 5, 10))).add_prefix("a")
    mixed = pandas.DataFrame(np.round(random.normal(size=(rows * 3, 8)), 3)).add_prefix("a")
    gaps = mixed.mask(random.random(mixed.shape) < 0.02)
    mixed["kind"] = random.choice(["setosa", "versicolor", "virginica"], len(mixed))
    yield "numbers and a class", mixed
    yield "numbers with gaps", gaps


def seconds(body):
    begin = time.perf_counter()
    processor = os.times()
    body()
    now = os.times()
    used = now.user + now.system + now.children_user + now.children_system
    before = processor.user + processor.system + processor.children_user + processor.children_system
    return time.perf_counter() - begin, used - before


def bp(target):
    # What is left of the process: its start and its end.
    code = f'd = csv "table.csv" quiet=true{target}'
    subprocess.run([BP, "-e", code], check=True)


# A child begins with the largest memory of what starts it: a small program must.
MEASURE = """import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"""


def peak(code):
    """The largest memory of a run of bp, in MiB."""
    run = [sys.executable, "-c", MEASURE, BP, "-e", code]
    return int(subprocess.run(run, check=True, capture_output=True, text=True).stdout) / 1024


for name, table in tables():
    table.to_csv("table.csv", index=False)
    size = os.path.getsize("table.csv") / 1e6
    target = ' target="kind"' if "kind" in table else ""
    mine, theirs = [], []
    for _ in range(5):
        mine.append(seconds(lambda: bp(target)))
        theirs.append(seconds(lambda: pandas.read_csv("table.csv")))
    (wall, used), (other_wall, other_used) = map(min, zip(*mine)), map(min, zip(*theirs))
    spare = peak(f'd = csv "table.csv" quiet=true{target}') - table.size * 8 / 2**20
    print(
        f"{name}, {size:.0f} MB: bp {size / wall:.0f} MB/s ({used:.2f} s of processor),"
        f" pandas {size / other_wall:.0f} MB/s ({other_used:.2f} s): {other_wall / wall:.2f} times, {spare:.0f} MiB besides the numbers"
    )
