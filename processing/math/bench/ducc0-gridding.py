"""ducc0's wgridder on the samples of gridding.mjs: times and, where asked for, errors of both. Prints JSON."""
import json, sys, time
import numpy as np
import ducc0

task = json.loads(sys.argv[1])
load = lambda name, dtype: np.fromfile(f"{task['folder']}/{name}", dtype)
uvw = load('uvw', np.float64).reshape(-1, 3)
freq = load('frequency', np.float64)
shape = (uvw.shape[0], freq.size)
vis = load('visibility', np.complex64).reshape(shape)
wgt = load('weight', np.float32).reshape(shape)
mask = (wgt > 0).astype(np.uint8)
n, name = task['n'], task['name']
cell = dict(pixsize_x=task['cellRad'], pixsize_y=task['cellRad'], do_wgridding=task['withW'])


def grid(v, w, epsilon):
    return ducc0.wgridder.vis2dirty(uvw=uvw, freq=freq, vis=v, wgt=w, mask=mask, npix_x=n, npix_y=n, epsilon=epsilon,
                                    nthreads=task['threads'], **cell)


def degrid(image, epsilon):
    return ducc0.wgridder.dirty2vis(uvw=uvw, freq=freq, dirty=image, epsilon=epsilon, nthreads=task['threads'], **cell)


def best(run):
    walls, cpus = [], []
    for _ in range(task['repeats']):
        start, cpu = time.perf_counter(), time.process_time()
        result = run()
        walls.append(1000 * (time.perf_counter() - start))
        cpus.append(1000 * (time.process_time() - cpu))
    return min(walls), min(cpus), result


# vis2dirty sums vis * exp(+2 pi i (u l + v m - w (n-1))); conjugate data and w of the other sign make that the sum of
# gridding.mjs. Images are [y, x] there and [x, y] here.
vis = np.conj(vis)
uvw = uvw * [1, 1, -1]
model = np.zeros((n, n), np.float32)
if task['errors']:
    model = np.ascontiguousarray(load(f'{name}-model', np.float32).reshape(n, n).T)
else:
    model.flat[np.random.default_rng(1).integers(0, n * n, 200)] = 1
answer = {}
answer['duccGrid'], answer['duccGridCpu'], image = best(lambda: grid(vis, wgt, task['epsilon']))
answer['duccDegrid'], answer['duccDegridCpu'], predicted = best(lambda: degrid(model, task['epsilon']))
if task['errors'] and task['reference']:
    norm = np.linalg.norm
    exact = grid(vis.astype(np.complex128), wgt.astype(np.float64), 1e-9)
    ours = load(f'{name}-image', np.float32).reshape(n, n).T
    answer['oursGridError'] = norm(ours - exact) / norm(exact)
    answer['duccsGridError'] = norm(image - exact) / norm(exact)
    exact = degrid(model.astype(np.float64), 1e-9)
    ours = load(f'{name}-predicted', np.complex64).reshape(shape)
    answer['oursDegridError'] = norm(ours.conj() - exact) / norm(exact)
    answer['duccsDegridError'] = norm(predicted - exact) / norm(exact)
print(json.dumps(answer))
