"""Cleans the image of a running session: python clean_m87.py 'http://127.0.0.1:PORT/?token=…'

Start one with: cleanbeam iclean m87.uvfits --imagename m87 --imsize 256 --cell 0.2marcsec --no-open
"""

import sys
import time

from cleanbeam_client import CallError, connect

with connect(sys.argv[1]) as session:
    session.on("log", lambda line: print("  " + line["text"], file=sys.stderr))
    while session.call("session.snapshot")["phase"]["name"] != "idle":  # it makes the dirty image by itself
        time.sleep(0.1)
    residual = next(p for p in session.call("session.snapshot")["products"] if p["suffix"] == ".residual")
    nx, ny = residual["shape"][:2]
    pixels = session.call("image.getchunk", suffix=".residual")["pixels"].reshape(ny, nx)
    y, x = divmod(int(pixels.argmax()), nx)
    print(f"peak of the dirty image {pixels.max():.4f} {residual['unit']} at ({x}, {y})")

    circle = {"shape": "circle", "centre": [x, y], "radius": nx / 10}
    print("mask pixels:", session.call("mask.edit", op="add", region=circle)["nPixel"])
    record = session.call("gclean.run")["record"]
    print(f"{record['niterdone']} iterations, {record['nmajordone']} major cycles: {record['stopDescription']}")
    print("restored:", session.call("gclean.restore")["image"])
    print("rms outside the mask:", session.call("plane.statistics", suffix=".residual", within="unmasked")["rms"][0])
    try:
        session.call("image.shape", path="nothing.fits")
    except CallError as error:
        print("as it should, a wrong name is refused:", error.tag)
