"""What astropy finds in FITS images, as JSON, after checks like those of fitsverify.

usage: check_fits.py N FILE..., N random pixels of each image (seeded by the order of the files)

Answer per file: {"problems": [...], "pixels": [[x, y, stokes, channel] from 0], "world": [[deg, deg, stokes, Hz]],
"back": pixels of those world coordinates, "equinox", "radesys", "specsys", "restfrq", "beams": [...] or null}
"""
import json
import sys
import warnings

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS


def problems(path):
    found = []
    raw = open(path, "rb").read()
    if len(raw) % 2880:
        found.append(f"{len(raw)} bytes are no whole number of blocks")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with fits.open(path, checksum=True) as hdus:
            hdus.verify("warn")
            for hdu in hdus:
                header = raw[hdu._header_offset:hdu._data_offset]
                found += [f"card {header[i:i + 80]!r}" for i in range(0, len(header), 80)
                          if any(byte < 32 or byte > 126 for byte in header[i:i + 80])]
                end = header.rfind(b"END" + b" " * 77)
                if end < 0 or header[end + 80:].strip():
                    found.append("END is not followed by blanks only")
                names = [card.keyword for card in hdu.header.cards if card.keyword not in ("", "HISTORY", "COMMENT")]
                found += [f"{name} stands twice" for name in set(names) if names.count(name) > 1]
                pad = raw[hdu._data_offset + hdu.size:hdu._data_offset + hdu._data_size]
                if pad.strip(b"\0"):
                    found.append("padding that is not zero")
    return found + [str(each.message) for each in caught]


def look(path, n, seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with fits.open(path) as hdus:
            header = hdus[0].header
            beams = [list(map(float, (r["BMAJ"], r["BMIN"], r["BPA"], r["CHAN"], r["POL"]))) for r in hdus[1].data] \
                if len(hdus) > 1 else None
            wcs = WCS(header)
            kinds = [each.split("-")[0] for each in wcs.wcs.ctype]
            order = [next(i for i, kind in enumerate(kinds) if kind in names) for names in
                     (("RA", "GLON"), ("DEC", "GLAT"), ("STOKES",), ("FREQ", "VRAD"))]
            shape = [hdus[0].data.shape[::-1][i] for i in order]
    rng = np.random.default_rng(seed)
    inside = np.column_stack([rng.uniform(-0.5, m - 0.5, n) if m > 1 else np.zeros(n) for m in shape])
    inside[:, 2] = np.round(inside[:, 2])
    native = np.zeros_like(inside)
    native[:, order] = inside
    world = wcs.wcs_pix2world(native, 0)
    back = wcs.wcs_world2pix(world, 0)
    clean = lambda rows: [[None if not np.isfinite(v) else float(v) for v in row] for row in rows[:, order]]
    return {"problems": problems(path), "pixels": inside.tolist(), "world": clean(world), "back": clean(back),
            "radesys": wcs.wcs.radesys, "specsys": wcs.wcs.specsys, "restfrq": wcs.wcs.restfrq, "beams": beams}


print(json.dumps([look(path, int(sys.argv[1]), i) for i, path in enumerate(sys.argv[2:])]))
