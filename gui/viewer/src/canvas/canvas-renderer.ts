import { rasterise } from '../drawing/raster.ts'
import { tilesToDraw } from '../drawing/tile-plan.ts'
import { fitCanvas, type ImageRenderer, type RenderScene } from '../view/image-renderer.ts'
import { ViewerError } from '../viewer-error.ts'

/**
 * A renderer without a GPU, for browsers that have no WebGL2.
 * @throws ViewerError when the canvas gives no 2-D context either
 */
export function createCanvasRenderer(canvas: HTMLCanvasElement): ImageRenderer {
  const context = canvas.getContext('2d')
  if (!context) throw new ViewerError('expected a 2-D drawing context, got none (canvas in use by another context)')
  return {
    kind: '2d',
    draw(scene: RenderScene) {
      fitCanvas(canvas, scene.width, scene.height, scene.pixelRatio)
      const { colouring, view, pixelRatio, outside } = scene
      const tiles = tilesToDraw(scene.tiles, view, scene.width, scene.height)
      const interpolation = scene.moving ? 'nearest' : scene.interpolation
      const frame = { x: 0, y: 0, width: scene.width, height: scene.height }
      const { pixels, width, height } = rasterise(tiles, colouring, view, frame, pixelRatio, interpolation)
      context.putImageData(new ImageData(pixels, width, height), 0, 0)
      // Only where nothing has been drawn: pixels are put without blending.
      context.globalCompositeOperation = 'destination-over'
      context.fillStyle = `rgb(${outside.map(v => Math.round(255 * v)).join(', ')})`
      context.fillRect(0, 0, width, height)
      context.globalCompositeOperation = 'source-over'
    },
    dispose() {},
  }
}
