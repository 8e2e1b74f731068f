import type { Correlation, Stokes } from '@cleanbeam/types'
import { ImagingError } from './imaging-error.ts'

/** plane = Σ_c (re_c + i·im_c)·correlation_c, coefficients interleaved [correlation, 2]. */
export type StokesCoefficients = readonly Float64Array[]

/**
 * Stokes from correlations: circular I = (RR + LL)/2, Q = (RL + LR)/2, U = (RL − LR)/2i, V = (RR − LL)/2; linear
 * I = (XX + YY)/2, Q = (XX − YY)/2, U = (XY + YX)/2, V = (XY − YX)/2i.
 * @see J. Hamaker, J. Bregman, R. Sault, A&AS 117 (1996) 137
 */
const FORMATION: Readonly<Record<'I' | 'Q' | 'U' | 'V', readonly Readonly<Partial<Record<Correlation, number[]>>>[]>> =
  {
    I: [{ RR: [0.5, 0], LL: [0.5, 0] }, { XX: [0.5, 0], YY: [0.5, 0] }, { I: [1, 0] }],
    Q: [{ RL: [0.5, 0], LR: [0.5, 0] }, { XX: [0.5, 0], YY: [-0.5, 0] }, { Q: [1, 0] }],
    U: [{ RL: [0, -0.5], LR: [0, 0.5] }, { XY: [0.5, 0], YX: [0.5, 0] }, { U: [1, 0] }],
    V: [{ RR: [0.5, 0], LL: [-0.5, 0] }, { XY: [0, -0.5], YX: [0, 0.5] }, { V: [1, 0] }],
  }

/**
 * Finds how each plane is made of the correlations at hand. Data with a single parallel hand give I from that hand.
 * @returns one coefficient array per plane
 * @throws ImagingError naming the plane that cannot be made
 */
export function stokesCoefficients(
  planes: readonly Stokes[],
  correlations: readonly Correlation[],
): StokesCoefficients {
  return planes.map(plane => {
    const recipe = findRecipe(plane, correlations)
    if (recipe === null) {
      throw new ImagingError(
        `expected correlations that make Stokes ${plane}, got ${correlations.join(', ')}: choose another stokes`,
        { stokes: plane, correlations: [...correlations] },
      )
    }
    const coefficients = new Float64Array(2 * correlations.length)
    correlations.forEach((correlation, c) => {
      const pair = recipe[correlation]
      if (pair !== undefined) coefficients.set(pair, 2 * c)
    })
    return coefficients
  })
}

type Recipe = Readonly<Partial<Record<Correlation, readonly number[]>>>

function findRecipe(plane: Stokes, correlations: readonly Correlation[]): Recipe | null {
  if (plane === 'I' || plane === 'Q' || plane === 'U' || plane === 'V') {
    const complete = FORMATION[plane].find(recipe =>
      Object.keys(recipe).every(name => correlations.includes(name as Correlation)),
    )
    if (complete !== undefined) return complete
    return plane === 'I' ? singleHand(correlations) : null
  }
  return correlations.includes(plane) ? { [plane]: [1, 0] } : null
}

function singleHand(correlations: readonly Correlation[]): Recipe | null {
  const hands = correlations.filter(name => ['RR', 'LL', 'XX', 'YY'].includes(name))
  return hands.length === 1 ? { [hands[0]]: [1, 0] } : null
}
