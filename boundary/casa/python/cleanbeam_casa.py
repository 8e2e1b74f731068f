"""The far side of Cleanbeam's CASA engine: answers requests that come over a Jupyter comm with CASA's tasks and tools.

Runs in an ipykernel whose Python has casatasks and casatools, and in nothing else than what comes with these. Sent over
when the kernel has started, so that both sides are of one version. Requests and answers are JSON in the first binary
buffer, arrays in the ones after it; numbers JSON cannot write stand as {"$number": "NaN"}. An answer is kept until the
next request shows that it has arrived, so that a request which is sent again is not carried out twice.
"""

import glob
import inspect
import json
import math
import os
import re
import sys
import tempfile
import threading
import time
import traceback

import numpy as np

PROTOCOL = 1
TARGET = 'cleanbeam.casa'
LOG_POLL_SECONDS = 0.1
# A kernel that nobody asks anything for so long has been left behind.
LONELY_SECONDS = 24 * 3600
SUFFIX = re.compile(r'\.(psf|residual|model|image|mask|pb|sumwt|weight|gridwt|alpha|beta)(\.(tt\d+|error|pbcor))*$')


class Refused(Exception):
    """A request that cannot be carried out as asked: the caller's mistake, not CASA's."""


def configure(log_path):
    """Before anything of CASA is imported: no log in the working folder, no call off this machine."""
    try:
        import casaconfig.config as config
    except ImportError:
        return
    config.logfile = log_path
    config.nologfile = False
    config.log2term = False
    config.telemetry_enabled = False
    config.crashreporter_enabled = False
    config.measures_auto_update = False
    config.data_auto_update = False


