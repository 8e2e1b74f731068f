// A small font of strokes for pictures painted without a browser. Each glyph is a list of polylines on a grid of unit
// squares, written as pairs of digits x y; y counts from the bottom of descenders (0), so that the baseline stands at 2,
// small letters reach 6 and capitals 8.

const GLYPHS: Readonly<Record<string, string>> = {
  '0': '120307183847433212',
  '1': '172822 1232',
  '2': '07183847460242',
  '3': '0718384746354443321203 1535',
  '4': '32380444',
  '5': '480805354443321203',
  '6': '4738180703123243443505',
  '7': '084812',
  '8': '15060718384746351504031232434435',
  '9': '0312324347381807061545',
  A: '022842 1434',
  B: '02083847463505 3544433202',
  C: '4738180703123243',
  D: '02083847433202',
  E: '48080242 0535',
  F: '480802 0535',
  G: '47381807031232434525',
  H: '0208 4248 0545',
  I: '2228 1232 1838',
  J: '4843321203',
  K: '0208 480542',
  L: '080242',
  M: '0208254842',
  N: '02084248',
  O: '120307183847433212',
  P: '02083847463505',
  Q: '120307183847433212 2442',
  R: '02083847463505 2542',
  S: '473818070615354443321203',
  T: '0848 2822',
  U: '080312324348',
  V: '082248',
  W: '0812263248',
  X: '0842 0248',
  Y: '082548 2522',
  Z: '08480242',
  a: '4536160503123243 4642',
  b: '0802 0516364543321203',
  c: '4536160503123243',
  d: '4842 4536160503123243',
  e: '04444536160503123243',
  f: '38281712 0636',
  g: '4536160503123243 4641301001',
  h: '0802 0516364542',
  i: '2622 2828',
  j: '26211000 2828',
  k: '0802 360432',
  l: '2822',
  m: '0602 0516263532 3546566562',
  n: '0602 0516364542',
  o: '160503123243453616',
  p: '0600 0516364543321203',
  q: '4640 4536160503123243',
  r: '0602 051636',
  s: '45361605143443321203',
  t: '18132232 0636',
  u: '0603123243 4642',
  v: '062246',
  w: '0612253246',
  x: '0642 0246',
  y: '0622 4610',
  z: '06460242',
  '.': '1212',
  ',': '1201',
  ':': '1212 1515',
  ';': '1201 1515',
  '-': '0535',
  '+': '0545 2327',
  '=': '0444 0646',
  '/': '0248',
  '(': '28171322',
  ')': '18272312',
  '[': '28181222',
  ']': '18282212',
  '<': '471443',
  '>': '073403',
  '*': '1737 2826',
  _: '0141',
  "'": '2826',
  '"': '1816 2826',
  '%': '0248 0708180707 3332424333',
  '°': '1827160718',
  '×': '0347 0743',
  µ: '0600 0603123243 4642',
}

/** Signs that look like others, and raised ones. */
const SAME: Readonly<Record<string, string>> = { '−': '-', '–': '-', '′': "'", '″': '"', μ: 'µ', '·': '.' }
const RAISED: Readonly<Record<string, string>> = { ʰ: 'h', ᵐ: 'm', ˢ: 's', ᵈ: 'd', '²': '2', '³': '3' }
const UNKNOWN = '0208484202'
const RAISED_SCALE = 0.62
const RAISED_SHIFT = 3
const BASELINE = 2
const SPACE_WIDTH = 2.4
const GAP = 1.7
const DIGIT_WIDTH = 4
/** Grid units per unit of font size: capitals are 0.72 of it. */
const UNIT = 0.12

/** Strokes of a line of text. */
export interface TextStrokes {
  /** Polylines, x y pairs; x from the start of the text, y upwards from the baseline, in the unit of the size. */
  readonly lines: readonly number[][]
  readonly width: number
}

/** Lays out a line of text at a font size. */
export function textStrokes(text: string, size: number): TextStrokes {
  const unit = size * UNIT
  const lines: number[][] = []
  let at = 0
  for (const letter of text) {
    if (letter === ' ' || letter === '\u202f' || letter === '\u2009') {
      at += SPACE_WIDTH * unit
      continue
    }
    at += addGlyph(letter, at, unit, lines)
  }
  return { lines, width: Math.max(0, at - GAP * unit) }
}

/** @returns the glyph's advance */
function addGlyph(letter: string, at: number, unit: number, lines: number[][]): number {
  const raised = RAISED[letter]
  const scale = raised ? RAISED_SCALE * unit : unit
  const lift = raised ? RAISED_SHIFT * unit : 0
  const code = GLYPHS[raised ?? SAME[letter] ?? letter] ?? UNKNOWN
  const polylines = code.split(' ').map(line => [...line].map(Number))
  const xs = polylines.flatMap(line => line.filter((_, i) => i % 2 === 0))
  const left = isDigit(letter) ? 0 : Math.min(...xs)
  const width = isDigit(letter) ? DIGIT_WIDTH : Math.max(...xs) - left
  for (const line of polylines) {
    lines.push(line.map((value, i) => (i % 2 === 0 ? at + (value - left) * scale : (value - BASELINE) * scale + lift)))
  }
  return (width + GAP) * scale
}

function isDigit(letter: string): boolean {
  return letter >= '0' && letter <= '9'
}
