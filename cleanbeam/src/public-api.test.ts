import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import * as api from './index.ts'

it('exports these names and no others', () => {
  expect(Object.keys(api).sort()).toEqual([
    'GcleanError',
    'ParameterError',
    'TaggedError',
    'TcleanError',
    'casaEngine',
    'deconvolve',
    'gclean',
    'iclean',
    'image',
    'isTaggedError',
    'tclean',
  ])
})

it('has declarations that need nothing else', () => {
  const path = fileURLToPath(new URL('../dist/index.d.ts', import.meta.url))
  const text = readFileSync(path, 'utf8')
  const imported = [...text.matchAll(/from ['"]([^'"]+)['"]/g)].map(match => match[1])
  expect(imported).toEqual([])
  for (const name of ['GcleanProcess', 'TcleanParameters', 'ReturnDictionary', 'GcleanRecord'])
    expect(text).toContain(name)
})
