"""Sessions at a terminal: random keys, sequences, pastes, completions, window sizes and signals.

However a session went, Ctrl-C, Ctrl-D and exit must end it within seconds, with a documented status.
"""

import fcntl
import glob
import os
import pty
import resource
import select
import signal
import struct
import subprocess
import termios
import time

import catalog
import common
import values

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KEYS = [
    b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1b[H", b"\x1b[F", b"\x1b[3~", b"\x1b[1;5C", b"\x1bOP", b"\x1bb", b"\x1bf", b"\x1bd",
    b"\x01", b"\x02", b"\x04", b"\x05", b"\x06", b"\x07", b"\x08", b"\x0b", b"\x0c", b"\x0e", b"\x10", b"\x11", b"\x12", b"\x13\x11",
    b"\x14", b"\x15", b"\x16\x1b", b"\x17", b"\x18\x18", b"\x19", b"\x1b", b"\x1b[", b"\x1b[999999999999C", b"\x1b[?25l", b"\x7f", b"\x00",
    b"\x1b]0;title\x07", b"\x1b[200~", b"\x1b[201~", b"\x9b31m", b"\xff\xfe", b"\xe2\x82", b"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
    b"\x1b[6n", b"\x1b[1;1R", b"\x1b_Gi=1;OK\x1b\\", b"\x1b[?62;4c", b"\t\t", b"\x03", b"\x1b[M !!", b"\x1b[<0;1;1M"]
BEGINNINGS = ["tra", "net.", "train n1 xor op", 'load "', "help ", "ml", "x = [", "f(x) = {", "if true {", '"""', "(", "", "mlp [2,1] ", "d0[", "δ", "print \""]
SIZES = [(0, 0), (1, 1), (2, 3), (24, 80), (1, 500), (500, 1), (24, 20), (1000, 1000), (65535, 65535), (50, 300), (3, 80)]
PRESENTER = [b" ", b"\x1b[C", b"\x1b[D", b"/", b":", b"?", b"g", b"G", b"1", b"99\r", b"x = 2\r", b"net\r", b"\r", b"n", b"p", b"\x1b", b"e", b"r"]


def actions(random, functions, is_presenting):
    """What a session does: bytes to type, a window's size, a signal, a pause."""
    maker = values.Maker(random, functions)
    preamble = values.preamble().split("\n")
    for _ in range(random.choice([10, 40, 40, 90])):
        chance = random.random()
        if is_presenting and chance < 0.5:
            yield random.choice(PRESENTER)
        elif chance < 0.35:
            yield random.choice(KEYS)
        elif chance < 0.45:
            yield (random.choice(BEGINNINGS) + "\t" * random.choice([1, 1, 2, 3])).encode()
        elif chance < 0.6:
            yield (maker.call(depth=1) + "\r").encode()
        elif chance < 0.68:
            yield (random.choice(preamble) + "\r").encode()
        elif chance < 0.73:
            lines = [random.choice(preamble) for _ in range(random.choice([2, 10, 40]))]
            yield b"\x1b[200~" + "\n".join(lines).encode() + b"\x1b[201~" if random.random() < 0.5 else "\r".join(lines).encode() + b"\r"
        elif chance < 0.76:
            yield bytes(random.randrange(256) for _ in range(random.choice([3, 30, 300]))).replace(b"\x1c", b"").replace(b"\x1a", b"")
        elif chance < 0.79:
            yield random.choice(["a", "(", "日", "e\u0301", "\u202e", "{ ", "\"", "1 + "]).encode() * random.choice([80, 1000, 3000])
        elif chance < 0.87:
            yield random.choice(SIZES)
        elif chance < 0.9:
            yield b"train (mlp [2,20,1] tanh sigmoid) circles epochs=1000000\r"
            yield 0.05
            yield b"\x03"
        elif chance < 0.92:
            yield random.choice([signal.SIGWINCH, signal.SIGINT, signal.SIGCONT])
        else:
            yield random.choice([b"\r", b"\r", b"\x03", b"\x15"])


class Session:
    def __init__(self, campaign, words):
        def limit():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_AS, (4 * common.GIGABYTE,) * 2)

        self.main, self.other = pty.openpty()
        self.resize(24, 80)
        self.tail, self.total = b"", 0
        self.process = subprocess.Popen(
            [campaign.bp, *words], stdin=self.other, stdout=self.other, stderr=self.other,
            cwd=campaign.folder, env=campaign.environment, preexec_fn=limit)
        os.close(self.other)

    def resize(self, rows, columns):
        fcntl.ioctl(self.main, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        deadline = time.monotonic() + seconds
        while True:
            ready, _, _ = select.select([self.main], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                return
            try:
                found = os.read(self.main, 1 << 16)
            except OSError:
                return
            if not found:
                return
            self.tail = (self.tail + found)[-4000:]
            self.total += len(found)
            if time.monotonic() > deadline + 0.2:
                return

    def do(self, action):
        if isinstance(action, tuple):
            self.resize(*action)
        elif isinstance(action, signal.Signals):
            self.process.send_signal(action)
        elif isinstance(action, float):
            self.read(action)
        else:
            while action and self.process.poll() is None:
                _, ready, _ = select.select([], [self.main], [], 2)
                if not ready:
                    break
                try:
                    action = action[os.write(self.main, action[:256]):]
                except OSError:
                    break
                self.read(0.0005)
        self.read(0.003)

    def leave(self, patience):
        """Ends it as a user would; says how it ended."""
        deadline = time.monotonic() + 8 * patience
        words = [b"\x11\x03", b"\x03", b"\x15", b"\x04", b"\x03", b"\x15exit\r", b"q"]
        number = 0
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                os.write(self.main, words[number % len(words)])
            except OSError:
                pass
            number += 1
            self.read(0.15)
            if number % 7 == 0:
                self.process.send_signal(signal.SIGCONT)
        status = self.process.poll()
        if status is None:
            self.process.kill()
            self.process.wait()
        os.close(self.main)
        return status


def play(campaign, words, some):
    session = Session(campaign, words)
    session.read(0.1)
    for action in some:
        if session.process.poll() is not None:
            break
        session.do(action)
    return session.leave(1 if campaign.patience == 1 else 3), session.tail


def attack(campaign):
    functions = {name: f for name, f in catalog.functions(campaign.bp).items() if name != "exit"}
    lectures = sorted(glob.glob(f"{ROOT}/scripts/lectures/*.bp"))
    for random in campaign.rounds(usual=200, short=2):
        is_presenting = random.random() < 0.2
        words = ["present", random.choice(lectures)] if is_presenting else []
        some = list(actions(random, functions, is_presenting))
        status, tail = play(campaign, words, some)
        campaign.tried += 1

        def problem(status, tail):
            if status is None:
                return "hang"
            # Ctrl-\ is meant to end a program.
            if status < 0 and status != -signal.SIGQUIT:
                return signal.Signals(-status).name
            return f"status {status}" if status >= 0 and status not in common.STATUSES else None

        kind = problem(status, tail)
        if kind:
            small = common.smallest(some, lambda part: problem(*play(campaign, words, part)) == kind, seconds=40)
            campaign.fail(kind, f"bp {' '.join(words)}, then:\n" + "\n".join(repr(action)[:400] for action in small or some[-12:]),
                          f"{'again' if small else 'not again'}: {tail[-300:]!r}")
