import { rasterise } from '../drawing/raster.ts'
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
      const { tiles, colouring, view, frame, pixelRatio, interpolation, outside } = scene
      const { pixels, width, height } = rasterise(tiles, colouring, view, frame, pixelRatio, interpolation)
      context.clearRect(0, 0, canvas.width, canvas.height)
      const [x, y] = [Math.round(frame.x * pixelRatio), Math.round(frame.y * pixelRatio)]
      context.putImageData(new ImageData(pixels, width, height), x, y)
      // Only where nothing has been drawn: pixels are put without blending.
      context.globalCompositeOperation = 'destination-over'
      context.fillStyle = `rgb(${outside.map(v => Math.round(255 * v)).join(', ')})`
      context.fillRect(x, y, width, height)
      context.globalCompositeOperation = 'source-over'
    },
    dispose() {},
  }
}
