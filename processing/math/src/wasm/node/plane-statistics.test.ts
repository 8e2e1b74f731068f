import { expect, it } from 'vitest'
import { seededRandom } from '../../seeded-random.reference.ts'
import { planeStatistics } from '../plane-statistics.ts'
import { poolForTests } from './shared-pool.reference.ts'

const pool = poolForTests({ threads: 2, maximumBytes: 1 << 28 })

it('counts finite, unmasked values and finds the first of equal extremes', async () => {
  const random = seededRandom(9)
  const values = Float32Array.from({ length: 200_003 }, () => Math.round((random() - 0.5) * 2000) / 16)
  values[5] = Number.NaN
  values[70_000] = Number.POSITIVE_INFINITY
  const mask = Uint8Array.from(values, () => (random() < 0.9 ? 1 : 0))
  for (const used of [null, mask]) {
    const kept = [...values.keys()].filter(k => Number.isFinite(values[k]) && (used === null || used[k] !== 0))
    const found = await planeStatistics(pool(), values, used)
    expect(found.count).toBe(kept.length)
    // Multiples of 1/16 and their squares add up without rounding.
    expect(found.sum).toBe(kept.reduce((sum, k) => sum + values[k], 0))
    expect(found.sumOfSquares).toBe(kept.reduce((sum, k) => sum + values[k] ** 2, 0))
    const greatest = kept.reduce((best, k) => (values[k] > values[best] ? k : best))
    const least = kept.reduce((best, k) => (values[k] < values[best] ? k : best))
    expect([found.minimumIndex, found.minimum]).toEqual([least, values[least]])
    expect([found.maximumIndex, found.maximum]).toEqual([greatest, values[greatest]])
  }
})

it('answers NaN where nothing counts', async () => {
  const none = { count: 0, sum: 0, sumOfSquares: 0, minimum: Number.NaN, minimumIndex: -1 }
  expect(await planeStatistics(pool(), Float32Array.of(Number.NaN))).toMatchObject(none)
  expect(await planeStatistics(pool(), new Float32Array(0))).toMatchObject(none)
})
