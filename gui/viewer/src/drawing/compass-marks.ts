import type { Mark } from './marks.ts'
import type { PictureTheme } from './picture-theme.ts'
import type { SkyProjection } from './sky-projection.ts'
import { type Rect, screenToImage, type ViewCentre } from './view-transform.ts'

const LENGTH = 26
const GAP = 46
const STEP_RAD = 1e-7

/** Unit vectors on the screen (y downwards) towards north and east at the middle of what is seen. */
export interface Compass {
  readonly north: readonly [number, number]
  readonly east: readonly [number, number]
}

/** Where north and east are at the middle of the frame; null where the projection has no sky there. */
export function compassAt(projection: SkyProjection, view: ViewCentre, frame: Rect): Compass | null {
  const middle = screenToImage(view, frame, frame.x + frame.width / 2, frame.y + frame.height / 2)
  const world = projection.toWorld(middle.x, middle.y)
  if (!world) return null
  const towards = (longitudeRad: number, latitudeRad: number) => {
    const pixel = projection.toPixel(longitudeRad, latitudeRad)
    if (!pixel) return null
    const [dx, dy] = [pixel[0] - middle.x, middle.y - pixel[1]]
    const length = Math.hypot(dx, dy)
    return length > 0 ? ([dx / length, dy / length] as const) : null
  }
  const north = towards(world[0], world[1] + STEP_RAD)
  const east = towards(world[0] + STEP_RAD / Math.max(1e-6, Math.cos(world[1])), world[1])
  return north && east ? { north, east } : null
}

/** Arrows to north and east in the upper right corner. */
export function compassMarks(compass: Compass, frame: Rect, theme: PictureTheme): Mark[] {
  const stroke = { colour: theme.over, width: 1.5, halo: theme.overHalo }
  const x = frame.x + frame.width - GAP
  const y = frame.y + GAP
  return (['north', 'east'] as const).flatMap((name): Mark[] => {
    const [dx, dy] = compass[name]
    const [tipX, tipY] = [x + LENGTH * dx, y + LENGTH * dy]
    const head = [
      tipX - 6 * dx - 3 * dy,
      tipY - 6 * dy + 3 * dx,
      tipX,
      tipY,
      tipX - 6 * dx + 3 * dy,
      tipY - 6 * dy - 3 * dx,
    ]
    return [
      { kind: 'path', lines: [[x, y, tipX, tipY], head], closed: false, stroke },
      {
        kind: 'text',
        text: name === 'north' ? 'N' : 'E',
        x: tipX + 9 * dx,
        y: tipY + 9 * dy,
        align: 'center',
        baseline: 'middle',
        size: 12,
        colour: theme.over,
        halo: theme.overHalo,
      },
    ]
  })
}