def plain(value):
    """Numpy's types and numbers that JSON cannot write, as JSON."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return {'$number': 'NaN' if math.isnan(value) else 'Infinity' if value > 0 else '-Infinity'}
    return value


def restored(value):
    """The inverse of `plain` for what comes from the other side."""
    if isinstance(value, dict):
        if set(value) == {'$number'}:
            return float(value['$number'])
        return {key: restored(item) for key, item in value.items()}
    return [restored(item) for item in value] if isinstance(value, list) else value


class Engine:
    """CASA's tasks and tools by name; every method takes and answers JSON, arrays beside."""

    def __init__(self):
        try:
            import casatasks
            import casatools
        except ImportError as error:
            raise Refused(f'CASA cannot be used: {error} (its data tables: npm run setup:casa makes them)') from error

        self.tasks = casatasks
        self.tools = casatools
        self.version = casatasks.version_string()

    def info(self, arguments, buffers):
        return {'protocol': PROTOCOL, 'version': self.version, 'python': sys.version.split()[0]}

    def tclean(self, arguments, buffers):
        return self.task('tclean', arguments['parameters'])

    def deconvolve(self, arguments, buffers):
        parameters = arguments['parameters']
        # CASA's deconvolve with nsigma looks for the primary beam in the working folder only.
        folder, name = os.path.split(parameters['imagename'])
        before = os.getcwd()
        inputs = {key: absolute_paths(parameters[key]) for key in ('mask', 'startmodel') if key in parameters}
        os.chdir(folder or '.')
        try:
            return self.task('deconvolve', {**parameters, **inputs, 'imagename': name})
        finally:
            os.chdir(before)

    def task(self, name, parameters):
        task = getattr(self.tasks, name)
        known = inspect.signature(task.__call__).parameters
        unknown = sorted(set(parameters) - set(known))
        if unknown:
            raise Refused(f"expected parameters of {name} in CASA {self.version}, got {', '.join(unknown)}")
        answer = task(**parameters)
        if not isinstance(answer, dict) or 'stopcode' not in answer:
            raise RuntimeError(f'expected a return dictionary of {name}, got {answer!r}: see the log')
        self.note_engine(name, parameters)
        return answer

    def note_engine(self, name, parameters):
        """Who made the products, in their history; once per image."""
        line = f'engine: casa {self.version} ({name}), driven by cleanbeam'
        for path in self.products({'imagename': parameters['imagename']}, ()).values():
            with self.open(path) as tool:
                if line not in tool.history(list=False):
                    tool.sethistory(origin='cleanbeam', history=[line])

    def products(self, arguments, buffers):
        imagename = arguments['imagename']
        paths = glob.glob(glob.escape(imagename) + '.*')
        found = {path[len(imagename):]: path for path in paths if os.path.exists(os.path.join(path, 'table.dat'))}
        return {suffix: path for suffix, path in sorted(found.items()) if SUFFIX.fullmatch(suffix)}

    def statekey(self, arguments, buffers):
        """Changes whenever the image does; '' when it is not there."""
        path = arguments['path']
        names = sorted(name for name in (os.listdir(path) if os.path.isdir(path) else ()) if name != 'table.lock')
        found = [os.stat(os.path.join(path, name)) for name in names]
        return ' '.join(f'{file.st_mtime_ns}:{file.st_size}' for file in found)

    def absolute(self, arguments, buffers):
        return os.path.abspath(os.path.expanduser(arguments['path']))

    def open(self, path):
        return OpenImage(self.tools.image(), path)

    def shape(self, arguments, buffers):
        with self.open(arguments['path']) as tool:
            return tool.shape()

    def maskhandler(self, arguments, buffers):
        with self.open(arguments['path']) as tool:
            answer = tool.maskhandler(arguments['op'], arguments.get('names') or [''])
            return list(answer) if isinstance(answer, (list, tuple, np.ndarray)) else [str(answer)]

    def coordsys(self, arguments, buffers):
        with self.open(arguments['path']) as tool:
            system = tool.coordsys()
            try:
                return coordinates(system.torecord(), spectral_table(system, tool.shape()), self.tools)
            finally:
                system.done()

    def toworld(self, arguments, buffers):
        with self.open(arguments['path']) as tool:
            pixel = arguments['pixel']
            numeric, text = tool.toworld(pixel, 'n')['numeric'], tool.toworld(pixel, 's')['string']
            return {'numeric': numeric, 'string': list(text)}

    def topixel(self, arguments, buffers):
        with self.open(arguments['path']) as tool:
            return tool.topixel(arguments['world'])['numeric']

    def getchunk(self, arguments, buffers):
        with self.open(arguments['path']) as tool:
            box = full_box(tool.shape(), arguments)
            getmask = bool(arguments.get('getmask'))
            answer = tool.getchunk(*box, getmask=getmask, dropdeg=bool(arguments.get('dropdeg')))
        return as_chunk(answer, getmask)

    def getregion(self, arguments, buffers):
        with self.open(arguments['path']) as tool:
            getmask = bool(arguments.get('getmask'))
            answer = tool.getregion(arguments.get('region') or '', getmask=getmask, mask=arguments.get('mask') or '')
        return as_chunk(answer, getmask)

    def putchunk(self, arguments, buffers):
        pixels = np.frombuffer(buffers[0], '<f8')
        with self.open(arguments['path']) as tool:
            shape = [int(n) for n in tool.shape()]
            blc = list(arguments.get('blc') or [0] * len(shape))
            given = arguments.get('shape') or whole_axes(shape, blc, pixels.size)
            inc = list(arguments.get('inc') or [1] * len(shape))
            tool.putchunk(pixels.reshape(given, order='F'), blc, inc)
        return None

    def fitsheader(self, arguments, buffers):
        with self.open(arguments['path']) as tool:
            return tool.fitsheader()

    def statistics(self, arguments, buffers):
        with self.open(arguments['path']) as tool:
            return {
                key: value if isinstance(value, str) else np.atleast_1d(value).ravel(order='F')
                for key, value in tool.statistics(
                    axes=arguments.get('axes') or [-1],
                    region=arguments.get('region') or '',
                    mask=arguments.get('mask') or '',
                    robust=bool(arguments.get('robust')),
                ).items()
            }

    def summary(self, arguments, buffers):
        with self.open(arguments['path']) as tool:
            record = tool.summary(list=False)
            header = tool.fitsheader()
            return {
                'name': os.path.basename(arguments['path']),
                'shape': record['shape'],
                'unit': record['unit'],
                'masks': list(record['masks']),
                'defaultMask': record['defaultmask'],
                'object': str(header.get('OBJECT', '')).strip(),
                'beams': beams(tool.restoringbeam()),
            }

    def restoringbeam(self, arguments, buffers):
        channel, polarisation = arguments.get('channel', -1), arguments.get('polarisation', -1)
        with self.open(arguments['path']) as tool:
            return beams(tool.restoringbeam(channel=channel, polarization=polarisation))

    def exportfits(self, arguments, buffers):
        with self.open(arguments['path']) as tool:
            tool.tofits(
                arguments['target'],
                velocity=bool(arguments.get('velocity')),
                overwrite=bool(arguments.get('overwrite')),
                stokeslast=False,
            )
        return None


