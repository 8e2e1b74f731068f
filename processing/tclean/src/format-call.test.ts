import { expect, it } from 'vitest'
import { formatTaskCall } from './format-call.ts'

it('writes Python that CASA reads', () => {
  const line = formatTaskCall('tclean', {
    vis: "it's.ms",
    niter: 100,
    pbcor: true,
    restart: false,
    scales: [0, 5],
    uvtaper: ['30arcsec'],
    left: undefined,
    threshold: 1e-7,
  })
  expect(line).toBe(
    "tclean( vis='it\\'s.ms', niter=100, pbcor=True, restart=False, scales=[0, 5], uvtaper=['30arcsec'], threshold=1e-7 )",
  )
})
