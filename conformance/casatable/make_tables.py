"""Makes tables with python-casacore that hold what real data seldom do: every type in every storage manager, both byte
orders, rows and columns removed and added, selections, concatenations, MultiFiles, hypercolumns with coordinates.

usage: make_tables.py DIRECTORY
"""

import os
import sys

import numpy as np
from casacore.tables import makearrcoldesc, makescacoldesc, maketabdesc, table, taql

TYPES = {
    "boolean": "?", "uchar": "u1", "short": "i2", "int": "i4", "uint": "u4", "int64": "i8",
    "float": "f4", "double": "f8", "complex": "c8", "dcomplex": "c16", "string": None,
}
DEFAULTS = {
    "boolean": False, "uchar": 0, "short": 0, "int": 0, "uint": 0, "int64": 0,
    "float": 0.0, "double": 0.0, "complex": 0j, "dcomplex": 0j, "string": "",
}
DIRECT, FIXED = 1, 4
rng = np.random.default_rng(20260101)


def text():
    return "".join(rng.choice(list("abcdéXYZ 09"), rng.integers(0, 40)))


def values(kind, shape=()):
    if kind == "string":
        strings = [text() for _ in range(int(np.prod(shape)))]
        return strings[0] if shape == () else {"shape": list(shape), "array": strings}
    dtype = np.dtype(TYPES[kind])
    if dtype.kind == "b":
        made = rng.random(shape) < 0.5
    elif dtype.kind in "iu":
        limits = np.iinfo(dtype)
        made = rng.integers(limits.min, limits.max, size=shape, dtype=dtype, endpoint=True)
    elif dtype.kind == "c":
        made = (rng.normal(size=shape) + 1j * rng.normal(size=shape)).astype(dtype)
    else:
        made = rng.normal(size=shape).astype(dtype)
    return made if shape else np.asarray(made).item()


def columns(manager):
    made = []
    options = {"datamanagertype": manager, "datamanagergroup": "g"}
    for kind, default in DEFAULTS.items():
        made.append(makescacoldesc("S_" + kind, default, valuetype=kind, **options))
        made.append(makearrcoldesc("D_" + kind, default, shape=[3, 5], options=DIRECT | FIXED, valuetype=kind, **options))
        made.append(makearrcoldesc("F_" + kind, default, shape=[3, 5], options=FIXED, valuetype=kind, **options))
        made.append(makearrcoldesc("V_" + kind, default, valuetype=kind, **options))
        made.append(makearrcoldesc("N_" + kind, default, ndim=2, valuetype=kind, **options))
    made.append(makescacoldesc("M_string", "", maxlen=12, **options))
    made.append(makescacoldesc("REC", {}, valuetype="record", **options))
    return made


def fill(tab, first, last, every):
    for row in range(first, last):
        if row % every:
            continue
        for kind in TYPES:
            tab.putcell("S_" + kind, row, values(kind))
            tab.putcell("D_" + kind, row, values(kind, (3, 5)))
            tab.putcell("F_" + kind, row, values(kind, (3, 5)))
            if row % 7:
                tab.putcell("V_" + kind, row, values(kind, tuple(rng.integers(1, 4, size=rng.integers(1, 4)))))
            if row % 3:
                tab.putcell("N_" + kind, row, values(kind, tuple(rng.integers(1, 4, size=2))))
        tab.putcell("M_string", row, "abcdefghijkl"[: row % 13])
        if row % 4:
            tab.putcell("REC", row, {"a": row, "b": {"c": [1.5, 2.5], "d": "x" * (row % 50)}})


KEYWORDS = {
    "i": 3, "f": 1.5, "s": "text é", "b": True, "c": 1 + 2j,
    "ai": np.array([1, 2, 3], dtype="i4"), "ad": np.arange(6.0).reshape(2, 3), "as": ["x", "yy", ""],
    "ab": np.array([True, False, True] * 5), "ac": np.array([1 + 1j]), "empty": np.zeros(0),
    "rec": {"n": {"m": 1}, "e": {}},
}


def basic(name, manager, endian, every=1):
    tab = table(name, maketabdesc(columns(manager)), nrow=60, endian=endian, ack=False)
    tab.putkeywords(KEYWORDS)
    tab.putcolkeywords("S_int", {"QuantumUnits": ["Hz"], "MEASINFO": {"type": "frequency", "Ref": "TOPO"}})
    fill(tab, 0, 60, every)
    tab.close()