def absolute_paths(value):
    """Names of files that exist, whatever the working folder; other text stays as it is."""
    if isinstance(value, (list, tuple)):
        return [absolute_paths(item) for item in value]
    return os.path.abspath(value) if isinstance(value, str) and value and os.path.exists(value) else value


class OpenImage:
    """An image tool that is open within `with`: no lock is kept on the file."""

    def __init__(self, tool, path):
        self.tool = tool
        if not os.path.exists(path):
            raise Refused(f'expected an image, got none ({path})')
        tool.open(path)

    def __enter__(self):
        return self.tool

    def __exit__(self, *_):
        self.tool.done()


def as_chunk(answer, getmask):
    array = np.asarray(answer)
    key, wire = ('mask', 'u1') if getmask else ('pixels', '<f8')
    ordered = np.asfortranarray(array, wire)
    return {'shape': list(array.shape), key: {'$array': wire}}, [memoryview(ordered.T).cast('B')]


def full_box(shape, arguments):
    """blc, trc and inc of all axes; what is left out goes to the ends, -1 too."""
    rank = len(shape)
    pad = lambda name, fill: (list(arguments.get(name) or []) + [fill] * rank)[:rank]
    blc = [max(0, int(n)) for n in pad('blc', 0)]
    trc = [int(n) if n >= 0 else int(end) - 1 for n, end in zip(pad('trc', -1), shape)]
    return blc, trc, [int(n) for n in pad('inc', 1)]


def whole_axes(shape, blc, size):
    """Shape of pixels that fill whole axes from blc on."""
    given, left = [], size
    for length, start in zip(shape, blc):
        step = min(length - start, left) if left > 1 else 1
        given.append(step)
        left //= step
    if left != 1 or int(np.prod(given)) != size:
        raise Refused(f'expected pixels that fill whole axes of {list(shape)} from {blc} on, got {size}: give their shape')
    return given


def radians(quantity):
    factor = {'arcsec': math.pi / 648000, 'arcmin': math.pi / 10800, 'deg': math.pi / 180, 'rad': 1.0,
              'marcsec': math.pi / 648e6, 'mas': math.pi / 648e6}
    return float(quantity['value']) * factor[quantity['unit']]


def beam(record):
    angle = record.get('positionangle', record.get('pa'))
    return {'majorRad': radians(record['major']), 'minorRad': radians(record['minor']), 'positionAngleRad': radians(angle)}


def beams(record):
    """One beam, or one per plane with Stokes fastest."""
    if not record:
        return []
    if 'beams' not in record:
        return [beam(record)]
    planes = record['beams']
    return [beam(planes[f'*{channel}'][f'*{stokes}'])
            for channel in range(int(record['nChannels'])) for stokes in range(int(record['nStokes']))]


def spectral_table(system, shape):
    """Frequencies of the channels where they are not evenly spaced."""
    record = system.torecord()
    name = next(key for key in record if key.startswith('spectral'))
    return None if 'wcs' in record[name] else [float(v) for v in np.atleast_1d(record[name]['tabular']['worldvalues'])]


def coordinates(record, table, tools):
    """A coordinate system of CASA as Cleanbeam writes it."""
    direction = next(record[key] for key in record if key.startswith('direction'))
    spectral = next(record[key] for key in record if key.startswith('spectral'))
    stokes = next(record[key] for key in record if key.startswith('stokes'))
    line = spectral['wcs'] if 'wcs' in spectral else spectral['tabular']
    scalar = lambda value: float(np.atleast_1d(value)[0])
    to_rad = [radians({'value': 1.0, 'unit': unit}) for unit in direction['units']]
    world = [value * unit for value, unit in zip(direction['crval'], to_rad)]
    spectral_part = {
        'frame': str(spectral['system']),
        'referenceHz': scalar(line['crval']),
        'referencePixel': scalar(line['crpix']),
        'incrementHz': scalar(line['cdelt']),
        'restFrequencyHz': float(spectral['restfreq']),
    }
    if table is not None:
        spectral_part['tableHz'] = table
    return {
        'direction': {
            'frame': str(direction['system']),
            'projection': str(direction['projection']),
            'projectionParameters': list(direction['projection_parameters']),
            'referenceRad': world,
            'referencePixel': list(direction['crpix']),
            'incrementRad': [value * unit for value, unit in zip(direction['cdelt'], to_rad)],
            'pc': list(np.asarray(direction['pc']).ravel()),
            'longPoleRad': math.radians(float(direction['longpole'])),
            'latPoleRad': math.radians(float(direction['latpole'])),
        },
        'stokes': list(stokes['stokes']),
        'spectral': spectral_part,
        'observation': observation(record),
    }


