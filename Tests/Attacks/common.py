"""What the campaigns of scripts/attack share: bp under limits, how it ended, and the smallest line.

A round is a seeded source of chance; everything a campaign makes comes from it, so that a seed, a
campaign and a round name an attack for good.
"""

import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time

GIGABYTE = 2**30
# Documented in Reference, Exit status.
STATUSES = {0, 1, 2, 3, 4, 129, 130, 141, 143}
# What the runtimes of Swift, C and C++ say when they give up.
TRAPS = re.compile(
    r"Fatal error|Swift/[A-Za-z]+\.swift|Illegal instruction|Stack dump|Precondition|Assertion"
    r"|unexpectedly found nil|Could not cast|terminate called|std::|malloc\(\)|free\(\)|corrupted"
    r"|Sanitizer|runtime error:|Segmentation|stack smashing|libedit")
PLACE = re.compile(r"(?:-->|called at) stdin:(\d+):\d+$", re.MULTILINE)

TRACING = {"SWIFT_BACKTRACE": "enable=yes,interactive=no,color=no,threads=crashed,registers=none,images=none"}


def traced(end):
    """The first line of the source in what the crash reporter writes."""
    place = re.search(r" at \S*/(Sources/\S+?:\d+)", end.err + end.out)
    return place.group(1) if place else None


class End:
    """How one run of bp ended."""

    def __init__(self, status, out, err, seconds, megabytes, is_late):
        self.status, self.out, self.err = status, out, err
        self.seconds, self.megabytes, self.is_late = seconds, megabytes, is_late

    def problem(self, budget=None):
        """A signal, a status that is not documented, words of a runtime, more memory than allowed."""
        if self.is_late:
            return "hang"
        if self.status < 0:
            return signal.Signals(-self.status).name
        if self.status not in STATUSES:
            return f"status {self.status}"
        trap = TRAPS.search(self.err)
        if trap:
            return f"says {trap.group()!r}"
        return "memory" if budget and self.megabytes > budget else None

    def line(self):
        """The line of the script that the last error points at."""
        places = PLACE.findall(self.err)
        return int(places[-1]) if places else None