def edited(name, manager, endian):
    basic(name, manager, endian)
    tab = table(name, readonly=False, ack=False)
    tab.removerows(list(range(5, 25)) + [40, 41])
    tab.addrows(30)
    fill(tab, tab.nrows() - 30, tab.nrows() - 10, 1)
    for row in range(0, 10):
        tab.putcell("S_string", row, text() * 3)
        tab.putcell("V_string", row, values("string", (4, 2)))
        tab.putcell("V_double", row, values("double", (7,)))
    if manager == "StandardStMan":
        tab.removecols(["S_double", "V_float"])
        tab.addcols(makescacoldesc("ADDED", 0.0))
        tab.putcol("ADDED", rng.normal(size=tab.nrows()))
    tab.close()


def tiled(name, manager, endian):
    made, info = [], {}
    kinds = [kind for kind in TYPES if kind != "string"]
    cell = (6, 4)
    for i, kind in enumerate(kinds):
        group = f"{manager}_{kind}"
        options = {"datamanagertype": manager, "datamanagergroup": group, "valuetype": kind}
        fixed = manager == "TiledColumnStMan"
        made.append(makearrcoldesc("T_" + kind, DEFAULTS[kind], ndim=2, shape=list(cell) if fixed else [],
                                   options=FIXED if fixed else 0, **options))
        tile = [4, 6] if i % 2 else [3, 2]
        if manager != "TiledCellStMan":
            tile.append(7)
        info[f"*{i}"] = {"TYPE": manager, "NAME": group, "COLUMNS": ["T_" + kind], "SPEC": {"DEFAULTTILESHAPE": tile}}
    tab = table(name, maketabdesc(made), nrow=40, endian=endian, dminfo=info, ack=False)
    for row in range(40):
        for kind in kinds:
            if manager == "TiledColumnStMan":
                tab.putcell("T_" + kind, row, values(kind, cell))
            elif row % 6 != 5:
                shape = cell if row % 10 < 7 else (5, 3)
                tab.putcell("T_" + kind, row, values(kind, shape))
    tab.close()


def shared_tiles(name, endian):
    """Several columns in each tile, of different sizes."""
    kinds = ["boolean", "float", "complex", "short"]
    made = [makearrcoldesc("T_" + kind, DEFAULTS[kind], ndim=2, valuetype=kind, datamanagertype="TiledShapeStMan",
                           datamanagergroup="all") for kind in kinds]
    info = {"*1": {"TYPE": "TiledShapeStMan", "NAME": "all", "COLUMNS": ["T_" + kind for kind in kinds],
                   "SPEC": {"DEFAULTTILESHAPE": [3, 5, 7]}}}
    tab = table(name, maketabdesc(made), nrow=30, endian=endian, dminfo=info, ack=False)
    for row in range(30):
        shape = (5, 4) if row < 20 else (2, 3)
        for kind in kinds:
            tab.putcell("T_" + kind, row, values(kind, shape))
    tab.close()


def references(base):
    tab = table(base, ack=False)
    tab.query("rownumber() % 3 == 1").copy("reference", deep=False)
    taql(f"select S_int as RENAMED, V_double, S_string from {base} orderby desc rownumber() giving reference_sorted")
    taql("select from reference where rownumber() < 8 giving reference_of_reference")
    tab.close()
    table([base, base + "_2"], ack=False).rename("concatenated")


def dysco(name, normalisation, distribution, bits, weight_bits, n_channel=5, n_correlation=4, nu=3.0):
    """Visibilities and weights compressed as LOFAR does."""
    baselines = [(i, j) for i in range(4) for j in range(i, 4)]
    n = 3 * len(baselines)
    tab = table(name, maketabdesc([makescacoldesc(c, 0) for c in ("ANTENNA1", "ANTENNA2", "FIELD_ID", "DATA_DESC_ID")]
                                  + [makescacoldesc("TIME", 0.0)]), nrow=n, ack=False)
    tab.putcol("ANTENNA1", np.array([b[0] for b in baselines] * 3, dtype="i4"))
    tab.putcol("ANTENNA2", np.array([b[1] for b in baselines] * 3, dtype="i4"))
    tab.putcol("TIME", np.repeat(4.9e9 + 10.0 * np.arange(3), len(baselines)))
    shape = [n_channel, n_correlation]
    options = {"shape": shape, "options": DIRECT | FIXED}
    made = [makearrcoldesc("DATA", 0j, valuetype="complex", **options),
            makearrcoldesc("WEIGHT_SPECTRUM", 0.0, valuetype="float", **options),
            makearrcoldesc("MODEL_DATA", 0j, valuetype="complex", **options)]
    tab.addcols(maketabdesc(made), {"TYPE": "DyscoStMan", "NAME": "dysco", "SPEC": {
        "dataBitCount": bits, "weightBitCount": weight_bits, "distribution": distribution,
        "normalization": normalisation, "distributionTruncation": 2.5, "studentTNu": nu}})
    data = values("complex", (n, *shape))
    data[3, 2] = np.nan
    tab.putcol("DATA", data)
    tab.putcol("WEIGHT_SPECTRUM", rng.uniform(0.5, 3, size=(n, *shape)).astype("f4"))
    tab.putcol("MODEL_DATA", 100 * values("complex", (n, *shape)))
    tab.close()


