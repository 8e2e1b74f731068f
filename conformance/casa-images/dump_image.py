"""What casacore finds in an image, as JSON: pixels, mask, unit, beams, keywords, history, and the world coordinates of pixels.
usage: dump_image.py IMAGE PIXELS, with PIXELS a JSON list of [x, y, Stokes, channel]"""
import json
import sys

import casacore.images

image = casacore.images.image(sys.argv[1])
pixels = json.loads(sys.argv[2])
print(
    json.dumps(
        {
            'shape': image.shape()[::-1],
            'pixels': image.getdata().ravel().tolist(),
            'good': (~image.getmask()).ravel().tolist(),
            'unit': image.unit(),
            'info': image.imageinfo(),
            'history': image.history(),
            'world': [image.toworld(pixel[::-1])[::-1] for pixel in pixels],
        },
        default=lambda value: value.tolist(),
    )
)
