import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { apiDocumentation } from './api-documentation.ts'

const DECLARATIONS = `
/** Of something else. */
declare const other: number;
/**
 * Starts interactive clean.
 *
 * @throws ParameterError for parameters that are refused
 */
declare function gclean(parameters: GcleanInput): GcleanProcess;
/** What a step leaves. */
interface GcleanRecord {
    niterdone: number;
}
`

it('finds what the declarations say about a name', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cleanbeam-documentation-'))
  try {
    const file = join(folder, 'index.d.ts')
    writeFileSync(file, DECLARATIONS)
    const documentation = apiDocumentation(pathToFileURL(file))
    expect(documentation('gclean')).toBe(
      'function gclean(parameters: GcleanInput): GcleanProcess;\n\nStarts interactive clean.\n\n@throws ParameterError for parameters that are refused',
    )
    expect(documentation('GcleanRecord')).toBe('interface GcleanRecord\n\nWhat a step leaves.')
    expect([documentation('nothing'), documentation('a.b'), documentation('(')]).toEqual([null, null, null])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('knows nothing without declarations', () => {
  expect(apiDocumentation(new URL('file:///nowhere/index.d.ts'))('gclean')).toBe(null)
})
