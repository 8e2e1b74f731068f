import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CLARK_JOB_FIELDS, HOGBOM_JOB_FIELDS, PLANE_JOB_FIELDS, SAMPLING_JOB_FIELDS } from './job-records.ts'

const TYPES: Record<string, string> = { f64: 'f64', f32: 'f32', i32: 'i32', usize: 'address' }

/** Names and types of the fields of the only class in a kernel source, in order. */
function fieldsOf(file: string): string[][] {
  const source = readFileSync(new URL(`../../assembly/${file}`, import.meta.url), 'utf8')
  const body = source.slice(source.indexOf('@unmanaged')).split('{')[1].split('}')[0]
  return [...body.matchAll(/^ {2}(\w+): (\w+)$/gm)].map(([, name, type]) => [name, TYPES[type]])
}

it('lists the fields of the kernels’ records in their order, wide ones first', () => {
  for (const [file, fields] of [
    ['sampling-job.ts', SAMPLING_JOB_FIELDS],
    ['plane-job.ts', PLANE_JOB_FIELDS],
    ['hogbom-loop.ts', HOGBOM_JOB_FIELDS],
    ['clark-loop.ts', CLARK_JOB_FIELDS],
  ] as const) {
    expect(fields, file).toEqual(fieldsOf(file))
    const wide: boolean[] = fields.map(([, type]) => (type as string) === 'f64')
    expect(wide.lastIndexOf(true) < (wide.indexOf(false) + 1 || Number.POSITIVE_INFINITY)).toBe(true)
  }
})
