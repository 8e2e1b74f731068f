import type { SessionHandlers } from '@cleanbeam/channel'
import { type CompleteMaskEdit, encodeRuns, type MaskState, type RegionData } from '@cleanbeam/protocol'
import type { ImageCube, JsonObject } from '@cleanbeam/types'
import type { MaskKeeper } from './mask-keeper.ts'
import type { RegionSources } from './region-cover.ts'
import { SessionError } from './session-error.ts'
import type { SessionFields } from './session-fields.ts'

type MaskMethod = 'mask.edit' | 'mask.undo' | 'mask.redo' | 'mask.get' | 'mask.preview' | 'mask.save'

/** Masks in files, and masks the engine would make. */
export interface MaskFiles {
  /** @throws SessionError outside the session's folder; ImageError when it holds no region and no image */
  readonly load: RegionSources['file']
  /** @returns the path written. @throws SessionError outside the session's folder, or when it exists */
  save(path: string, mask: ImageCube, overwrite: boolean): Promise<string>
  /** The automatic mask of the present residual; no product changes. */
  preview(imagename: string, parameters: JsonObject): Promise<ImageCube>
}

/** What the mask's handlers work on and whom they tell. */
export interface MaskParts {
  readonly fields: SessionFields
  readonly files: MaskFiles
  /** A line for the log. */
  onEdit(line: string): void
  /** The mask has changed: a next step may find something to do again. */
  changed(): void
}

/** The clean mask: edits, their way back, files, and a look at the automatic one. */
export function maskHandlers({ fields, files, onEdit, changed }: MaskParts): Pick<SessionHandlers, MaskMethod> {
  const change = async (field: number, edit: (masks: MaskKeeper) => Promise<MaskState>) => {
    const state = await edit(fields.get(field).masks)
    changed()
    return state
  }
  return {
    'mask.edit': edit =>
      change(edit.field, async masks => {
        const state = await masks.edit(edit)
        onEdit(editLine(edit, state))
        return state
      }),
    'mask.undo': ({ field }) => change(field, masks => masks.undo()),
    'mask.redo': ({ field }) => change(field, masks => masks.redo()),
    'mask.get': ({ field, channel, stokes }) => fields.get(field).masks.plane(stokes, channel),
    async 'mask.preview'({ field, channel, stokes, parameters }) {
      const { imagename, masks } = fields.get(field)
      await masks.write()
      const cube = await files.preview(imagename, parameters)
      const [nx, ny, nStokes] = cube.shape
      const start = nx * ny * (stokes + nStokes * channel)
      return { generation: 0, shape: [nx, ny], runs: encodeRuns(cube.pixels.subarray(start, start + nx * ny)) }
    },
    async 'mask.save'({ field, path, overwrite }) {
      const { masks, products } = fields.get(field)
      await masks.write()
      const mask = products.find('.mask')
      if (mask === null) throw new SessionError('expected a mask to save, got none yet: draw one first')
      return { path: await files.save(path, mask, overwrite) }
    },
  }
}

/** An edit as the log shows it: 'mask add box[[10pix, 20pix], [30pix, 40pix]] → 441 pixels'. */
function editLine(edit: CompleteMaskEdit, state: MaskState): string {
  const what = edit.region === undefined ? '' : ` ${regionText(edit.region)}`
  const by = edit.radiusPixels === undefined ? '' : ` by ${edit.radiusPixels} pix`
  const planes = (name: string, list: CompleteMaskEdit['channels']) =>
    list === 'all' ? '' : `, ${name} ${list.length > 4 ? `${list[0]} … ${list[list.length - 1]}` : list.join(', ')}`
  const where = `${planes('channel', edit.channels)}${planes('Stokes', edit.stokes)}`
  return `mask ${edit.op}${what}${by}${where} → ${state.nPixel} pixels`
}

function regionText(region: RegionData): string {
  const point = ([x, y]: readonly [number, number]) => `[${x}pix, ${y}pix]`
  switch (region.shape) {
    case 'box':
      return `box[${region.corners.map(point).join(', ')}]`
    case 'circle':
      return `circle[${point(region.centre)}, ${region.radius}pix]`
    case 'ellipse': {
      const [alongX, alongY] = region.semiAxes
      const angleDeg = (region.angleRad * 180) / Math.PI
      return `ellipse[${point(region.centre)}, [${alongY}pix, ${alongX}pix], ${angleDeg}deg]`
    }
    case 'polygon':
      return `poly[${region.points.map(point).join(', ')}]`
    case 'crtf':
      return region.text.length > 200 ? `${region.text.slice(0, 200)}…` : region.text.trim()
    case 'level':
      return `${region.seed ? `around ${point(region.seed)} ` : ''}where ${region.suffix.slice(1)} ≥ ${region.value}`
    case 'plane':
      return `like channel ${region.channel}, Stokes ${region.stokes}`
    case 'file':
      return region.path
    case 'pixels':
      return 'pixels'
  }
}
