import { describe, expect, it } from 'vitest'
import { splitHostParameters } from './host-path.ts'

describe('host:path', () => {
  it('is taken apart for every parameter that names a file', () => {
    const given = {
      vis: ['me@far:/data/a.ms', 'me@far:~/b.ms'],
      imagename: 'me@far:out/x',
      mask: 'me@far:m.crtf',
      niter: 5,
    }
    expect(splitHostParameters(given)).toEqual({
      host: 'me@far',
      parameters: { vis: ['/data/a.ms', 'b.ms'], imagename: 'out/x', mask: 'm.crtf', niter: 5 },
    })
    const text = splitHostParameters({ vis: 'far:a.ms', imagename: '~/x', mask: 'circle[[1h:2m:3s, 4deg], 5arcsec]' })
    expect(text?.parameters).toMatchObject({ imagename: 'x', mask: 'circle[[1h:2m:3s, 4deg], 5arcsec]' })
  })

  it('is not seen in paths of this machine', () => {
    for (const vis of ['a.ms', '/data/far:a.ms', './far:a.ms', 'C:\\data']) {
      expect(splitHostParameters({ vis, imagename: 'x' })).toBe(null)
    }
  })

  it('is refused when hosts differ', () => {
    expect(() => splitHostParameters({ vis: ['far:a.ms', 'b.ms'] })).toThrow('all on one host, got far and here')
    expect(() => splitHostParameters({ vis: 'far:a.ms', imagename: 'near:x' })).toThrow("a path on far, got 'near:x'")
  })
})