def observation(record):
    date = record.get('obsdate', {})
    position = record.get('telescopeposition')
    pointing = record.get('pointingcenter')
    return {
        'telescope': str(record.get('telescope', '')),
        'observer': str(record.get('observer', '')),
        'dateMjd': float(date['m0']['value']) if 'm0' in date else 0.0,
        'telescopePositionMetres': None if position is None else cartesian(position),
        'object': '',
        'pointing': None if pointing is None or pointing.get('initial', True) else
        {'frame': 'J2000', 'longitudeRad': float(pointing['value'][0]), 'latitudeRad': float(pointing['value'][1])},
    }


def cartesian(position):
    longitude, latitude, radius = (float(position[key]['value']) for key in ('m0', 'm1', 'm2'))
    return [radius * math.cos(latitude) * math.cos(longitude),
            radius * math.cos(latitude) * math.sin(longitude),
            radius * math.sin(latitude)]


class LogTail(threading.Thread):
    """Hands on what CASA writes into its log, while its C++ keeps every other thread of Python waiting or not."""

    LINE = re.compile(r'^\S+ \S+\t(\w+)\t([^\t]*)\t(.*)$')

    def __init__(self, path, emit):
        super().__init__(daemon=True, name='casa-log')
        self.path = path
        self.emit = emit
        self.position = 0
        self.reading = threading.Lock()

    def run(self):
        while True:
            time.sleep(LOG_POLL_SECONDS)
            self.flush()

    def flush(self):
        with self.reading:
            lines = list(self.fresh())
        if lines:
            self.emit({'log': lines})

    def fresh(self):
        try:
            with open(self.path, 'rb') as log:
                log.seek(self.position)
                text = log.read()
        except OSError:
            return
        complete = text.rfind(b'\n') + 1
        self.position += complete
        for line in text[:complete].decode('utf-8', 'replace').splitlines():
            level, origin, message = (self.LINE.match(line) or re.match('()()(.*)', line)).groups()
            if message.strip():
                yield {'level': level or 'INFO', 'origin': origin.strip('\t: +'), 'text': message.rstrip()}


class Server:
    """One per kernel; the other side may open its comm again after a lost connection."""

    def __init__(self):
        handle, log_path = tempfile.mkstemp(prefix='cleanbeam-casa-', suffix='.log')
        os.close(handle)
        configure(log_path)
        self.engine = None
        self.comm = None
        self.kept = None
        self.busy = False
        self.last_request = time.monotonic()
        threading.Thread(target=self.end_when_lonely, daemon=True, name='cleanbeam-lonely').start()
        self.tail = LogTail(log_path, lambda data: self.send(data, ()))
        self.tail.start()

    def end_when_lonely(self):
        while self.busy or time.monotonic() - self.last_request < LONELY_SECONDS:
            time.sleep(60)
        os._exit(0)

    def register(self):
        from comm import get_comm_manager

        get_comm_manager().register_target(TARGET, self.opened)

    def opened(self, comm, message):
        self.comm = comm
        comm.on_msg(self.received)
        self.send({'hello': PROTOCOL}, ())

    def send(self, value, buffers):
        if self.comm is not None:
            body = json.dumps(plain(value), allow_nan=False).encode()
            self.comm.send({}, buffers=[body, *buffers])

    def received(self, message):
        body, *buffers = [memoryview(buffer) for buffer in message['buffers']]
        request = restored(json.loads(bytes(body)))
        number = request['id']
        if self.kept is None or self.kept[0] != number:
            self.busy = True
            try:
                self.kept = (number, *self.answer(request, buffers))
            finally:
                self.busy = False
                self.last_request = time.monotonic()
        self.tail.flush()
        _, answer, arrays = self.kept
        self.send({'id': number, **answer}, arrays)

    def answer(self, request, buffers):
        try:
            self.engine = self.engine or Engine()
            method = getattr(Engine, request['op'])
            value = method(self.engine, request.get('arguments') or {}, buffers)
            value, arrays = value if isinstance(value, tuple) else (value, ())
            return {'value': value}, arrays
        except Refused as error:
            return {'error': {'kind': 'refused', 'message': str(error)}}, ()
        except KeyboardInterrupt:
            return {'error': {'kind': 'interrupted', 'message': 'interrupted'}}, ()
        except BaseException as error:
            text = f'{type(error).__name__}: {error}'
            return {'error': {'kind': 'failed', 'message': text, 'traceback': traceback.format_exc()[-4000:]}}, ()