def mapped(name, engine, kind, stored, fixed, endian):
    """Columns that casacore computes from a stored one."""
    scaled = not engine.startswith("BitFlags")
    made = [makearrcoldesc("VIRTUAL", DEFAULTS[kind], ndim=2, valuetype=kind, datamanagertype=engine),
            makearrcoldesc("STORED", 0, ndim=2, valuetype=stored)]
    spec = {"SOURCENAME": "VIRTUAL", "TARGETNAME": "STORED"}
    if not scaled and not fixed:
        spec["ReadMask"] = 5
    if scaled and fixed:
        spec.update(SCALE=0.01, OFFSET=0.5, AUTOSCALE=False)
    elif scaled:
        made += [makescacoldesc("SCALE", 0.0, valuetype="float"), makescacoldesc("OFFSET", 0.0, valuetype="float")]
        spec.update(SCALENAME="SCALE", OFFSETNAME="OFFSET", AUTOSCALE=True)
    info = {"*1": {"TYPE": engine, "NAME": "VIRTUAL", "COLUMNS": ["VIRTUAL"], "SPEC": spec}}
    tab = table(name, maketabdesc(made), nrow=12, endian=endian, dminfo=info, ack=False)
    for row in range(12):
        if row % 5 == 3:
            continue
        cell = values(kind, (3, 4 + row % 2))
        if row % 4 == 2 and kind == "complex":
            cell = cell.real.astype("c8")
        if row % 4 == 1 and kind != "boolean" and not engine.endswith("SD"):
            cell[1, 1] = np.nan
        if scaled:
            tab.putcell("VIRTUAL", row, cell)
        else:
            tab.putcell("STORED", row, rng.integers(0, 8, size=cell.shape))
    tab.close()


def engines():
    for normalisation in ("AF", "RF", "Row"):
        for distribution in ("Uniform", "Gaussian", "TruncatedGaussian", "StudentT"):
            dysco(f"dysco_{normalisation}_{distribution}", normalisation, distribution, 10, 12)
    for bits in (2, 3, 4, 6, 8, 12, 16):
        dysco(f"dysco_{bits}_bits", "AF", "TruncatedGaussian", bits, bits, n_channel=7, n_correlation=3)
    for endian in ("little", "big"):
        for fixed in (True, False):
            how = f"{'fixed' if fixed else 'auto'}_{endian}"
            mapped(f"CompressFloat_{how}", "CompressFloat", "float", "short", fixed, endian)
            mapped(f"CompressComplex_{how}", "CompressComplex", "complex", "int", fixed, endian)
            mapped(f"CompressComplexSD_{how}", "CompressComplexSD", "complex", "int", fixed, endian)
        for stored in ("uChar", "Short", "Int"):
            mapped(f"BitFlags_{stored}_{endian}", f"BitFlagsEngine<{stored:8}", "boolean", stored.lower(), endian == "big", endian)


def multifile(name):
    """In one file, where the environment's CASARCFILES asks for table.storage.option: multifile."""
    tab = table(name, maketabdesc(columns("StandardStMan")), nrow=20, ack=False)
    fill(tab, 0, 20, 1)
    tab.close()


def edit(name):
    """Rows and values added to a table that somebody else made."""
    tab = table(name, readonly=False, ack=False)
    tab.addrows(40)
    last = tab.nrows() - 1
    for column in tab.colnames():
        source = next((row for row in range(3, 30) if tab.isscalarcol(column) or tab.iscelldefined(column, row)), None)
        if source is not None:
            for row in (0, last - 3, last):
                tab.putcell(column, row, tab.getcell(column, source))
    tab.close()


def main():
    os.makedirs(sys.argv[1], exist_ok=True)
    os.chdir(sys.argv[1])
    for endian in ("little", "big"):
        basic(f"standard_{endian}", "StandardStMan", endian)
        edited(f"standard_edited_{endian}", "StandardStMan", endian)
        basic(f"incremental_{endian}", "IncrementalStMan", endian, every=4)
        edited(f"incremental_edited_{endian}", "IncrementalStMan", endian)
        for manager in ("TiledShapeStMan", "TiledColumnStMan", "TiledCellStMan"):
            tiled(f"{manager}_{endian}", manager, endian)
        shared_tiles(f"shared_tiles_{endian}", endian)
    engines()
    basic("standard_little_2", "StandardStMan", "little")
    references("standard_little")


if __name__ == "__main__":
    if sys.argv[1] == "--multifile":
        multifile(sys.argv[2])
    elif sys.argv[1] == "--edit":
        edit(sys.argv[2])
    else:
        main()
