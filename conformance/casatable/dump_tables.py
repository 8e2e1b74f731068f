"""What python-casacore reads from tables, as JSON on stdout: the yardstick for our reader.

usage: dump_tables.py TABLE... (directories; subtables follow by themselves)

Answer: {table path: {"nrow", "kind", "keywords", "columns": {name: {"keywords", "rows": [checksum or null per row]}}}}
The checksum of a cell is the CRC-32 of "shape;" followed by its little-endian bytes (bools as one byte, strings as
UTF-8, each ended by a zero byte, NaN as the usual one), the shape in casacore's order; null stands for a cell without an array. A cell that
holds a record is that record.
"""

import json
import os
import sys
import zlib

import numpy as np
from casacore.tables import table


def plain(value):
    if isinstance(value, dict):
        if set(value) == {"shape", "array"}:
            return plain(np.array(value["array"]).reshape(value["shape"][::-1] or [0]))
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, np.ndarray):
        return [] if value.size == 0 else [plain(item) for item in value]
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (complex, np.complexfloating)):
        return {"re": plain(value.real), "im": plain(value.imag)}
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if np.isfinite(value) else str(float(value))
    if isinstance(value, bytes):
        return value.decode()
    text = str(value)
    return "Table" if text.startswith("Table: ") else text


def canonical(cell):
    """One bit pattern for all that is not a number."""
    if cell.dtype.kind in "fc":
        parts = cell.reshape(-1).view(cell.dtype.str.replace("c16", "f8").replace("c8", "f4"))
        parts[np.isnan(parts)] = np.nan
    return cell


def checksum(cell):
    if isinstance(cell, dict):
        cell = np.array(cell["array"], dtype=object).reshape(cell["shape"])
    if isinstance(cell, (list, tuple)):
        cell = np.array(cell, dtype=object)
    if isinstance(cell, str):
        return zlib.crc32(b";" + cell.encode() + b"\0")
    if isinstance(cell, np.ndarray):
        shape = ",".join(str(n) for n in cell.shape[::-1])
        if cell.dtype.kind in "OUS":
            content = b"".join(str(text).encode() + b"\0" for text in cell.flatten())
        else:
            content = canonical(np.ascontiguousarray(cell).astype(cell.dtype.newbyteorder("<"))).tobytes()
        return zlib.crc32(shape.encode() + b";" + content)
    return None


SCALARS = {
    "boolean": "u1", "uchar": "u1", "short": "<i2", "ushort": "<u2", "int": "<i4", "uint": "<u4", "int64": "<i8",
    "float": "<f4", "double": "<f8", "complex": "<c8", "dcomplex": "<c16",
}


def dump_column(tab, name):
    description = tab.getcoldesc(name)
    scalar = tab.isscalarcol(name)
    rows = []
    for row in range(tab.nrows()):
        if not scalar and not tab.iscelldefined(name, row):
            rows.append(None)
            continue
        if description["valueType"].lower() == "record":
            rows.append(plain(tab.getcell(name, row)))
            continue
        cell = tab.getcell(name, row)
        if scalar and not isinstance(cell, str):
            rows.append(zlib.crc32(b";" + np.array(cell, dtype=SCALARS[description["valueType"].lower()]).tobytes()))
        else:
            # Arrays of uChar come back wider than they are stored.
            kind = description["valueType"].lower()
            rows.append(checksum(cell if kind == "string" else np.asarray(cell, dtype=SCALARS[kind])))
    return {"keywords": plain(tab.getcolkeywords(name)), "rows": rows}


def dump(path, into):
    tab = table(path, ack=False)
    keywords = tab.getkeywords()
    into[path] = {
        "nrow": tab.nrows(),
        "keywords": plain(keywords),
        "columns": {name: dump_column(tab, name) for name in tab.colnames()},
    }
    tab.close()
    for subtable in referenced(keywords):
        if subtable not in into and os.path.isdir(subtable):
            dump(subtable, into)


def referenced(value):
    """Paths of the tables that keywords refer to, also from within records."""
    if isinstance(value, dict):
        return [path for item in value.values() for path in referenced(item)]
    return [value[7:]] if isinstance(value, str) and value.startswith("Table: ") else []


if __name__ == "__main__":
    answer = {}
    for path in sys.argv[1:]:
        dump(path, answer)
    json.dump(answer, sys.stdout)
