import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTable } from '@cleanbeam/casatable/node'
import { afterAll, describe, expect, it } from 'vitest'
import { repositoryRoot } from './structure/source-graph.ts'

const command = join(repositoryRoot, 'cleanbeam', 'bin', 'cleanbeam.js')
const work = mkdtempSync(join(tmpdir(), 'cleanbeam-model-'))
const ms = join(work, 'point_stokes.ms')

afterAll(() => rmSync(work, { recursive: true, force: true }))

/** A column as complex numbers, interleaved, [row, channel, correlation]. */
function column(name: string): Float32Array {
  const table = openTable(ms)
  try {
    return Float32Array.from(table.column(name).getRange(0, table.nRow).data as Float32Array)
  } finally {
    table.close()
  }
}

describe("savemodel='modelcolumn'", () => {
  it('predicts what was observed for the selected channel and leaves the other as a new column has it', () => {
    execFileSync('tar', ['xzf', join(repositoryRoot, 'conformance/refs/ms/point_stokes.ms.tar.gz'), '-C', work])
    const selection = ['--spw', '0:0', '--stokes', 'IQUV', '--imsize', '100', '--cell', '3arcsec', '--specmode', 'mfs']
    const loop = [
      '--niter',
      '4000',
      '--threshold',
      '1mJy',
      '--savemodel',
      'modelcolumn',
      '--imagename',
      join(work, 'x'),
    ]
    execFileSync(process.execPath, [command, 'tclean', '--vis', ms, ...selection, ...loop, '--quiet'])
    const [model, data] = [column('MODEL_DATA'), column('DATA')]
    expect(model.length).toBe(data.length)
    const perSample = 8
    let [worst, brightest] = [0, 0]
    for (let i = 0; i < data.length; i++) {
      const isSelected = Math.floor(i / perSample) % 2 === 0
      if (!isSelected) {
        if (model[i] !== (i + 1) % 2)
          throw new Error(`expected 1 + 0i where nothing was selected, got ${model[i]} (${i})`)
        continue
      }
      worst = Math.max(worst, Math.abs(model[i] - data[i]))
      brightest = Math.max(brightest, Math.abs(data[i]))
    }
    console.info(`model against noise-free data: ${worst.toPrecision(2)} Jy of ${brightest.toPrecision(3)} Jy`)
    expect(worst).toBeLessThan(0.01 * brightest)
  })
})
