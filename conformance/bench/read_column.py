"""Seconds that python-casacore's getcol takes for the DATA of a table, per pass: one JSON list.

usage: read_column.py TABLE ROWS_AT_ONCE REPEATS
"""
import json
import sys
import time

from casacore.tables import table

name, rows, repeats = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
times = []
tab = table(name, ack=False)
for _ in range(repeats):
    started = time.perf_counter()
    for row in range(0, tab.nrows(), rows):
        tab.getcol("DATA", row, min(rows, tab.nrows() - row))
    times.append(time.perf_counter() - started)
print(json.dumps(times))
