"""Measures bench and every library in turn and writes how often bp fits into their times.
Usage: table.py BUILD ENVIRONMENTS [--markdown] [WORD…], where BUILD holds bench, bp and plain and
ENVIRONMENTS a Python environment for each library; without one the library counts as absent."""
import datetime
import os
import platform
import statistics
import subprocess
import sys
import time

import processes

build, environments = sys.argv[1], sys.argv[2]
markdown = "--markdown" in sys.argv
words = [a for a in sys.argv[3:] if not a.startswith("-")]
here = os.path.dirname(os.path.abspath(__file__))
LIBRARIES = ["numpy", "sklearn", "jax", "torch", "keras", "onnxruntime"]
ROUNDS = 3
began = time.time()
missing = {}


def say(text):
    print(f"{time.time() - began:4.0f} s  {text}", file=sys.stderr, flush=True)


def python(library):
    return os.path.join(environments, library, "bin", "python")


def measured(command, threads):
    """Lines `work, who, microseconds[, note]` that a measuring program writes."""
    environment = {**os.environ, "BP_THREADS": str(threads), "PEER_THREADS": str(threads)}
    result = subprocess.run(command, capture_output=True, text=True, env=environment)
    if result.returncode: return None, (result.stderr.strip().split("\n") or [""])[-1]
    return [line.split("\t") for line in result.stdout.splitlines()], ""


def versions():
    code = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
    found = []
    for library in LIBRARIES:
        if library in missing or not os.path.exists(python(library)): continue
        name = {"sklearn": "scikit-learn"}.get(library, library)
        names = [name, "tensorflow-cpu"] if library == "keras" else [name]
        for name in names:
            result = subprocess.run([python(library), "-c", code, name], capture_output=True, text=True)
            if result.returncode == 0: found.append(f"{name} {result.stdout.strip()}")
    return ", ".join(found)


def machine():
    try:
        lines = open("/proc/cpuinfo").read().splitlines()
        name = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start"


def rounds(threads, words, libraries=LIBRARIES, bench=(), count=ROUNDS):
    """Medians by work and library, with the notes of bench."""
    times, notes = {}, {}
    for turn in range(count):
        commands = [("bp", [os.path.join(build, "bench"), "--table", *bench, *words])]
        if threads == 1 and not bench: commands.append(("C", [os.path.join(build, "plain"), "steps"]))
        commands += [(l, [python(l), os.path.join(here, "steps", f"with_{l}.py"), *words])
                     for l in libraries if l not in missing]
        for who, command in commands:
            if not os.path.exists(command[0]):
                missing[who] = "not installed"
                continue
            say(f"round {turn + 1} of {count}, {threads} thread{'s' if threads > 1 else ''}: {who}")
            lines, problem = measured(command, threads)
            if lines is None:
                missing[who] = problem
                continue
            for work, who, number, *note in lines:
                if all(word in work for word in words):
                    times.setdefault(work, {}).setdefault(who, []).append(float(number))
                    if note and note[0]: notes[work] = note[0]
    return {w: {p: statistics.median(n) for p, n in t.items()} for w, t in times.items()}, notes


def duration(microseconds):
    if microseconds < 10: return f"{microseconds:.3f} µs"
    return f"{microseconds:.0f} µs" if microseconds < 1e4 else f"{microseconds / 1e3:.0f} ms"


def table(head, rows):
    if markdown:
        for row in [head, ["---"] * len(head)] + rows: print("| " + " | ".join(row) + " |")
    else:
        widths = [max(len(row[i]) for row in rows + [head]) for i in range(len(head))]
        for row in [head] + rows:
            cells = [c.rjust(w) for c, w in zip(row[1:], widths[1:])]
            print(row[0].ljust(widths[0]), *cells, sep="  ")
    print()


def ratios(found, notes):
    columns = [p for p in ["C"] + LIBRARIES if any(p in row for row in found.values())]
    rows = []
    for work, times in found.items():
        if "bp" not in times: continue
        own = times["bp"]
        rows.append([work] + [f"{times[p] / own:.2f}" if p in times else "" for p in columns]
                    + [duration(own), notes.get(work, "")])
    table(["a step or prediction"] + [f"{p} / bp" for p in columns] + ["bp", ""], rows)


