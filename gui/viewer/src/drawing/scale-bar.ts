import { angleUnit, formatSignificant } from './number-format.ts'

/** A bar of a round angle. */
export interface ScaleBar {
  readonly angleRad: number
  /** '10 mas', '2″'. */
  readonly label: string
  /** Length in CSS pixels. */
  readonly length: number
}

/**
 * The longest bar of 1, 2 or 5 times a power of ten in the usual unit that is at most `maxLength` long.
 * @param radPerPixel - angle of one CSS pixel
 */
export function scaleBar(radPerPixel: number, maxLength: number): ScaleBar {
  const most = radPerPixel * maxLength
  const { rad, unit } = angleUnit(most)
  const inUnit = most / rad
  const power = 10 ** Math.floor(Math.log10(inUnit) + 1e-9)
  const factor = [5, 2, 1].find(f => f * power <= inUnit * (1 + 1e-9)) ?? 1
  const value = factor * power
  const label = `${formatSignificant(value, 1)}${unit.length > 1 ? ' ' : ''}${unit}`
  return { angleRad: value * rad, label, length: (value * rad) / radPerPixel }
}
