import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JsonObject } from '@cleanbeam/types'

/** The observation that comes with the package: M87 with the VLBA at 8.1 GHz. */
const DEMO_DATA = '../../examples/m87/m87.uvfits'

/**
 * Parameters that show the jet of M87 well. A demo that was finished keeps its images: the next one gets another name;
 * one that was left is gone on with.
 */
export async function demoParameters(folder: string): Promise<JsonObject> {
  return {
    vis: fileURLToPath(new URL(DEMO_DATA, import.meta.url)),
    imagename: await freeName(join(folder, 'm87')),
    imsize: 512,
    cell: '0.1marcsec',
    specmode: 'mfs',
    weighting: 'briggs',
    robust: 0.5,
    deconvolver: 'hogbom',
    niter: 2000,
    cycleniter: 200,
    gain: 0.05,
    nsigma: 3,
    pblimit: -0.01,
  }
}

async function freeName(name: string): Promise<string> {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}-${n}`
    if (!(await isFinished(candidate))) return candidate
  }
}

async function isFinished(imagename: string): Promise<boolean> {
  try {
    const text = await readFile(`${imagename}.cleanbeam/session.json`, 'utf8')
    return (JSON.parse(text) as { restored?: boolean }).restored === true
  } catch {
    return false
  }
}
