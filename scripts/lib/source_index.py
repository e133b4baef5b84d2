"""What the source files define and refer to, from the index that the compiler writes in a debug build."""
import ctypes
import pathlib
import shutil
import sys

root = pathlib.Path(__file__).resolve().parent.parent.parent
DEFINITION, REFERENCE = 2, 4
RECORD = 2


class Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    def __str__(self):
        return ctypes.string_at(self.data, self.length).decode() if self.data else ""


class Index:
    """The index store that the compiler writes, through the library of its toolchain."""

    CALLBACK = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_void_p)
    NAMES = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, Text)

    def __init__(self, folder):
        toolchain = pathlib.Path(shutil.which("swift")).resolve().parent.parent
        self.library = ctypes.CDLL(str(toolchain / "lib/libIndexStore.so"))
        self.store = self.call("store_create", ctypes.c_void_p, str(folder).encode(), None)
        if not self.store:
            sys.exit(f"there is no index in {folder}: run swift build first")

    def call(self, name, result, *arguments):
        function = getattr(self.library, "indexstore_" + name)
        function.restype = result
        return function(
            *[ctypes.c_void_p(a) if isinstance(a, int) and a > 0xFFFFFFFF else a for a in arguments])

    def each(self, name, *arguments):
        found = []

        @self.CALLBACK
        def add(_, item):
            found.append(self.read(name, item))
            return True

        self.call(name, ctypes.c_bool, *arguments, None, add)
        return found

    def read(self, name, item):
        if name == "unit_reader_dependencies_apply_f":
            kind = self.call("unit_dependency_get_kind", ctypes.c_int, item)
            return (
                kind, str(self.call("unit_dependency_get_name", Text, item)),
                str(self.call("unit_dependency_get_filepath", Text, item)))
        symbol = self.call("occurrence_get_symbol", ctypes.c_void_p, item)
        line, column = ctypes.c_uint(), ctypes.c_uint()
        self.call(
            "occurrence_get_line_col", None, item, ctypes.addressof(line), ctypes.addressof(column))
        return (
            str(self.call("symbol_get_usr", Text, symbol)),
            self.call("occurrence_get_roles", ctypes.c_uint64, item), line.value)

    def units(self):
        names = []

        @self.NAMES
        def add(_, name):
            names.append(str(name))
            return True

        self.call("store_units_apply_f", ctypes.c_bool, self.store, 0, None, add)
        return names

    def occurrences(self):
        """Of each source file of the project, what it defines and refers to: (symbol, roles, line)."""
        records = {}
        for name in self.units():
            unit = self.call(
                "unit_reader_create", ctypes.c_void_p, self.store, name.encode(), None)
            if not unit:
                continue
            for kind, record, path in self.each("unit_reader_dependencies_apply_f", unit):
                if kind == RECORD and path.startswith(f"{root}/Sources/"):
                    file = pathlib.Path(path)
                    # A moved file leaves its old records behind, and an edited one its older.
                    if file.exists():
                        written = (root / ".build/debug/index/store/v5/records" / record[-2:] / record)
                        time = written.stat().st_mtime if written.exists() else 0
                        if time >= records.get(path, ("", -1))[1]:
                            records[path] = (record, time)
        for path, (record, _) in records.items():
            reader = self.call(
                "record_reader_create", ctypes.c_void_p, self.store, record.encode(), None)
            if reader:
                yield (
                    str(pathlib.Path(path).relative_to(root)),
                    self.each("record_reader_occurrences_apply_f", reader))
