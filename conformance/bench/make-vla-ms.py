"""Writes a MeasurementSet of a synthetic VLA track: 27 antennas, 450 times, 64 channels, RR and LL, 1.01e7 visibilities
per correlation of 200 sources and noise. Needs a Python with casatools and ducc0.

    python make-vla-ms.py vla.ms [number of times]
"""
import shutil
import sys

import ducc0
import numpy as np
from casatools import measures, simulator, table

PATH = sys.argv[1]
TIMES = int(sys.argv[2]) if len(sys.argv) > 2 else 450
ARCSEC = np.pi / 180 / 3600


def stations():
    """Three arms of 21 km, nine antennas each, spaced by a power law."""
    along = 21000 * (np.arange(1, 10) / 9) ** 1.716
    angles = np.deg2rad([-5, 115, 236])
    return (np.concatenate([along * f(a) for a in angles]) for f in (np.sin, np.cos))


def observe():
    east, north = stations()
    sm, me = simulator(), measures()
    shutil.rmtree(PATH, ignore_errors=True)
    sm.open(PATH)
    names = [f'A{n:02d}' for n in range(27)]
    sm.setconfig(telescopename='VLA', x=east.tolist(), y=north.tolist(), z=[0.0] * 27, dishdiameter=[25.0] * 27,
                 mount=['alt-az'] * 27, antname=names, padname=names, coordsystem='local',
                 referencelocation=me.observatory('VLA'))
    sm.setspwindow(spwname='L', freq='1.40GHz', deltafreq='2MHz', freqresolution='2MHz', nchannels=64, stokes='RR LL')
    sm.setfeed('perfect R L')
    sm.setlimits(shadowlimit=0.001, elevationlimit='5deg')
    sm.setauto(autocorrwt=0.0)
    sm.setfield(sourcename='F', sourcedirection=me.direction('J2000', '12h00m00s', '30d00m00s'))
    sm.settimes(integrationtime='60s', usehourangle=True, referencetime=me.epoch('UTC', '2020/01/01'))
    sm.observe('F', 'L', starttime=f'{-30 * TIMES}s', stoptime=f'{30 * TIMES}s')
    sm.close()


def fill():
    tb = table()
    tb.open(f'{PATH}/SPECTRAL_WINDOW')
    frequency = tb.getcol('CHAN_FREQ')[:, 0]
    tb.close()
    tb.open(PATH, nomodify=False)
    uvw = tb.getcol('UVW').T.copy()
    random = np.random.default_rng(1)
    sky = np.zeros((2048, 2048))
    for x, y in random.integers(150, 2048 - 150, (200, 2)):
        sky[x, y] += 0.003 + 0.01 * random.pareto(1.5)
    cell = 0.3 * ARCSEC
    model = ducc0.wgridder.dirty2vis(uvw=uvw, freq=frequency, dirty=sky, pixsize_x=cell, pixsize_y=cell, epsilon=1e-6,
                                     do_wgridding=True, nthreads=2)
    data = np.empty((2, len(frequency), len(uvw)), np.complex64)
    for hand in data:
        noise = random.standard_normal(model.shape) + 1j * random.standard_normal(model.shape)
        hand[:] = (model + 0.5 * noise).T
    tb.putcol('DATA', data)
    tb.putcol('FLAG', np.zeros(data.shape, bool))
    tb.putcol('FLAG_ROW', np.zeros(len(uvw), bool))
    for column in ('WEIGHT', 'SIGMA'):
        tb.putcol(column, np.ones((2, len(uvw)), np.float32))
    extra = [name for name in ('MODEL_DATA', 'CORRECTED_DATA') if name in tb.colnames()]
    if extra:
        tb.removecols(extra)
    tb.close()


observe()
fill()
