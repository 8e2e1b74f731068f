/** What an image plane holds. RR … YY as image planes mean the correlation imaged on its own. */
export type Stokes = 'I' | 'Q' | 'U' | 'V' | 'RR' | 'RL' | 'LR' | 'LL' | 'XX' | 'XY' | 'YX' | 'YY'

/** What a visibility holds. Never interchanged with {@link Stokes} of an image. */
export type Correlation = 'RR' | 'RL' | 'LR' | 'LL' | 'XX' | 'XY' | 'YX' | 'YY' | 'I' | 'Q' | 'U' | 'V'

/** FITS codes of Stokes and correlations (FITS standard 4.0, table 29): I=1 … V=4, RR=−1 … YX=−8. */
export const FITS_STOKES_CODES: Readonly<Record<Stokes, number>> = {
  I: 1,
  Q: 2,
  U: 3,
  V: 4,
  RR: -1,
  LL: -2,
  RL: -3,
  LR: -4,
  XX: -5,
  YY: -6,
  XY: -7,
  YX: -8,
}
