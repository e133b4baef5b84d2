"""Signals at random moments: the status, the time it takes, whole files and nothing left behind.

SIGINT ends with 130, SIGTERM with 143 and SIGHUP with 129 within half a second; a changed window
and a pause change nothing; after SIGKILL too a file that was being saved is the old or the new one.
"""

import os
import signal
import subprocess
import time

SCRIPTS = {
    "training": "n = mlp [2,30,1] tanh sigmoid\nt = train n circles epochs=1000000 quiet=true",
    "training with a checkpoint": 'n = mlp [2,5,1] tanh sigmoid\nt = train n circles epochs=1000000 quiet=true checkpoint="c.safetensors" log="l.csv"',
    "training that is followed": "n = mlp [2,5,1] tanh sigmoid\nt = train n circles epochs=1000000 every=(r -> 1) quiet=true",
    "training of a wide net": "n = mlp [500,500,500,1] tanh sigmoid\nt = train n (data (rand 2000 500) (where((rand 2000) > 0.5, 1, 0))) epochs=1000000 quiet=true",
    "sweep": "s = sweep (mlp [2,5,1] tanh sigmoid) circles lr=[0.1, 1] optimizer=[sgd, adam] epochs=1000000 quiet=true",
    "many small trainings": "repeat 1000000 { n = mlp [2,2,1] tanh sigmoid; t = train n xor epochs=2 quiet=true }",
    "crossval": "c = crossval (mlp [2,5,1] tanh sigmoid) (circles n=5000) k=5 epochs=100000",
    "lrfind": "l = lrfind (mlp [2,50,1] tanh sigmoid) (circles n=5000) steps=100000 to=\"l.svg\"",
    "landscape": 'landscape (mlp [2,50,1] tanh sigmoid) (circles n=20000) steps=100000 to="l.svg"',
    "loop": "x = 0; while true { x += 1 }",
    "loop of attempts": "while true { r = attempt (() -> sqrt \"a\") }",
    "recursion": "f(n) = if n < 2 { n } else { f(n - 1) + f(n - 2) }; print f 60",
    "loop of matrices": "A = rand 300 300; repeat 1000000 { B = inv A }",
    "output": 'repeat 100000000 { print "line" }',
    "inv": "A = rand 2500 2500; B = inv A", "solve": "A = rand 2500 2500; B = solve A (rand 2500)",
    "det": "A = rand 2500 2500; print det A", "product": "A = rand 4000 4000; B = A @ A",
    "sort": "x = sort (rand 3e7)", "argsort": "x = argsort (rand 2e7)", "permutation": "x = permutation 3e7", "cumsum": "repeat 1000 { x = cumsum (rand 3e7) }",
    "random numbers": "repeat 1000 { x = randn 3e7 }", "median": "repeat 100 { x = median (rand 2e7) }", "outer": "repeat 1000 { x = outer (rand 5000) (rand 5000) }",
    "unique": "x = unique (rand 1e6)", "map": "x = map (v -> v + 1) (rand 1e7)", "fold": "x = fold ((a, v) -> a + v) 0 (rand 1e7)",
    "replace": 's = pad("a", 3e7); repeat 100 { t = replace s " " "xyz" }', "cut": 's = pad("a", 3e7); t = cut s " "', "join": 'x = join (map string (rand 1e6))',
    "predict": "n = mlp [500,4000,500] tanh; x = predict n (rand 20000 500)", "gradcheck": "g = gradcheck (mlp [30,200,200,1] tanh sigmoid) (data (rand 300 30) (rand 300))",
    "explain": "n = mlp [30,100,1] tanh sigmoid; print explain n (data (rand 300 30) (where((rand 300) > 0.5, 1, 0)))",
    "kfold": "d = data (rand 1e6 10) (rand 1e6); k = kfold d k=20", "shuffle": "d = data (rand 1e6 20) (rand 1e6); repeat 100 { e = shuffle d }",
    "describe": "d = data (rand 1e6 20) (rand 1e6); describe d", "standardize": "d = data (rand 1e6 20) (rand 1e6); repeat 50 { e = standardize d }",
    "scatter": 'scatter (rand 1e6) (rand 1e6) to="p.svg"', "plot": 'repeat 100 { plot (rand 1e6) to="p.svg" }', "heatmap": 'heatmap (rand 2000 2000) to="p.svg"',
    "histogram": "repeat 1000 { histogram (rand 1e6) }", "map of the plane": 'repeat 100 { show (mlp [2,2000,1] tanh sigmoid) (circles n=5000) width=1000 height=1000 to="p.svg" }',
    "print": "x = rand 1e6; print string(map (v -> v) x)", "latex": "print latex (rand 3000 3000)",
    "json": 'x = map (v -> [a: v]) (rand 3e5); repeat 50 { save x "x.json"; y = load "x.json" }',
}
# What is saved over and over: each file holds one number only, the same everywhere.
SAVERS = {
    "s.npy": "repeat 100000 { save (ones 1e6) {}; save (zeros 1e6) {} }", "s.csv": "repeat 100000 { save (ones 1e4 3) {}; save (zeros 1e4 3) {} }",
    "s.npz": "repeat 100000 { save [a: ones 1e5] {}; save [a: zeros 1e5] {} }", "s.json": "repeat 100000 { save [a: ones 1e4] {}; save [a: zeros 1e4] {} }",
    "s.safetensors": "n = mlp [300,300] linear init=zeros; repeat 100000 { save n {} }",
    "s.svg": "repeat 100000 { plot (rand 5000) to={} }",
}
ENDING = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}


