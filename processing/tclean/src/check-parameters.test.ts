import { describe, expect, it } from 'vitest'
import { checkDeconvolveParameters, checkTcleanParameters, DECONVOLVE_PARAMETERS } from './check-parameters.ts'
import { TCLEAN_PARAMETERS } from './parameters.ts'
import { ParameterError } from './tclean-error.ts'

const GIVEN = { vis: 'm87.uvfits', imagename: 'out/m87', cell: '0.1marcsec' }

/** Checks a call that has to be refused and answers the message. */
function refusal(changes: object): string {
  try {
    checkTcleanParameters({ ...GIVEN, ...changes })
  } catch (error) {
    expect(error).toBeInstanceOf(ParameterError)
    return (error as ParameterError).message
  }
  throw new Error(`not refused: ${JSON.stringify(changes)}`)
}

describe('checkTcleanParameters', () => {
  it("fills in CASA's defaults", () => {
    const parameters = checkTcleanParameters(GIVEN)
    expect(Object.keys(parameters)).toHaveLength(TCLEAN_PARAMETERS.length)
    expect(parameters).toMatchObject({
      imsize: [100],
      niter: 0,
      gain: 0.1,
      cycleniter: -1,
      minpsffraction: 0.05,
      maxpsffraction: 0.8,
      pblimit: 0.2,
      weighting: 'natural',
      robust: 0.5,
      psfcutoff: 0.35,
      restart: true,
    })
  })

  it('does not share defaults between calls', () => {
    const first = checkTcleanParameters(GIVEN)
    ;(first.imsize as number[])[0] = 7
    expect(checkTcleanParameters(GIVEN).imsize).toEqual([100])
  })

  it.each([
    [{ nitre: 5 }, "expected a parameter of tclean, got 'nitre', which it does not have: did you mean 'niter'?"],
    [{ xyzzy: 5 }, "expected a parameter of tclean, got 'xyzzy', which it does not have"],
    [{ vis: undefined }, 'expected vis, which tclean cannot do without, got none'],
    [{ niter: '10' }, "expected an integer for niter, got '10'"],
    [{ niter: 1.5 }, 'expected an integer for niter, got 1.5'],
    [{ niter: -1 }, 'expected an integer, at least 0 for niter, got -1'],
    [{ gain: 0 }, 'expected a gain above 0, got 0'],
    [{ gain: Number.NaN }, 'expected a number for gain, got NaN'],
    [{ imsize: 0 }, 'expected one or two positive integers for imsize, got 0'],
    [{ imsize: [512, -1] }, 'expected one or two positive integers for imsize, got [512,-1]'],
    [{ imsize: 12.5 }, 'expected one or two positive integers for imsize, got 12.5'],
    [{ imsize: [1, 2, 3] }, 'expected one or two positive integers for imsize, got [1,2,3]'],
    [{ robust: 3 }, 'expected a number, at most 2 for robust, got 3'],
    [{ pbcor: 'yes' }, "expected true or false for pbcor, got 'yes'"],
    [{ stokes: 'X' }, /^expected one of 'I', 'Q'.* for stokes, got 'X'$/],
    [
      { specmode: 'cubesource' },
      "expected specmode 'mfs' or 'cube' or 'cubedata', got 'cubesource' (CASA knows it, this engine does not yet)",
    ],
    [
      { deconvolver: 'clark_exp', niter: 10 },
      /^expected deconvolver 'hogbom' or .* or 'asp', got 'clark_exp' \(CASA knows it/,
    ],
    [{ startmodel: ['a.fits', 'b.fits'] }, 'expected 1 image at most for startmodel, got 2'],
    [
      { interactive: true },
      'expected interactive false, got true (interactive clean is the command iclean and the function gclean)',
    ],
    [{ usemask: 'pb', mask: 'm.fits' }, /^expected no mask with usemask 'pb'/],
    [{ minpsffraction: 0.9 }, 'expected minpsffraction at most maxpsffraction, got 0.9 and 0.8'],
    [{ restoringbeam: '3px' }, /restoringbeam.*unknown unit 'px'/],
    [{ cell: '' }, /^expected the size of a pixel such as '0.1arcsec' for cell, got ''/],
    [{ cell: '-1arcsec' }, "expected a positive size for cell, got '-1arcsec'"],
    [{ threshold: '1Jyy' }, /^expected a flux .* for threshold, got the unknown unit 'Jyy'/],
    [{ threshold: -1 }, 'expected threshold at least 0, got -1'],
  ])('refuses %j', (changes, message) => {
    expect(refusal(changes)).toMatch(message)
  })

  it("refuses cell '15' without a unit and says what to write", () => {
    const message = refusal({ cell: '15' })
    expect(message).toContain("expected an angle with its unit for cell, got the text '15' without a unit")
    expect(message).toContain("'30arcsec'")
  })

  it('takes a bare number for cell as arcseconds, and interactive 0', () => {
    expect(checkTcleanParameters({ ...GIVEN, cell: 15, interactive: 0 }).cell).toBe(15)
  })
})

describe('checkDeconvolveParameters', () => {
  it('knows only the parameters that need no visibilities', () => {
    expect(DECONVOLVE_PARAMETERS.map(row => row.name)).not.toContain('vis')
    expect(() => checkDeconvolveParameters({ imagename: 'x', weighting: 'natural' } as never)).toThrow(
      "expected a parameter of deconvolve, got 'weighting', which it does not have",
    )
  })

  it('cannot do without imagename', () => {
    expect(() => checkDeconvolveParameters({} as never)).toThrow(
      'expected imagename, which deconvolve cannot do without',
    )
  })
})

describe('the parameter table', () => {
  it('holds each default within its own limits', () => {
    for (const row of TCLEAN_PARAMETERS) {
      if (row.choices) expect(row.choices, row.name).toContain(row.default)
      for (const value of row.supported ?? []) expect(row.choices, row.name).toContain(value)
      expect(row.meaning.length, row.name).toBeGreaterThan(10)
      expect(row.meaning.length, row.name).toBeLessThan(125)
    }
  })
})
