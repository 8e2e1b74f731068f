// What cells of a notebook find: the public API, interrupted by the notebook's stop button, images shown as pictures.

import { GcleanError } from '@cleanbeam/gclean'
import { readImage } from '@cleanbeam/image/node'
import type { CellApi, CellHost } from '@cleanbeam/jupyter/node'
import type { CallOptions, ImageTool, JsonObject } from '@cleanbeam/types'
import * as api from '../index.ts'
import { drawPng } from '../plot/draw-image.ts'

const PICTURE = {
  width: 820,
  height: 720,
  colormap: 'inferno',
  scaling: 'asinh',
  clip: { kind: 'percentile', percent: 99.9 },
  theme: 'light',
  grid: false,
  levels: [],
  mask: null,
  stokes: 0,
  channel: 0,
} as const

/** The API with the signal of the running cell in every call. */
export function makeCellApi(host: CellHost): CellApi {
  const paths = new WeakMap<object, string>()
  const interruptible = <O extends CallOptions>(options?: O) => ({ signal: host.signal(), ...options }) as O
  const offered = {
    ...api,
    gclean: (...[parameters, options]: Parameters<typeof api.gclean>) =>
      interruptibleProcess(api.gclean(parameters, options), interruptible),
    tclean: (...[parameters, options]: Parameters<typeof api.tclean>) => api.tclean(parameters, interruptible(options)),
    deconvolve: (...[parameters, options]: Parameters<typeof api.deconvolve>) =>
      api.deconvolve(parameters, interruptible(options)),
    async image(path: string): Promise<ImageTool> {
      const tool = await api.image(path)
      paths.set(tool, path)
      return tool
    },
  }
  const picture = async (value: unknown): Promise<JsonObject | null> => {
    const path = typeof value === 'object' && value !== null ? paths.get(value) : undefined
    return path === undefined ? null : { 'image/png': await pngOf(path), 'text/plain': `image ${path}` }
  }
  return { globals: offered, modules: { cleanbeam: async () => offered }, showers: [picture] }
}

/** Steps end when the cell they were asked in is interrupted; the products of the last complete step stay. */
function interruptibleProcess(
  process: api.GcleanProcess,
  interruptible: (call?: CallOptions) => CallOptions,
): api.GcleanProcess {
  const { next, restore } = process
  const refuse = () => {
    throw new GcleanError('expected asynchronous steps in a notebook, got sync(): write "for await (const r of …)"')
  }
  return Object.assign(process, {
    next: (call?: CallOptions) => next.call(process, interruptible(call)),
    restore: (call?: CallOptions) => restore.call(process, interruptible(call)),
    sync: refuse,
    [Symbol.iterator]: refuse,
  })
}

async function pngOf(path: string): Promise<string> {
  return Buffer.from(drawPng(await readImage(path), PICTURE)).toString('base64')
}
