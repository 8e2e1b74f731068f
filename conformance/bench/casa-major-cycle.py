"""Seconds that CASA takes for one major cycle (a residual for a model of 200 components), as JSON.

    python casa-major-cycle.py vla.ms FOLDER imsize cell standard|wproject
"""
import json
import os
import sys
import time

import numpy as np
from casatasks import casalog, tclean
from casatools import image

ms, folder, imsize, cell, gridder = sys.argv[1:]
casalog.filter('SEVERE')
name = os.path.join(folder, 'casa')
call = dict(vis=ms, imagename=name, imsize=int(imsize), cell=cell, gridder=gridder, niter=0, pblimit=-0.1,
            datacolumn='data', restoration=False)
if gridder == 'wproject':
    call['wprojplanes'] = 16
started = time.time()
tclean(**call)
dirty = time.time() - started
tool = image()
tool.open(f'{name}.model')
pixels = tool.getchunk()
random = np.random.default_rng(2)
for x, y in random.integers(int(imsize) // 8, 7 * int(imsize) // 8, (200, 2)):
    pixels[x, y, 0, 0] += 0.01
tool.putchunk(pixels)
tool.close()
seconds = []
for _ in range(2):
    started = time.time()
    tclean(**call, calcpsf=False)
    seconds.append(time.time() - started)
print(json.dumps({'dirty': dirty, 'majorCycle': min(seconds)}))
