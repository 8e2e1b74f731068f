// A page with one picture and nothing of the application: two sources on noise, contours, a polygon tool that says what
// was drawn. Bundle it (`npx esbuild gui/viewer/src/example/example-page.ts --bundle --format=esm --outfile=page.js`) and
// load it in a page with <div id="picture" style="position: absolute; inset: 0"></div>.

import { skyTransform } from '@cleanbeam/measures'
import type { DirectionCoordinate } from '@cleanbeam/types'
import {
  clipRange,
  colourTable,
  contourLines,
  DARK_PICTURE_THEME,
  LINEAR_SCALING,
  sortedSample,
  wholePlane,
} from '../drawing/index.ts'
import { ImageViewer, type ViewerScene } from '../index.ts'

const SIDE = 256
const ARCSEC = Math.PI / 648_000

const coordinate: DirectionCoordinate = {
  frame: 'ICRS',
  projection: 'SIN',
  projectionParameters: [0, 0],
  referenceRad: [1.2, 0.4],
  referencePixel: [SIDE / 2, SIDE / 2],
  incrementRad: [-0.5 * ARCSEC, 0.5 * ARCSEC],
  pc: [1, 0, 0, 1],
  longPoleRad: Math.PI,
  latPoleRad: 0.4,
}

/** Two round sources and a ripple. */
function sky(): Float32Array {
  const source = (x: number, y: number, x0: number, y0: number, width: number) =>
    Math.exp(-((x - x0) ** 2 + (y - y0) ** 2) / (2 * width * width))
  return Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)]
    return source(x, y, 100, 140, 6) + 0.4 * source(x, y, 170, 90, 12) + 0.02 * Math.sin(x / 3) * Math.cos(y / 5)
  })
}

const pixels = sky()
const plane = wholePlane(pixels, SIDE, SIDE)
const drawn = document.createElement('output')
document.body.append(drawn)

let scene: ViewerScene = {
  nx: SIDE,
  ny: SIDE,
  tiles: [plane],
  colouring: {
    clip: clipRange({ kind: 'percentile', percent: 99.9 }, sortedSample(pixels)),
    scaling: { ...LINEAR_SCALING, name: 'asinh' },
    bias: 0.5,
    contrast: 1,
    table: colourTable('viridis'),
    nan: [0.2, 0.2, 0.2],
  },
  interpolation: 'bilinear',
  unit: 'Jy/beam',
  coordinate,
  projection: skyTransform(coordinate),
  beam: { majorRad: 6 * ARCSEC, minorRad: 4 * ARCSEC, positionAngleRad: 0.5 },
  view: null,
  showGrid: true,
  showCompass: true,
  contours: contourLines(plane, [0.1, 0.3]),
  maskOutlines: [],
  maskDisplay: 'outline',
  theme: DARK_PICTURE_THEME,
  tool: 'box',
  mode: 'add',
  brushRadius: 5,
}

const viewer = new ImageViewer(document.getElementById('picture')!, {
  onViewChange: view => {
    scene = { ...scene, view }
    viewer.show(scene)
  },
  onCursor: () => {},
  onRegion: region => {
    drawn.textContent = JSON.stringify(region)
  },
})
viewer.show(scene)
