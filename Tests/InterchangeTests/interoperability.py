"""Exchanges files with the programs that users have: NumPy, pandas, safetensors, onnx, onnxruntime.

Called by scripts/interoperability with the path of bp and an empty folder. Prints how many files
were exchanged; any disagreement ends it with status 1.
"""

import csv
import gzip
import json
import os
import struct
import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
import pandas
import safetensors.numpy

import catalog

BP, FOLDER = sys.argv[1:3]
os.chdir(FOLDER)
files = 0


def bp(code):
    return catalog.run(BP, "-", input=code)


def expect(condition, what):
    if not condition:
        sys.exit(f"disagreement: {what}")


def exchanged(count=1):
    global files
    files += count


def same(a, b):
    return np.array_equal(np.asarray(a, float), np.asarray(b, float), equal_nan=True)


def arrays():
    random = np.random.default_rng(1)
    base = random.normal(size=(4, 3)) * 100
    cases = {}
    for name in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]:
        values = np.abs(base) if name[0] in "ub" else base
        cases[f"le_{name}"] = values.astype("<" + name)
    for name in ["f4", "f8", "i2", "i8", "u4"]:
        cases[f"be_{name}"] = np.abs(base).astype(">" + name)
    cases["columns"] = np.asfortranarray(base)
    cases["vector"], cases["number"] = base[0], np.float64(2.5)
    cases["empty"], cases["special"] = np.zeros((0, 3)), np.array([np.nan, np.inf, -np.inf, -0.0])
    code = ""
    for name, value in cases.items():
        np.save(f"{name}.npy", value)
        code += f'save (load "{name}.npy") "{name}_back.npy"\n'
    np.savez("plain.npz", a=base, b=base[0])
    np.savez_compressed("packed.npz", a=base, b=np.zeros(10000))
    code += 'r = load "plain.npz"; save r "plain_back.npz"\n'
    code += 'r = load "packed.npz"; save r "packed_back.npz"\n'
    bp(code)
    for name, value in cases.items():
        back = np.load(f"{name}_back.npy", allow_pickle=False)
        expect(same(back, value), name)
        exchanged(2)
    for name in ["plain", "packed"]:
        back, there = np.load(f"{name}_back.npz"), np.load(f"{name}.npz")
        expect(sorted(back.files) == ["a", "b"], name)
        expect(same(back["a"], there["a"]) and same(back["b"], there["b"]), name)
        exchanged(2)
    tensors = {"w": base.astype("f4"), "v": base[0], "n": np.arange(5)}
    safetensors.numpy.save_file(tensors, "arrays.safetensors", {"note": "x"})
    bp('r = load "arrays.safetensors"; save r "arrays.npz"')
    back = np.load("arrays.npz")
    expect(all(same(back[name], value) for name, value in tensors.items()), "safetensors")
    exchanged(2)


def tables():
    random = np.random.default_rng(2)
    frame = pandas.DataFrame(
        {
            "a": random.normal(size=50),
            "b, c": random.integers(-9, 9, 50) * 1e-7,
            'd "e"': random.normal(size=50) * 1e200,
        }
    )
    holes = frame.copy()
    holes.iloc[3, 0] = np.nan
    named = frame.copy()
    named["kind"] = random.choice(["x", "y,z", 'q "r"', "line\nbreak"], 50)
    cases = {
        "plain": (frame, {}),
        "semicolons": (frame, {"sep": ";"}),
        "tabs": (frame, {"sep": "\t"}),
        "crlf": (frame, {"lineterminator": "\r\n"}),
        "bom": (frame, {"encoding": "utf-8-sig"}),
        "quoted": (frame, {"quoting": 1}),
        "german": (frame, {"sep": ";", "decimal": ","}),
        "holes": (holes, {}),
        "holes_na": (holes, {"na_rep": "NA"}),
        "named": (named, {}),
    }
    code = ""
    for name, (table, options) in cases.items():
        table.to_csv(f"{name}.csv", index=False, **options)
        code += f'write_csv (csv "{name}.csv" quiet=true) "{name}_back.csv"\n'
    bp(code)
    for name, (table, _) in cases.items():
        back = pandas.read_csv(f"{name}_back.csv", float_precision="round_trip")
        expect(list(back.columns) == list(table.columns), f"{name}: {list(back.columns)}")
        for column in table.columns:
            if column == "kind":
                expect(list(back[column]) == list(table[column]), name)
            else:
                expect(same(back[column], table[column]), f"{name} {column}")
        exchanged(2)


