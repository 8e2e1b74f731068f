"""Data tables for CASA on a machine that cannot fetch them: usage casa_data.py FOLDER.

Ephemerides and observatories come with the package python-casacore. Earth orientation and leap seconds are made from the
IERS files in the package astropy-iers-data, as casacore tables in the layout that casacore's measures look for (columns
named in casacore's documentation of the IERS tables; the tables' keywords say when they were made).
"""

import os
import shutil
import sys
import time

import astropy_iers_data
import casacore
import numpy
from casacore.tables import makescacoldesc, maketabdesc, table

EOP_COLUMNS = ('MJD', 'x', 'Dx', 'y', 'Dy', 'dUT1', 'DdUT1', 'LOD', 'DLOD', 'dPsi', 'DdPsi', 'dEps', 'DdEps')
# Before 1972 UTC was steered in rate as well: TAI−UTC = offset + (MJD − reference) · rate. MJD of the change, offset in
# seconds, reference day, rate in seconds per day, as the IERS publishes them.
EARLY_UTC = (
    (37300, 1.422818, 37300, 0.001296), (37512, 1.372818, 37300, 0.001296), (37665, 1.845858, 37665, 0.0011232),
    (38334, 1.945858, 37665, 0.0011232), (38395, 3.24013, 38761, 0.001296), (38486, 3.34013, 38761, 0.001296),
    (38639, 3.44013, 38761, 0.001296), (38761, 3.54013, 38761, 0.001296), (38820, 3.64013, 38761, 0.001296),
    (38942, 3.74013, 38761, 0.001296), (39004, 3.84013, 38761, 0.001296), (39126, 4.31317, 39126, 0.002592),
    (39887, 4.21317, 39126, 0.002592),
)
# Newer telescopes at the places of older ones, by names that observations use.
ALIASES = {'EVLA': 'VLA', 'NGVLA': 'VLA'}


def write_table(path, columns, kind, sub_kind, first_mjd, step_days):
    """One casacore table of double columns with the keywords that measures check."""
    shutil.rmtree(path, ignore_errors=True)
    length = len(next(iter(columns.values())))
    made = table(path, maketabdesc([makescacoldesc(name, 0.0) for name in columns]), nrow=length, ack=False)
    for name, values in columns.items():
        made.putcol(name, numpy.asarray(values, dtype=float))
    now = time.strftime('%Y/%m/%d/%H:%M')
    keywords = {'VS_CREATE': now, 'VS_DATE': now, 'VS_VERSION': '0001.0001', 'VS_TYPE': kind}
    for name, value in {**keywords, 'MJD0': first_mjd, 'dMJD': step_days}.items():
        made.putkeyword(name, value)
    made.putinfo({'type': 'IERS', 'subType': sub_kind, 'readme': ''})
    made.close()


def write_orientation(folder, name, rows, kind):
    """Earth orientation, one row a day: polar motion (arcsec), UT1−UTC (s), length of day (s), pole offsets (arcsec)."""
    values = numpy.array(rows, dtype=float)
    given = {'MJD': 0, 'x': 1, 'y': 2, 'dUT1': 3, 'dPsi': 4, 'dEps': 5, 'LOD': 6}
    zeros = numpy.zeros(len(values))
    columns = {column: values[:, given[column]] if column in given else zeros for column in EOP_COLUMNS}
    write_table(os.path.join(folder, name), columns, 'IERS ' + kind, name[4:], int(values[0, 0]) - 1, 1.0)


def observed_rows(path):
    """Rows of eopc04: day, x, y, UT1−UTC, dX, dY, length of day."""
    with open(path) as file:
        words = [line.split() for line in file if not line.startswith('#')]
    return [[float(row[i]) for i in (4, 5, 6, 7, 8, 9, 12)] for row in words if len(row) > 12]


def predicted_rows(path, since):
    """Rows of finals2000A, fixed columns, as far as predictions go."""
    rows = []
    with open(path) as file:
        for line in file:
            fields = (line[7:15], line[18:27], line[37:46], line[58:68])
            if all(field.strip() for field in fields) and float(fields[0]) >= since:
                rows.append([*map(float, fields), 0.0, 0.0, 0.0])
    return rows


def write_leap_seconds(folder, path):
    with open(path) as file:
        words = [line.split() for line in file if line.strip() and not line.startswith('#')]
    rows = [*EARLY_UTC, *((float(row[0]), float(row[4]), 0.0, 0.0) for row in words)]
    mjd, offset, reference, rate = zip(*rows)
    columns = {'MJD': mjd, 'dUTC': offset, 'Offset': reference, 'Multiplier': rate}
    write_table(os.path.join(folder, 'TAI_UTC'), columns, 'TAI_UTC', 'leapSecond', 0, 0.0)


def add_observatories(folder):
    places = table(os.path.join(folder, 'Observatories'), readonly=False, ack=False)
    names = list(places.getcol('Name'))
    for name, like in ALIASES.items():
        if name in names or like not in names:
            continue
        places.addrows(1)
        for column in places.colnames():
            value = name if column == 'Name' else places.getcell(column, names.index(like))
            places.putcell(column, places.nrows() - 1, value)
    places.close()


def main(folder):
    shutil.copytree(os.path.join(os.path.dirname(casacore.__file__), 'data'), folder, dirs_exist_ok=True)
    geodetic = os.path.join(folder, 'geodetic')
    iers = os.path.join(os.path.dirname(astropy_iers_data.__file__), 'data')
    observed = observed_rows(os.path.join(iers, 'eopc04.1962-now'))
    predicted = predicted_rows(os.path.join(iers, 'finals2000A.all'), since=observed[-1][0] - 365)
    write_orientation(geodetic, 'IERSeop2000', observed, 'eop 2000')
    write_orientation(geodetic, 'IERSeop97', [[*row[:4], 0.0, 0.0, row[6]] for row in observed], 'eop 97')
    for name in ('IERSpredict2000', 'IERSpredict'):
        write_orientation(geodetic, name, predicted, 'predict')
    write_leap_seconds(geodetic, os.path.join(iers, 'Leap_Second.dat'))
    add_observatories(geodetic)
    print(f'data tables in {folder}')


main(sys.argv[1])
