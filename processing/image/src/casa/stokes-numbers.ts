import type { Stokes } from '@cleanbeam/types'

/** casacore's numbers of Stokes parameters and correlations, which also stand for their world coordinates. */
export const CASA_STOKES_NUMBERS: Readonly<Record<Stokes, number>> = {
  I: 1,
  Q: 2,
  U: 3,
  V: 4,
  RR: 5,
  RL: 6,
  LR: 7,
  LL: 8,
  XX: 9,
  XY: 10,
  YX: 11,
  YY: 12,
}