def nets():
    random = np.random.default_rng(3)
    rows = random.normal(size=(1000, 4)) * 2
    np.save("rows.npy", rows)
    cases, code = [], 'x = load "rows.npy"\n' + "\n".join(catalog.ACTIVATIONS.values())
    hidden = [name for name in catalog.names(BP, "activations") if not name.endswith("softmax")]
    own = {name: name for name in catalog.ACTIVATIONS}
    built_in = {name: catalog.configured(BP, name) for name in hidden}
    for activation, call in (built_in | own).items():
        for output in ["softmax", "sigmoid"]:
            name = f"{activation}_{output}"
            cases.append((name, activation in own))
            code += f"""
net = mlp [4, 6, 3] {call} {output} seed={len(cases)}
save net "{name}.onnx"
save net "{name}_32.onnx" dtype=float32
save (predict net x) "{name}.npy"
export net "{name}.py" to=numpy
export net "{name}.c"
"""
            if activation in own:
                continue
            code += f"""
save net "{name}.safetensors"
check predict (load "{name}.onnx") x == predict net x
check predict (load "{name}.safetensors") x == predict net x
"""
    bp(code)
    for name, is_own in cases:
        expected = np.load(f"{name}.npy")
        # The steps jump at 0: rows next to it may fall on either side in float32.
        single = 2e-6 if is_own else 1e-6
        for suffix, kind, tolerance in [("", np.float64, 1e-14), ("_32", np.float32, single)]:
            onnx.checker.check_model(onnx.load(f"{name}{suffix}.onnx"), full_check=True)
            session = onnxruntime.InferenceSession(f"{name}{suffix}.onnx")
            found = session.run(None, {"input": rows.astype(kind)})[0]
            worst = np.abs(found - expected).max()
            expect(worst <= tolerance, f"{name}{suffix}.onnx: {worst}")
            exchanged()
        scope = {"__name__": "net"}
        exec(open(f"{name}.py").read(), scope)
        worst = np.abs(scope["predict"](rows) - expected).max()
        expect(worst <= 1e-13, f"{name}.py: {worst}")
        subprocess.run(["cc", "-Wall", "-Werror", "-O2", f"{name}.c", "-lm", "-o", name], check=True)
        lines = "\n".join(",".join(map(repr, map(float, row))) for row in rows)
        text = subprocess.run(["./" + name], input=lines, capture_output=True, text=True).stdout
        found = np.array([line.split() for line in text.splitlines()], dtype=float)
        worst = np.abs(found - expected).max()
        expect(worst <= 1e-13, f"{name}.c: {worst}")
        exchanged(2)
        if not is_own:
            state = safetensors.numpy.load_file(f"{name}.safetensors")
            expect(state["0.weight"].shape == (6, 4), name)
            exchanged()


def models():
    """Models as other exporters write them."""
    random = np.random.default_rng(4)
    w1, b1 = random.normal(size=(3, 5)).astype("f4"), random.normal(size=5).astype("f4")
    w2 = random.normal(size=(5, 2)).astype("f4")
    helper, numpy_helper = onnx.helper, onnx.numpy_helper
    nodes = [
        helper.make_node("MatMul", ["x", "w1"], ["m"]),
        helper.make_node("Add", ["m", "b1"], ["z"]),
        helper.make_node("LeakyRelu", ["z"], ["h"]),
        helper.make_node("Gemm", ["h", "w2"], ["o"]),
        helper.make_node("Softmax", ["o"], ["y"], axis=-1),
    ]
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["N", 3])],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["N", 2])],
        [numpy_helper.from_array(a, n) for a, n in [(w1, "w1"), (b1, "b1"), (w2, "w2")]],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)
    onnx.save(model, "other.onnx")
    rows = random.normal(size=(20, 3))
    np.save("other_rows.npy", rows)
    bp('save (predict (load "other.onnx") (load "other_rows.npy")) "other_out.npy"')
    session = onnxruntime.InferenceSession("other.onnx")
    expected = session.run(None, {"x": rows.astype("f4")})[0]
    expect(np.abs(np.load("other_out.npy") - expected).max() < 1e-6, "other.onnx")
    exchanged(2)


