import { imageToScreen, rasterise } from '@cleanbeam/viewer/drawing'
import { useEffect, useRef } from 'react'
import { SceneBuilder } from '../state/picture-scene.ts'
import { useAppState, useServices } from './app-context.tsx'
import { pictureTheme, useAppearance } from './appearance.ts'

const SIDE = 136
const TIMES = 4
const LEAST_SCALE = 6

/** A round glass in the corner with what is under the pointer, several times larger, pixel by pixel. */
export function Magnifier() {
  const { store, viewer } = useServices()
  const canvas = useRef<HTMLCanvasElement>(null)
  const shown = useAppState(state => state.settings.magnifier)
  const appearance = useAppearance()
  useEffect(() => {
    if (!shown) return
    const builder = new SceneBuilder()
    const theme = pictureTheme(appearance)
    const draw = () => {
      const state = store.getState()
      const context = canvas.current?.getContext('2d')
      // What the pointer has left is not under it any more.
      if (canvas.current) canvas.current.hidden = state.cursor === null
      const scene = builder.build(state, theme, appearance)
      const scale = viewer.current?.view?.scale
      if (!context || !scene || !scale || !state.cursor) return
      const view = { ...state.cursor, scale: Math.max(LEAST_SCALE, TIMES * scale) }
      const frame = { x: 0, y: 0, width: SIDE, height: SIDE }
      const { pixels, width, height } = rasterise(scene.tiles, scene.colouring, view, frame)
      context.putImageData(new ImageData(pixels, width, height), 0, 0)
      const pixel = imageToScreen(view, frame, Math.round(view.x) - 0.5, Math.round(view.y) + 0.5)
      context.strokeStyle = theme.over
      context.strokeRect(pixel.x, pixel.y, view.scale, view.scale)
    }
    draw()
    return store.subscribe(draw)
  }, [shown, store, viewer, appearance])
  return shown ? <canvas ref={canvas} className="magnifier" width={SIDE} height={SIDE} aria-label="Magnifier" /> : null
}
