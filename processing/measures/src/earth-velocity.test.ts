import { describe, expect, it } from 'vitest'
import { earthBarycentricVelocity } from './earth-velocity.ts'

/** Values of the IAU SOFA routine epv00 (pyerfa 2.0), m/s. */
const REFERENCE: [mjdTt: number, velocity: [number, number, number]][] = [
  [35000.25, [3421.2329, 26988.0235, 11704.0574]],
  [41317.5, [-29768.2743, -5109.1819, -2214.3221]],
  [48000.125, [13930.7981, -24024.91, -10418.012]],
  [51544.5, [-29784.947, -5029.7539, -2180.6444]],
  [53901.87, [29152.5858, -2710.9805, -1176.2134]],
  [57113.589, [5371.6911, -26882.4912, -11655.1259]],
  [60310.0, [-29833.022, -4714.9047, -2042.9559]],
  [66000.75, [23025.3828, 16687.6163, 7234.0618]],
]

describe('velocity of the Earth', () => {
  it.each(REFERENCE)('agrees with SOFA within 0.1 m/s at MJD %f', (mjdTt, expected) => {
    const errors = earthBarycentricVelocity(mjdTt).map((value, axis) => Math.abs(value - expected[axis]))
    expect(Math.max(...errors), `errors ${errors.join(', ')} m/s`).toBeLessThan(0.1)
  })
})