def pipelines():
    random = np.random.default_rng(5)
    frame = pandas.DataFrame({"size": random.normal(5, 2, 60), "weight": random.normal(0, 9, 60)})
    frame["colour"] = random.choice(["red", "green", "blue"], 60)
    frame["kind"] = np.where(frame["size"] > 5, "large", "small")
    frame.loc[::7, "weight"] = np.nan
    frame.to_csv("raw.csv", index=False)
    bp(
        """
d = csv "raw.csv" target="kind" quiet=true
net = mlp [5, 4, 1] tanh sigmoid
train net (standardize (onehot (impute d))) epochs=20 lr=0.1 quiet=true
save net "pipe.onnx"
save net "pipe.safetensors"
export net "pipe.py" to=numpy
save (predict net d) "pipe.npy"
check predict (load "pipe.safetensors") d == predict net d
"""
    )
    codes = frame["colour"].map({"blue": 1, "green": 2, "red": 3})
    rows = np.column_stack([frame["size"], frame["weight"], codes]).astype(float)
    expected = np.load("pipe.npy")
    found = onnxruntime.InferenceSession("pipe.onnx").run(None, {"input": rows})[0]
    expect(np.abs(found - expected).max() < 1e-13, "pipeline in ONNX")
    scope = {"__name__": "net"}
    exec(open("pipe.py").read(), scope)
    expect(np.abs(scope["predict"](rows) - expected).max() < 1e-13, "pipeline in NumPy")
    exchanged(4)


def pictures():
    random = np.random.default_rng(6)
    images = random.integers(0, 256, (20, 4, 5)).astype(np.uint8)
    labels = random.integers(0, 10, 20).astype(np.uint8)
    for packed in [False, True]:
        suffix = ".gz" if packed else ""
        start = gzip.open if packed else open
        with start(f"images{suffix}", "wb") as file:
            file.write(struct.pack(">BBBBIII", 0, 0, 8, 3, 20, 4, 5) + images.tobytes())
        with start(f"labels{suffix}", "wb") as file:
            file.write(struct.pack(">BBBBI", 0, 0, 8, 1, 20) + labels.tobytes())
        bp(f'd = idx "images{suffix}" "labels{suffix}"; save d "pictures.npz"; save d.classes "c.json"')
        back = np.load("pictures.npz")
        expect(same(back["x"], images.reshape(20, 20)), "images")
        classes = np.array([int(name) for name in json.load(open("c.json"))])
        expect(same(classes[back["t"].argmax(axis=1)], labels), "labels")
        exchanged(3)


# What ends a string, a comment, a format or a line in one of the languages.
PIECES = [
    '"', "'", '"""', "\'\'\'", "\\", "\\n", "\n", "*/", "/*", "//", "??/", "??=", "%s", "%n", "{x}", "{", "}", "${a}",
    "#", "\\N{DASH}", "\\x", "\t", "`", "$(id)", ";", ",", "é", "☃", "\u202e", "\u2028", "\x07", "\x1b[31m", "a", " ",
]


