"""Damaged files of every format that bp reads: loaded, shown, trained, saved and exported.

Samples are what bp itself writes, and the files that Tests/InterchangeTests/Corpus stores.
"""

import base64
import gzip
import os
import re
import struct

import catalog
import common

PER_BATCH = 100
CORPUS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "InterchangeTests/Corpus")
TELLING = [0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x22, 0x2C, 0x30, 0x5B, 0x7B, 0x1B, 0x3B, 0x2D]
SIZES = [0, 1, 2**15, 2**16 - 1, 2**28, 2**28 + 1, 2**31 - 1, 2**31, 2**32 - 1, 2**53, 2**60, 2**61, 2**62, 2**63 - 1, 2**63, 2**64 - 1]
WORDS = [
    b"nan", b"inf", b"-inf", b"1e308", b"1e999", b"-0", b"99999999999999999999", b"null", b"{}", b"[]", b'""', b"\\u0000",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\r\n", b"\t", b";", b"\x1b[2J", b"F64", b"I8", b"BF16", b"<f8", b">i2", b"|O",
    b"softmax", b"relu", b"sigmoid", b"categories", b"names", b"=", b'"', b"'", b"(1, 2)", b"(0, 268435456)", b"\x00" * 8]
# What makes samples: each saves to the name that stands for {}.
MAKERS = [
    "save (mlp [2,3,1] tanh sigmoid) {}", "save (mlp [2,3] softmax bias=false) {}", "save (mlp [1,2,2,1] prelu linear dropout=0.5) {}",
    "save (mlp [2,2] (x -> x/(1 + abs(x)))) {}", "save (mlp [2,2,1] relu linear dtype=float32) {}",
    "n = mlp [1,1] sigmoid; t = train n (data [0;1;2] [\"low\",\"low\",\"high\"]) epochs=2 quiet=true; save n {}",
    "n = perceptron [2]; t = train n gate(\"and\") epochs=2 quiet=true; save n {}",
    "save [1, 2.5, nan] {}", "save [1, 2; 3, 4] {}", "save (zeros 0 2) {}", "save [1, 2] {} dtype=float32",
    "save (data [1,2; 3,4] [0, 1]) {}", "save (data [0;1;2] [\"a\",\"b\",\"a\"]) {}", "save xor {}",
    "save (data [0,0;1,0;1,1] [0,0;1,0;1,1] names=[\"x\",\"y\",\"big\",\"red\"]) {}",
    "save [a: 1, b: [1, 2], c: \"text\", d: [[1, 2], [3, 4]], e: [f: nothing]] {}", "save [1, \"a\", [2]] {}",
    "save [a: [1, 2], b: 3] {}"]
CHECKPOINTS = [
    "train (mlp [2,2,1] tanh sigmoid) xor epochs=3 optimizer={} quiet=true checkpoint={}",
    "train (mlp [2,2,1] tanh sigmoid) xor epochs=3 optimizer={} quiet=true checkpoint={} valid=0.5 patience=2"]
ARRAYS = [
    "print sum(v)", "histogram v", "plot v", "heatmap v", "print v @ v'", "print v[1]", "print v + 1", "print sort v", "data v v",
    "describe v", "median v", "predict (mlp [2,1] linear) v"]
NETS = [
    "print predict v [1, 2]", "train v xor epochs=1 quiet=true", "train v (data [0;1;2] [\"low\",\"low\",\"high\"]) epochs=1 quiet=true",
    "classify v [1, 2]", "classify v [1]", "explain v xor", "forward v [1, 2]", "summary v", "descend v xor", "collapse v", "copy v",
    "export v \"o.py\" to=pytorch", "export v \"o.py\" to=keras", "export v \"o.py\" to=numpy", "export v \"o.c\"", "v.W1",
    "boundary v", "accuracy v xor", "sequential v v"]
DATASETS = [
    "train (mlp [2,2,1] tanh sigmoid) v epochs=1 quiet=true", "head v", "describe v", "standardize v", "split v 0.5", "onehot v",
    "v.classes", "v[1]", "shuffle v", "kfold v k=2", "impute v", "scatter v", "drop_outliers v", "stack v v", "train (mlp [1,1] sigmoid) v epochs=1 quiet=true"]
ANY = ["show v", "print v", "string v", "fields v", "length v", "shape v", "copy v", "v == v", "latex v", "markdown v"]


def extensions(bp):
    return re.findall(r"\.\w+", common.output(bp, "-e", "help load").split("\n  file")[0])


def samples(campaign):
    """Files by the kind of reading they are for: an ending of load, csv, idx, training, history."""
    found = {}
    known = extensions(campaign.bp)
    names = [(f"made{number}{extension}", maker) for number, maker in enumerate(MAKERS) for extension in known]
    optimizers = catalog.topics(campaign.bp)["optimizers"]
    checkpoints = [(f"made{number}.ck", template.replace("{}", optimizer, 1)) for number, (template, optimizer) in enumerate(
        (template, optimizer) for template in CHECKPOINTS for optimizer in optimizers)]
    campaign.run(["-"], "\n".join(
        f"attempt (() -> {{ {maker.replace('{}', chr(34) + name + chr(34))} }})" for name, maker in names + checkpoints))
    for name, _ in names + checkpoints:
        path = os.path.join(campaign.folder, name)
        if os.path.exists(path):
            kind = "training" if name.endswith(".ck") else os.path.splitext(name)[1]
            found.setdefault(kind, []).append(open(path, "rb").read())
    # What is read and not written has stored files only.
    for format in os.listdir(CORPUS):
        if "." + format in known:
            found.setdefault("." + format, [])
    images = struct.pack(">IIII", 0x803, 3, 2, 2) + bytes(range(12))
    labels = struct.pack(">II", 0x801, 3) + bytes([0, 1, 2])
    found["idx"] = [images, labels, gzip.compress(images, mtime=0), gzip.compress(labels, mtime=0)]
    found["csv"] = list(found.get(".csv", []))
    for format in sorted(os.listdir(CORPUS)):
        for name in sorted(os.listdir(os.path.join(CORPUS, format))):
            content = open(os.path.join(CORPUS, format, name), "rb").read()
            for kind in (format, "." + format):
                if kind in found and len(content) < 20000:
                    found[kind].append(content)
    missing = [extension for extension in known + ['training'] if not found.get(extension)]
    if missing:
        raise SystemExit(f"files: there is no sample of {', '.join(missing)}")
    return found


def change(content, others, random):
    """One more damage: a bit, a byte, a word, a size that lies, a part lost, doubled or from elsewhere."""
    data = bytearray(content or b"0")
    place = random.randrange(len(data))
    kind = random.randrange(11)
    if kind == 0:
        data[place] ^= 1 << random.randrange(8)
    elif kind == 1:
        data[place] = random.choice(TELLING)
    elif kind == 2:
        del data[place:place + random.choice([1, 1, 2, 8, 40])]
    elif kind == 3:
        data[place:place] = bytes([random.choice(TELLING)]) * random.choice([1, 1, 2, 100])
    elif kind == 4:
        other = random.choice(others)
        start = random.randrange(max(1, len(other)))
        data[place:place] = other[start:start + random.randrange(64)]
    elif kind == 5:
        packing = random.choice(["<I", ">I", "<Q", ">Q", "<H", ">H"])
        size = random.choice(SIZES) & (2 ** (8 * struct.calcsize(packing)) - 1)
        data[place:place + struct.calcsize(packing)] = struct.pack(packing, size)
    elif kind in (6, 7):
        numbers = list(re.finditer(rb"\d+", bytes(data)))
        if numbers:
            span = random.choice(numbers).span()
            text = str(random.choice(SIZES + [1, 2, 3])).encode()
            # A header of fixed length keeps it.
            gap = len(text) - (span[1] - span[0])
            if random.random() < 0.5 and gap > 0 and data[span[1]:span[1] + 40].endswith(b" " * gap):
                del data[span[1] + 40 - gap:span[1] + 40]
            data[span[0]:span[1]] = text
    elif kind == 8:
        data[place:place + random.choice([0, 0, 1, 3])] = random.choice(WORDS)
    elif kind == 9:
        length = random.randrange(1, 40)
        data[place:place] = data[place:place + length] * random.choice([1, 2, 50])
    else:
        del data[place:]
    return bytes(data)


def reading(kind, name, others, random):
    """What reads the file into v."""
    if kind == "csv":
        options = ["target=1", "target=\"t\"", "header=false", "delimiter=\";\"", "missing=drop", "quiet=true", "categories=[1]", "decimal=\",\""]
        return f'v = csv("{name}"{"".join(", " + option for option in random.sample(options, random.randrange(3)))})'
    if kind == "idx":
        pair = [name, random.choice(others)]
        random.shuffle(pair)
        return f'v = idx("{pair[0]}", "{pair[1]}")'
    if kind == "training":
        return f'v = mlp [2,2,1] tanh sigmoid; train v xor epochs=5 optimizer={random.choice(["sgd", "adam", "momentum"])} resume="{name}" quiet=true'
    return f'v = load "{name}"'


def uses(kind, random):
    pools = {"csv": DATASETS, "idx": DATASETS, "training": NETS, ".npy": ARRAYS, ".onnx": NETS, ".safetensors": NETS}
    some = random.sample(pools.get(kind, DATASETS + ARRAYS), 3) + random.sample(ANY, 2)
    some.append(f'save v "o{random.choice([".npy", ".npz", ".csv", ".json", ".tsv", ".safetensors", ".onnx"])}"')
    return "; ".join(f"attempt (() -> {{ {use} }})" for use in some)


def attack(campaign):
    found = samples(campaign)
    kinds = sorted(found)
    kept = os.path.join(os.getcwd(), ".build", "attack")
    for random in campaign.rounds(usual=420, short=1):
        kind = kinds[campaign.round % len(kinds)] if not campaign.is_short else None
        lines = []
        names = [f"m{number}{kind if kind and kind.startswith('.') else ''}" for number in range(PER_BATCH)]
        for number, name in enumerate(names):
            kind_now = kind or random.choice(kinds)
            name = name if kind or not kind_now.startswith(".") else name + kind_now
            content = random.choice(found[kind_now])
            for _ in range(random.choice([1, 1, 1, 2, 3, 5])):
                content = change(content, found[kind_now], random)
            with open(os.path.join(campaign.folder, name), "wb") as file:
                file.write(content)
            lines.append(f"{reading(kind_now, name, names, random)}; {uses(kind_now, random)}")
        before = set(campaign.failures)
        campaign.batch("", lines, ["--max-steps", "300000"], seconds=60, budget=1500, reasons=None)
        for key in set(campaign.failures) - before:
            for name in re.findall(r'"(m\d+[.\w]*)"', campaign.failures[key][0]):
                content = open(os.path.join(campaign.folder, name), "rb").read()
                if len(content) <= 600:
                    print(f"    {name} is base64 {base64.b64encode(content).decode()}")
                else:
                    os.makedirs(kept, exist_ok=True)
                    path = os.path.join(kept, f"{campaign.round}-{name}")
                    open(path, "wb").write(content)
                    print(f"    {name} is kept as {path}")
