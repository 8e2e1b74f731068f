import type { SampleBlock } from './sample-block.ts'

/**
 * Calls `visit` with ((ν − ν0)/ν0)^term for every sample.
 * @see U. Rau, T. J. Cornwell, A&A 532 (2011) A71, equation 2
 */
export function taylorPowers(
  block: Pick<SampleBlock, 'nRow' | 'nChannel' | 'frequencyHz' | 'frameFactor'>,
  referenceHz: number,
  term: number,
  visit: (sample: number, power: number) => void,
): void {
  const { nRow, nChannel, frequencyHz, frameFactor } = block
  for (let row = 0; row < nRow; row++) {
    for (let c = 0; c < nChannel; c++) {
      visit(row * nChannel + c, ((frequencyHz[c] * frameFactor[row] - referenceHz) / referenceHz) ** term)
    }
  }
}