def hostile_names():
    """Names that could become code: exported programs compile, and take and give them as texts."""
    random = np.random.default_rng(7)

    def name(taken):
        while True:
            text = "".join(random.choice(PIECES, random.integers(1, 6))).strip()
            # One line of a table is one row of a program's input.
            if text and text not in taken and "\n" not in text and not text.startswith("#"):
                taken.add(text)
                return text

    for round in range(12):
        features, kinds, classes = ([name(taken) + "z" for _ in range(3)] for taken in [set(), set(), set()])
        table = pandas.DataFrame({
            features[0]: random.normal(size=30), features[1]: np.array(kinds)[np.arange(30) % 3],
            features[2]: random.normal(size=30), "t": np.array(classes)[random.permutation(30) % 3]})
        table.to_csv("names.csv", index=False, quoting=csv.QUOTE_NONNUMERIC)
        bp('''d = csv "names.csv" target="t" quiet=true
net = mlp [5, 4, 3] tanh softmax
r = train net (standardize (onehot d)) epochs=3 quiet=true
export net "names.c"; export net "names.py" to=numpy; export net "names_keras.py" to=keras
export net "names_torch.py" to=pytorch; save [c: classify net d] "names.json"''')
        expected = json.load(open("names.json"))["c"]
        expect(set(expected) <= set(classes), f"classes {expected[:3]}, {classes}")
        rows = table.drop(columns="t")
        for program in ["names_keras.py", "names_torch.py"]:
            compile(open(program).read(), program, "exec")
        subprocess.run(
            ["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "names.c", "-lm", "-o", "names"], check=True)
        for command in [["./names", "classes"], [sys.executable, "names.py", "classes"]]:
            for columns in [features, features[::-1]]:
                text = rows[columns].to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC)
                end = subprocess.run(command, input=text.encode(), capture_output=True)
                found = end.stdout.decode().split("\n")[:-1]
                expect(found == expected, f"{command[0]} {features}: {found[:3]}, {expected[:3]}, {end.stderr.decode()}")
            wrong = rows.astype(object)
            wrong.iloc[1, 0] = "x"
            wrong.iloc[2, 1] = "no such kind"
            wrong.iloc[3, 2] = np.nan
            text = wrong.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC)
            end = subprocess.run(command, input=text.encode(), capture_output=True)
            found = end.stdout.decode().split("\n")[:-1]
            expect(found == expected[:1] + [""] * 3 + expected[4:], f"{command[0]} with wrong rows: {found[:5]}")
            expect(end.returncode == 1, f"{command[0]} ends with {end.returncode}")
            for line in [3, 4, 5]:
                expect(f"line {line}: " in end.stderr.decode(), f"{command[0]}: line {line} is not named")
        exchanged(4)


def times_of_day():
    """Exported programs read the times that bp reads, as the seconds that it makes of them."""
    times = ["0:00", "12:30", "8:05:15", "23:59:60", "24:00", "1:30 pm", "12:00 AM", "12:00 pm", "9:05:07.25", "7:30am",
             "06:07:08.1234567891"]
    bp("""net = mlp [2, 1] linear init=constant(1)
export net "times.c"; export net "times.py" to=numpy""")
    with open("times.csv", "w") as file:
        file.write("x1,x2\n" + "".join(f"{time},0\n" for time in times))
    bp('d = csv "times.csv" quiet=true; save d.x "times.npy"')
    expected = list(np.load("times.npy")[:, 0])
    expect(expected[1] == 45000, f"times {expected}")
    subprocess.run(
        ["cc", "-std=c99", "-Wall", "-Wextra", "-Werror", "times.c", "-lm", "-o", "times"], check=True)
    wrong = ["75:30", "12:3", "12:60", "24:01", "13:00 pm", "0:30 am", "12:30:61", "12:30x", "1:2:3"]
    text = "x1,x2\n" + "".join(f"{time},0\n" for time in times + wrong)
    for command in [["./times"], [sys.executable, "times.py"]]:
        end = subprocess.run(command, input=text.encode(), capture_output=True)
        found = end.stdout.decode().split("\n")[:-1]
        expect([float(line) for line in found[: len(times)]] == expected, f"{command}: {found}")
        expect(found[len(times) :] == [""] * len(wrong) and end.returncode == 1, f"{command}: {found}")
    exchanged(2)


for part in [arrays, tables, nets, models, pipelines, pictures, hostile_names, times_of_day]:
    part()
print(f"{files} files exchanged and found equal")