class Attack:
    """One campaign: its chance, its limits, what it tried and what it found."""

    def __init__(self, name, bp, seed=1, rounds=None, first=0, minutes=None, is_short=False):
        self.name, self.bp, self.seed, self.first = name, bp, seed, first
        self.wanted, self.minutes, self.is_short = rounds, minutes, is_short
        # A build for debugging takes ten times as long as what a user has.
        self.patience = 1 if "release" in os.path.realpath(bp) else 10
        self.tried = 0
        self.notes = {}
        self.failures = {}
        self.began = time.monotonic()
        self.folder = tempfile.mkdtemp(prefix="attack")
        self.environment = dict(
            {name: value for name, value in os.environ.items() if not name.startswith("BP_")},
            SWIFT_BACKTRACE="enable=no", NO_COLOR="1", EDITOR="true", HOME=self.folder,
            XDG_CONFIG_HOME=self.folder, XDG_STATE_HOME=self.folder, TERM="xterm-256color")
        self.environment.pop("COLUMNS", None)
        self.environment.pop("LINES", None)

    def rounds(self, usual, short):
        """A source of chance for every round there is time for."""
        count = self.wanted or (short if self.is_short else usual)
        for number in range(self.first, self.first + count):
            if self.minutes and time.monotonic() - self.began > 60 * self.minutes:
                break
            self.round = number
            yield random.Random(f"{self.seed}/{self.name}/{number}")

    def run(self, words, text=b"", seconds=20, gigabytes=4, environment=None, stop=signal.SIGINT):
        """Runs bp; where time runs out it is asked to stop, then made to."""
        def limit():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_AS, (int(gigabytes * GIGABYTE),) * 2)
            resource.setrlimit(resource.RLIMIT_FSIZE, (GIGABYTE // 2,) * 2)

        if isinstance(text, str):
            text = text.encode("utf-8", "surrogateescape")
        with tempfile.TemporaryFile() as into, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            into.write(text)
            into.seek(0)
            start = time.monotonic()
            process = subprocess.Popen(
                [self.bp, *words], stdin=into, stdout=out, stderr=err, cwd=self.folder,
                env={**self.environment, **(environment or {})}, preexec_fn=limit)
            status, usage, is_late = self.wait(process, start + seconds * self.slowness, stop)
            process.returncode = status
            out.seek(0)
            err.seek(0)
            return End(
                status, out.read(1 << 24).decode("utf-8", "surrogateescape"),
                err.read(1 << 24).decode("utf-8", "surrogateescape"), time.monotonic() - start,
                usage.ru_maxrss // 1024, is_late)

    @property
    def slowness(self):
        return 1 if self.patience == 1 else 3

    @staticmethod
    def wait(process, deadline, stop):
        pause, is_late, signals = 0.0005, False, [stop, signal.SIGKILL]
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status), usage, is_late
            if time.monotonic() > deadline and signals:
                is_late = True
                process.send_signal(signals.pop(0))
                deadline = time.monotonic() + 2
            time.sleep(pause)
            pause = min(pause * 1.3, 0.02)

    # Batches

    def batch(self, preamble, lines, options=(), seconds=40, reasons=None, budget=None, environment=None):
        """Runs statements, each on a line, in one bp; each must end in itself.

        Lines are wrapped so that an error does not stop the others; a limit does, and what stands
        behind it runs in a bp of its own. `reasons` matches the lines that may take long.
        """
        head = preamble.rstrip("\n").split("\n")
        head.append(f'late(line, s) = {{ if s > {self.patience} {{ print "@late {{line}} {{s}}" }} }}')
        rest = list(lines)

        def attempt(some, time_limit=seconds, more={}):
            text = "\n".join(head + [
                f"moment = clock()\nattempt (() -> {{ {line} }})\nlate({number}, clock() - moment)"
                for number, line in enumerate(some)])
            return self.run([*options, "-"], text, seconds=time_limit, environment={**(environment or {}), **more})

        while rest:
            end = attempt(rest)
            for number, slow in re.findall(r"^@late (\d+) (\S+)$", end.out, re.MULTILINE):
                line = rest[int(number)]
                if reasons is None or not reasons.search(line):
                    self.fail("slow", line, f"{slow} s", preamble)
            place = end.line()
            place = (place - len(head) - 1) // 3 if place and place > len(head) else None
            problem = end.problem(budget)
            if place is None and end.line() and not problem:
                sys.exit(f"{self.name}: the values of the batch cannot be made\n{end.err}")
            if problem == "hang" and place is not None and reasons and reasons.search(rest[place]):
                self.note("long trainings stopped")
                problem = None
            if problem and problem.startswith("status") and any("exit(" in line for line in rest):
                problem = None
            if problem:
                breaks = lambda some: attempt(some, seconds if len(some) > 5 else 12).problem(budget) == problem
                small = [rest[place]] if problem == "hang" and place is not None else smallest(rest, breaks)
                if small:
                    # One line may stand on what another one has drawn or written.
                    text = small[-1] if len(small) == 1 else "\n".join(small)
                    if len(small) == 1 and not (problem == "hang" and place is not None):
                        text = shorter(text, lambda line: breaks([line]))
                    at = traced(attempt(text.split("\n"), more=TRACING)) if problem.startswith("SIG") else None
                    self.fail(problem, text, end, preamble, at)
                    place = rest.index(small[-1])
                else:
                    self.fail(problem, f"a batch of {len(rest)} lines that ends well in parts", end, preamble)
                    break
            if end.status == 2 and not problem and place is not None and "called at" not in end.err:
                # Nothing was run: these lines are none of the language.
                wrong = {(int(found) - len(head) - 1) // 3 for found in PLACE.findall(end.err)}
                self.note("lines that are no syntax", len(wrong))
                rest = [line for number, line in enumerate(rest) if number not in wrong]
                continue
            done = len(rest) if place is None else place + 1
            if end.status == 0 and not problem:
                done = len(rest)
            self.tried += done
            if end.status == 4:
                self.note("stopped by a limit")
            rest = rest[done:]

    # What was found

    def note(self, what, count=1):
        self.notes[what] = self.notes.get(what, 0) + count

    def fail(self, kind, program, end, preamble="", at=None):
        """Keeps the smallest program for each kind of failure and place, or set of names in it."""
        names = tuple(sorted(set(re.findall(r"[a-z_]\w+", program.split("\n")[-1])))[:6]) if kind != "raw" else program
        key = (kind, at or names)
        if key in self.failures:
            self.failures[key][1] += 1
            if len(program) >= len(self.failures[key][0]):
                return
            self.failures[key][0] = program
            return
        self.failures[key] = [program, 1]
        tail = end if isinstance(end, str) else (
            f"status {end.status} after {end.seconds:.1f} s and {end.megabytes} MB {end.err[-300:].strip()}")
        print(f"{self.name} round {self.round}: {kind}{f' at {at}' if at else ''}: {printable(tail)}\n    "
              + "\n    ".join(printable(line) for line in program[:2000].split("\n")), flush=True)

    def summary(self):
        seconds = time.monotonic() - self.began
        notes = "".join(f", {count} {what}" for what, count in sorted(self.notes.items()))
        return f"{self.name}: {self.tried} tried in {seconds:.0f} s, {len(self.failures)} failed{notes}"


def printable(text):
    return "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text)


def smallest(lines, breaks, seconds=60):
    """The fewest of the lines that still break, by halves and then one by one; nothing where the
    lines break no more. What is reached when time runs out is taken."""
    deadline = time.monotonic() + seconds
    if not breaks(lines):
        return []
    kept = list(lines)
    size = (len(kept) + 1) // 2
    while len(kept) > 1 and time.monotonic() < deadline:
        start = 0
        is_less = False
        while start < len(kept) and time.monotonic() < deadline:
            half = kept[start:start + size]
            fewer = half if size * 2 >= len(kept) and breaks(half) else kept[:start] + kept[start + size:]
            if fewer is half or fewer and breaks(fewer):
                kept, is_less = fewer, True
                size = min(size, (len(kept) + 1) // 2)
            else:
                start += size
        if size == 1 and not is_less:
            break
        size = max(1, size // 2)
    return kept


def shorter(line, breaks, most=60):
    """The line with options left out and parentheses made 1 or [], where it still breaks."""
    tries = 0
    is_changed = True
    while is_changed and tries < most:
        is_changed = False
        groups = [match.span() for match in re.finditer(r" \w+=\S+|\[[^\[\]]*\]|\([^()]*\)", line)]
        for start, end in sorted(groups, key=lambda span: span[0] - span[1]):
            for replacement in ("",) if line[start] == " " else ("1", "[]"):
                candidate = line[:start] + replacement + line[end:]
                if len(candidate) >= len(line) or tries >= most:
                    continue
                tries += 1
                if breaks(candidate):
                    line, is_changed = candidate, True
                    break
            if is_changed:
                break
    return line


def output(bp, *words):
    """What bp answers to words that must work."""
    end = subprocess.run([bp, *words], capture_output=True, text=True,
                         env={**os.environ, "NO_COLOR": "1", "SWIFT_BACKTRACE": "enable=no"})
    if end.returncode:
        sys.exit(f"{' '.join(words)} ended with status {end.returncode}\n{end.stderr}")
    return end.stdout
