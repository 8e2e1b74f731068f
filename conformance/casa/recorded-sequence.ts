import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GcleanInput } from '@cleanbeam/gclean'
import { repositoryRoot } from '../structure/source-graph.ts'

/** Interactive sequences recorded with CASA, and the observations they are about. */
export const SHARED = join(repositoryRoot, '..', 'shared', 'refs')

/** What CASA's gclean yielded: description, stop code, major cycles done and left, iterations left, planes. */
type Yielded = [
  string,
  number,
  number,
  number,
  number,
  { chan: Record<string, Record<string, { peakRes: number[]; iterations: number[] }>> },
]

export type RecordedStep =
  | { readonly step: ['next']; readonly yielded: Yielded }
  | { readonly step: ['update', Record<string, string | number>]; readonly returned: [number, string] }
  | { readonly step: ['mask']; readonly mask: string }
  | { readonly step: ['restore'] }

export interface RecordedSequence {
  readonly ms: string
  readonly params: Omit<GcleanInput, 'vis' | 'imagename'>
  readonly calls: readonly RecordedStep[]
}

export function readSequence(name: string): RecordedSequence {
  return JSON.parse(readFileSync(join(SHARED, 'gclean', name, 'calls_bundled.json'), 'utf8'))
}

/** 'mask:x,y,r;x,y,r' as circles, pixels. */
export function circlesOf(mask: string): { x: number; y: number; radius: number }[] {
  return mask
    .split(':')[1]
    .split(';')
    .map(circle => circle.split(',').map(Number))
    .map(([x, y, radius]) => ({ x, y, radius }))
}
