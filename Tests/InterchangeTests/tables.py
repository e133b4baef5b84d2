"""Reads the tables that Python packages carry with bp and with pandas: rows, columns, gaps and every
number must be the same, dates and separated thousands the same days and numbers.

Called by scripts/interoperability --tables with the path of bp and an empty folder. Further files may
be named behind them. Fails where a table differs, and lists what bp refuses.
"""

import json
import os
import re
import subprocess
import sys
import warnings

import numpy as np
import pandas

warnings.filterwarnings("ignore")
BP, FOLDER = sys.argv[1:3]
SEPARATORS = {"commas": ",", "semicolons": ";", "tabs": "\t", "bars": "|", "blanks": r"\s+"}
PACKAGES = ["sklearn", "statsmodels", "vega_datasets"]


def files():
    import importlib.util

    for name in PACKAGES:
        place = os.path.dirname(importlib.util.find_spec(name).origin)
        for folder, _, names in sorted(os.walk(place)):
            for file in sorted(names):
                path = os.path.join(folder, file)
                if file.endswith((".csv", ".csv.gz", ".tsv")) and os.path.getsize(path) < 1_000_000:
                    yield path


def read(file):
    """The features, their names and what was said; or the error."""
    code = f'd = csv {json.dumps(file)}\nsave d.x "x.npy"\nsave d.features "names.json"\n'
    code = code.replace("{", "\\{").replace("}", "\\}")
    run = subprocess.run([BP, "-"], input=code, capture_output=True, text=True, cwd=FOLDER, timeout=60)
    if run.returncode:
        error = re.search(r"error: (.*)", run.stderr)
        return None, None, error[1] if error else run.stderr[:100]
    x = np.load(os.path.join(FOLDER, "x.npy"))
    with open(os.path.join(FOLDER, "names.json"), encoding="utf-8") as names:
        return x.reshape(x.shape[0], -1), json.load(names), run.stderr


def told(pattern, said):
    return set(re.findall(r"note: [^\n]*?: (.*?): " + pattern, said))


def table(file, said):
    """The same by pandas, told what bp found out."""
    separator = next((c for word, c in SEPARATORS.items() if f"separated by {word}" in said), ",")
    encoding = re.search(r"read as (\S+) \(encoding", said)
    options = dict(
        sep=separator, decimal="," if "decimal commas" in said else ".", na_values=["?"],
        encoding=encoding[1] if encoding else "utf-8-sig", skipinitialspace=True,
        comment="#" if "of comment" in said else None)
    options |= dict(engine="python") if len(separator) > 1 else dict(
        float_precision="round_trip", low_memory=False)
    result = pandas.read_csv(
        file, header=None if "no line of names" in said else 0, index_col=False, **options)
    if re.search("its first column (names|numbers) the rows", said):
        plain = pandas.read_csv(file, **options)
        one_short = not isinstance(plain.index, pandas.RangeIndex)
        result = plain if one_short else plain.iloc[:, 1:]
    empty = re.search(r"(\d+) columns? without a name", said)
    return result.iloc[:, : result.shape[1] - int(empty[1])] if empty else result


def numbers(column, name, said):
    """A column of pandas as bp has it where it says so; None for names."""
    if pandas.api.types.is_numeric_dtype(column):
        return column.astype(float).to_numpy()
    if name in told("dates as days", said):
        days = pandas.to_datetime(
            column, errors="coerce", format="mixed", utc=True, dayfirst="the day first" in said)
        days = (days - pandas.Timestamp("1970-01-01", tz="UTC")) / pandas.Timedelta(days=1)
        # Years of two digits are of another century there.
        return days.where(days < 22_000, days - 36_525).astype(float).to_numpy()
    if name in told("thousands are separated", said):
        column = column.str.replace(r"[, ]", "", regex=True)
    marks = dict(re.findall(r'note: [^\n]*?: (.*?): (".*") is taken for a missing', said))
    if name in marks:
        column = column.where(~column.isin(json.loads(f"[{marks[name]}]")))
    words = set(column.dropna().astype(str).str.lower())
    if words <= {"true", "false"}:
        return column.map(lambda word: str(word).lower() == "true", na_action="ignore").astype(float)
    try:
        return pandas.to_numeric(column).astype(float).to_numpy()
    except ValueError:
        return None


def difference(file, x, names, said):
    theirs = table(file, said)
    if theirs.shape != x.shape:
        return f"{x.shape} here, {theirs.shape} in pandas"
    kinds = told(r"\d+ (?:categor|class)", said)
    for place, name in enumerate(names):
        wanted = numbers(theirs.iloc[:, place], name, said)
        if wanted is None:
            # Only the first few columns of categories are told of.
            if name not in kinds and len(kinds) < 6:
                return f"{name} holds numbers here, {theirs.iloc[0, place]!r} in pandas"
        elif name in kinds:
            return f"{name} holds categories here, numbers in pandas"
        elif not np.allclose(x[:, place], wanted, rtol=0, atol=1e-9, equal_nan=True) and not (
                np.array_equal(x[:, place], wanted, equal_nan=True)):
            return f"{name} has other numbers"
    return None


counts = {"the same": 0, "refused": 0, "differ": 0, "not read by pandas": 0}
for file in sys.argv[3:] or files():
    x, names, said = read(file)
    if x is None:
        counts["refused"] += 1
        print(f"refused: {said}"[:300])
        continue
    try:
        why = difference(file, x, names, said)
    except (ValueError, pandas.errors.ParserError):
        counts["not read by pandas"] += 1
        continue
    counts["differ" if why else "the same"] += 1
    if why:
        print(f"{file}: {why}")
print(", ".join(f"{count} {what}" for what, count in counts.items()))
sys.exit(1 if counts["differ"] or not counts["the same"] else 0)
