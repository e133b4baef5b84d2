"""Training steps and predictions of bench and of every peer in turn: medians over rounds, and how
often bp fits into a peer's time. Usage: steps.py BENCH [--markdown] [WORD]"""
import datetime
import os
import platform
import statistics
import subprocess
import sys

bench, arguments = sys.argv[1], sys.argv[2:]
markdown = "--markdown" in arguments
words = [a for a in arguments if not a.startswith("-")]
PEERS = ["numpy", "sklearn", "jax", "torch", "onnxruntime"]
here = os.path.dirname(os.path.abspath(__file__))
times, notes, missing = {}, {}, {}


def run(command):
    result = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "BP_THREADS": "1"})
    if result.returncode: missing[command[-1]] = result.stderr.strip().split("\n")[-1]
    for row in result.stdout.splitlines():
        work, peer, number, *note = row.split("\t")
        if work == "-": missing[peer] = number
        elif all(w in work for w in words):
            times.setdefault(work, {}).setdefault(peer, []).append(float(number))
            notes.setdefault(work, (note or [""])[0].strip())
            if note and note[0].strip(): notes[work] = note[0].strip()


def machine():
    try:
        lines = open("/proc/cpuinfo").read().splitlines()
        name = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"


for _ in range(3):
    run([bench, "--table"] + words)
    for peer in PEERS:
        if peer not in missing: run([sys.executable, os.path.join(here, "training.py"), peer])

columns = ["C"] + [p for p in PEERS if p not in missing]
rows = []
for work, found in times.items():
    if "bp" not in found: continue
    middle = {peer: statistics.median(numbers) for peer, numbers in found.items()}
    own = middle["bp"]
    ratios = [f"{middle[p] / own:.2f}" if p in middle else "" for p in columns]
    text = f"{own:.3f} µs" if own < 10 else f"{own:.0f} µs" if own < 1e4 else f"{own / 1e3:.0f} ms"
    rows.append([work] + ratios + [text, "" if "plain C" in notes[work] else notes[work]])
head = ["a step or prediction"] + [f"{p} / bp" for p in columns] + ["bp", ""]
about = f"{datetime.date.today()}, {machine()}; one thread, medians of 3 rounds taken in turn."
absent = "".join(f" {peer}: {why}." for peer, why in missing.items())
if markdown:
    print(f"""# What bp's steps cost

How often a step of bp fits into the same step of others: above 1 bp is faster. Everything is
counted: gathering the rows, forward and backward pass, loss, update. C are plain loops for this
one net, compiled with the package's own flags; JAX runs its whole loop compiled.

{about}{absent} Made by `scripts/bench --markdown`; two threads are
measured by the clock, torch is eager.
""")
    print("| " + " | ".join(head) + " |")
    print("|---" * len(head) + "|")
    for row in rows: print("| " + " | ".join(row) + " |")
else:
    print(about + absent)
    widths = [max(len(row[i]) for row in rows + [head]) for i in range(len(head))]
    for row in [head] + rows:
        print(row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:])), sep="  ")
