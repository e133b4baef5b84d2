"""Scripts that grow without end, under little memory: an error with its status, never a signal.

A script may be stopped by a limit of the language (4), by an error (3), or, where it holds little,
be ended by this campaign; it may not be killed by what it took.
"""

import signal

# Each makes more of something, for ever or at once. N is a size.
GROWING = {
    "list": "x = []; while true { x = append x (rand N) }",
    "list of lists": "x = [1]; while true { x = [x, x, x] }",
    "string": 's = "ab"; while true { s = s + s }',
    "list of strings": 'x = []; while true { x = append x (pad("a", N)) }',
    "string by join": 'x = ["ab"]; while true { x = concat x x; s = join x }',
    "string by replace": 's = "aaaa"; while true { s = replace s "a" "aaaaaaaa" }',
    "interpolation": 's = "a"; while true { s = "{s}{s}{s}" }',
    "record": 'r = [:]; k = 0; while true { k += 1; r["f{k}"] = rand N }',
    "nets": "x = []; while true { x = append x (mlp [300,N,300] tanh) }",
    "net at once": "n = mlp [N,N,N,N] tanh; m = copy n; t = train n (data (rand 100 N) (rand 100 N)) epochs=3 quiet=true",
    "wide net": "n = mlp [2,1000000,1] tanh sigmoid; t = train n circles epochs=2 batch=full quiet=true",
    "trained nets": "x = []; while true { n = mlp [2,N,1] tanh sigmoid; t = train n xor epochs=1 quiet=true; x = append x t }",
    "fresh nets": "repeat 3000 { n = mlp [2,300,1] tanh sigmoid; t = train n xor epochs=1 quiet=true }",
    "matrix product": "A = rand 4000 4000; x = []; while true { x = append x (A @ A) }",
    "matrix at once": "x = zeros 268435456", "two at once": "x = zeros 268435456; y = x + 1; z = y + x; print sum z",
    "outer": "x = outer (rand 16000) (rand 16000); y = x + 1", "range": "x = 1..2e8; y = x * 2; z = sort y",
    "inv": "x = inv (rand 7000 7000)", "solve": "x = solve (rand 9000 9000) (rand 9000)", "sort": "x = sort (rand 1e8); y = argsort x",
    "map": "x = map (v -> [v, v]) (1..3e7)", "zip": "x = zip (1..2e7) (1..2e7)", "enumerate": "x = enumerate (1..2e7)", "map strings": "x = map string (1..3e7)",
    "reshape": "x = reshape (rand 1e8) 10000 10000; y = x'", "stack": "x = rand 5000 5000; while true { x = vstack x x }", "concat": "x = rand 1e6; while true { x = concat x x }",
    "graph": "param w = 0.5; e = w; while true { e = e*w + 1 }", "graph of matrices": "param W = rand 500 500; e = W; while true { e = e @ W }",
    "graph at once": "param w = rand 1e7; e = sum(w^2 + exp(w) + sin(w) + w*w); g = grad e w",
    "closures": "f = x -> x; while true { g = f; f = x -> g(x) + sum(rand N) }",
    "functions": "fs = []; while true { z = rand N; fs = append fs (x -> x + sum(z)) }",
    "recursion": "f(n) = [n, f(n + 1)]; f 1", "recursion with values": "f(n, x) = f(n + 1, rand N); f 1 0",
    "data set": "d = circles n=10000000; e = stack d d; f = shuffle e", "data sets": "d = circles n=100000; while true { d = stack d d }",
    "kfold": "d = data (rand 1000000 20) (rand 1000000); k = kfold d k=50", "crossval": "d = data (rand 100000 50) (where((rand 100000) > 0.5, 1, 0)); repeat 30 { c = crossval (mlp [50,1] sigmoid) d k=5 epochs=1 }",
    "sweep": "s = sweep (h -> mlp [2,h,1] tanh sigmoid) circles h=[100000, 1000000, 10000000] epochs=1", "onehot": "d = onehot (data (1..30000) (1..30000))",
    "explain": "n = mlp [2,3000,1] tanh sigmoid; x = []; while true { x = append x (explain n xor) }", "latex": "s = latex (rand 4000 4000)", "string of a matrix": "s = string (rand 5000 5000)",
    "print": 'while true { print pad("x", 10000) }', "print at once": "print rand 5000 5000", "attempts": 'x = []; while true { x = append x (attempt (() -> pad("a", N))) }',
    "picture": 'plot (rand 3e7) to="p.svg"', "pictures of points": 'scatter (rand 5e6) (rand 5e6) to="p.svg"', "heatmap": 'heatmap (rand 9000 9000) to="p.png"', "picture as large": 'plot [1, 2] to="p.png" width=10000 height=10000',
    "histogram": "histogram (rand 1e8)", "json": 'x = map (v -> [a: v, b: "text"]) (rand 3e5); save x "x.json"; while true { y = load "x.json"; x = append x y }',
    "csv": 'save (rand 300000 20) "x.csv"; x = []; while true { x = append x (csv "x.csv" header=false quiet=true) }', "npz": 'save [a: rand 2e7] "x.npz"; x = []; while true { x = append x (load "x.npz") }',
    "unique": "x = unique (rand 2e7)", "permutation": "x = permutation 2e8", "cumsum": "x = cumsum (rand 2e8)", "gradcheck": "g = gradcheck (mlp [300,300,1] tanh) (data (rand 3000 300) (rand 3000))",
    "landscape": 'landscape (mlp [2,20000,1] tanh sigmoid) (circles n=200000) to="p.svg"', "idle": "print 1", "source": "x = [" + "1, " * 3000000 + "1]", "nested source": "x = " + "(" * 190 + "1" + ")" * 190,
    "long string": 'x = "' + "a" * 15000000 + '"', "many lines": "x = 1\n" * 800000, "many functions": "f(x) = x\n" * 400000,
}
CHECKED = "exercise \"a\" {{\n  check 1 == 1\n}}\n{}"


def attack(campaign):
    names = list(GROWING)
    for random in campaign.rounds(usual=2 * len(GROWING), short=3):
        name = random.choice(["string", "list of lists", "nested source", "recursion"]) if campaign.is_short else (
            names[campaign.round % len(names)])
        code = GROWING[name].replace("N", str(random.choice([3000, 100000, 10000000] if "[N,N" not in GROWING[name] else [3000, 9000])))
        code = code.replace("; ", "\n") if "{" not in code else code
        gigabytes = 1.5 if campaign.round % 2 == campaign.round // len(names) % 2 else 4
        words = random.choice([["-"], ["-"], ["check", "-"], ["--json", "-"]])
        end = campaign.run(words, code, seconds=20, gigabytes=gigabytes, stop=signal.SIGTERM)
        campaign.tried += 1
        problem = end.problem()
        if problem == "hang" and end.status == 143:
            campaign.note("ended by the campaign")
            continue
        if problem and end.status == -signal.SIGKILL:
            problem = "deaf to SIGTERM"
        if not problem:
            campaign.note(f"with status {end.status}")
        elif campaign.run(["-e", "print 1"], gigabytes=gigabytes).status == 0:
            campaign.fail("raw", f"{code[:300]}\n# {name}: bp {' '.join(words)} under {gigabytes} GB", f"{problem}: {end.seconds:.1f} s, {end.megabytes} MB, {end.err[-200:]}")