def attack(campaign):
    scripts = dict(SCRIPTS)
    for name, code in SAVERS.items():
        scripts[name] = code.replace("{}", f'"{name}"')
    signals = [signal.SIGINT] * 4 + [signal.SIGTERM] * 4 + [signal.SIGHUP, signal.SIGWINCH, signal.SIGTSTP, signal.SIGKILL]
    names = list(scripts)
    for random in campaign.rounds(usual=300, short=5):
        name = names[campaign.round % len(names)] if not campaign.is_short else random.choice(names)
        sent = random.choice(signals)
        # Saves before anything else, so that there is an old file.
        moment = random.choice([random.uniform(0.03, 0.3), random.uniform(0.2, 1.5)]) * (1 if campaign.patience == 1 else 1.5)
        for left in os.listdir(campaign.folder):
            os.remove(os.path.join(campaign.folder, left))
        problem = one(campaign, scripts[name], sent, moment) or whole(campaign, name, sent)
        campaign.tried += 1
        if problem:
            campaign.fail("raw", f"{scripts[name]}\n# {sent.name}", f"{problem}, sent after {moment:.2f} s")


def one(campaign, code, sent, moment):
    """What is wrong with how it ended; nothing where all is right."""
    with open(os.path.join(campaign.folder, "script.bp"), "w") as file:
        file.write(code)
    out = open(os.path.join(campaign.folder, "out"), "wb")
    process = subprocess.Popen(
        [campaign.bp, "script.bp"], stdin=subprocess.DEVNULL, stdout=out if "print" not in code else subprocess.DEVNULL,
        stderr=out, cwd=campaign.folder, env=campaign.environment,
        # Who starts the attack may have it deaf to some.
        preexec_fn=lambda: [signal.signal(each, signal.SIG_DFL) for each in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)])
    try:
        try:
            process.wait(moment)
            campaign.note("ended before the signal")
            return None if process.returncode in (0, 3, 4) else f"status {process.returncode} without a signal"
        except subprocess.TimeoutExpired:
            pass
        process.send_signal(sent)
        began = time.monotonic()
        if sent in (signal.SIGWINCH, signal.SIGTSTP):
            return goes_on(process, sent)
        allowed = 0.5 * (1 if campaign.patience == 1 else 6)
        try:
            process.wait(allowed + 3)
        except subprocess.TimeoutExpired:
            return f"still runs {time.monotonic() - began:.1f} s after {sent.name}"
        seconds = time.monotonic() - began
        status = process.returncode
        expected = ENDING.get(sent)
        # At the very start there is nobody yet who would clean up.
        if expected and status not in (expected, -sent if moment < 0.1 else expected):
            return f"status {status} after {sent.name}, not {expected}"
        if not expected and status not in (-sent, 128 + sent):
            return f"status {status} after {sent.name}"
        return f"took {seconds:.2f} s to end after {sent.name}" if seconds > allowed else None
    finally:
        process.kill()
        process.wait()
        out.close()


def goes_on(process, sent):
    time.sleep(0.1)
    if sent == signal.SIGTSTP:
        process.send_signal(signal.SIGCONT)
        time.sleep(0.1)
    if process.poll() is not None:
        return f"status {process.returncode} after {sent.name}" if process.returncode else None
    with open(f"/proc/{process.pid}/stat") as file:
        state = file.read().rsplit(")", 1)[1].split()[0]
    return f"is in state {state} after {sent.name} and SIGCONT" if state == "T" else None


def whole(campaign, name, sent):
    """What is wrong with the files it left."""
    left = [file for file in os.listdir(campaign.folder) if file.endswith(".tmp")]
    if left and sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        return f"{', '.join(left)} left behind"
    path = os.path.join(campaign.folder, name)
    if name not in SAVERS or not os.path.exists(path):
        return None
    if name.endswith(".svg"):
        content = open(path, encoding="utf-8").read()
        return None if content.rstrip().endswith("</svg>") else "a torn picture"
    field = ".a" if name.endswith((".npz", ".json")) else ""
    check = "x = load " + f'"{name}"; ' + (
        "print x" if name.endswith(".safetensors") else f"y = flatten(x{field}); print max(y) == min(y)")
    if name.endswith(".csv"):
        check = f'x = csv "{name}" header=false quiet=true; y = flatten(x.x); print max(y) == min(y)'
    end = campaign.run(["-e", check])
    return None if end.status == 0 and "false" not in end.out else f"a torn file: {end.out} {end.err}"