def heading(title, text):
    print(f"## {title}\n\n{text}\n" if markdown else f"{title}\n")


def threads():
    """Two threads against one, by the clock in turn, alone and beside a process that takes a core."""
    names = ["784-256-128-10 batch 128 adam", "1024-2048-2048-1024 batch 512 sgd"]
    rows = []
    for busy in (False, True):
        neighbour = busy and subprocess.Popen([sys.executable, "-c", "while True: pass"])
        try:
            for name in names:
                for kind in ("float64", "float32"):
                    work, by = f"{name} {kind}", {1: [], 2: []}
                    if not all(word in work for word in words): continue
                    say(f"1 and 2 threads{' beside a busy neighbour' if busy else ''}: {work}")
                    for _ in range(ROUNDS):
                        for count in by:
                            lines, _ = measured(
                                [os.path.join(build, "bench"), "--table", "--wall", *work.split()], count)
                            by[count] += [float(line[2]) for line in lines or []]
                    if not by[1] or not by[2]: continue
                    one, two = statistics.median(by[1]), statistics.median(by[2])
                    rows.append([work, "one core taken" if busy else "alone", f"{one / two:.2f}",
                                 duration(one), duration(two)])
        finally:
            if neighbour:
                neighbour.kill()
                neighbour.wait()
    table(["a step of bp", "beside", "1 thread / 2 threads", "1 thread", "2 threads"], rows)


def many():
    """Folds and seeds of the net of digits, side by side and one by one, by the clock and by processor
    time, with all processors; as long as they have others to do, the clock says little."""
    works = [("8 folds of 64-128-64-10 batch 32 adam", "folds.bp"),
             ("20 seeds of 64-128-64-10 batch 32 adam", "seeds.bp")]
    rows = []
    for work, script in works:
        by = {"alone": [], "together": []}
        for turn in range(ROUNDS + 2):
            say(f"round {turn + 1} of {ROUNDS + 2}: {work}")
            for how, times in by.items():
                times.append(processes.timed([os.path.join(build, "bp"), os.path.join(here, script), how]))
        alone, together = ([min(t) for t in zip(*by[how])] for how in by)
        rows.append([work, f"{alone[0] / together[0]:.2f}", f"{alone[1] / together[1]:.2f}",
                     f"{together[0] * 1e3:.0f} ms", f"{together[1] * 1e3:.0f} ms"])
    table(["float32, whole processes", "one by one / side by side, clock", "processor time", "clock",
           "processor time"], rows)


# One word asks for what is about many nets.
lanes_only = words == ["lanes"]
if lanes_only: words = ["nets of"]
about = f"{datetime.date.today()}, {machine()}."
found, notes = rounds(1, words, ["jax"] if lanes_only else LIBRARIES)
if markdown: print("# What bp's steps cost\n")
print(f"""How often a step of bp fits into the same step of others: above 1 bp is faster. Everything is
counted: gathering the rows, forward and backward pass, loss, update. Medians of {ROUNDS} rounds in which
all are run in turn, each the best of its runs. C are plain loops for this one net, compiled with
-O3 -march=native; JAX runs its whole loop compiled, Keras its layers in one compiled TensorFlow
function, PyTorch eagerly.

{about} {versions()}.""" + "".join(f" Absent: {who} ({why})." for who, why in missing.items())
      + (" Made by `scripts/bench --markdown`." if markdown else "") + "\n")
heading("One thread", "By processor time.")
ratios(found, notes)
if lanes_only or not words:
    heading("Many nets", f"Folds and seeds on {os.cpu_count()} processors, the best of {ROUNDS + 2} runs in turn.")
    many()
if lanes_only: sys.exit()
heading("Two threads", "By the clock, every library with two threads.")
ratios(*rounds(2, words + ["0-", "batch"] if words else ["784-256"], ["numpy", "jax", "torch", "keras"]))
ratios(*rounds(2, words + ["batch 512"], ["numpy", "jax", "torch"], count=2))
heading("A second thread", "How much faster two threads are than one.")
threads()
if not words:
    heading("Whole processes", "Processor time of everything from the start of the program to its end, "
            "ratios to bp above 1 where bp is faster, and the most memory it took.")
    table(*processes.results(build, python, say))
say("done")
