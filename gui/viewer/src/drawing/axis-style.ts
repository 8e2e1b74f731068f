import { niceStep, sexagesimalStep } from './nice-ticks.ts'
import { angleUnit } from './number-format.ts'
import { type AxisLabels, axisLabels } from './sexagesimal.ts'

/** How angles along an axis are written: hours or degrees with sixtieths, decimal degrees, or an offset in its usual unit. */
export type AxisStyle = 'hours' | 'degrees' | 'decimal' | 'offset'

const DEGREE = Math.PI / 180

/** The smallest round step of a style that is at least `atLeastRad`. */
export function axisStep(atLeastRad: number, style: AxisStyle): number {
  if (style === 'hours' || style === 'degrees') return sexagesimalStep(atLeastRad, style)
  const unit = style === 'decimal' ? DEGREE : angleUnit(atLeastRad).rad
  return niceStep(atLeastRad / unit) * unit
}

/** Labels of ticks along one axis, with what they have in common apart. */
export function styledLabels(anglesRad: readonly number[], stepRad: number, style: AxisStyle): AxisLabels {
  if (style === 'hours' || style === 'degrees') return axisLabels(anglesRad, stepRad, style)
  const { rad, unit } = style === 'decimal' ? { rad: DEGREE, unit: '°' } : angleUnit(stepRad)
  const step = stepRad / rad
  const decimals = Math.min(12, Math.max(0, Math.ceil(-Math.log10(step) + (isRound(step) ? 0 : 1) - 1e-9)))
  const labels = anglesRad.map(angle => {
    const value = angle / rad
    const text = Math.abs(value).toFixed(decimals)
    const sign = value < 0 && Number(text) !== 0 ? '−' : ''
    return style === 'decimal' ? `${sign}${text}°` : `${sign}${text}`
  })
  return { prefix: style === 'offset' ? unit : '', labels }
}

/** Powers of ten, two and five times: one digit says them. */
function isRound(step: number): boolean {
  const mantissa = step / 10 ** Math.floor(Math.log10(step) + 1e-9)
  return Math.abs(mantissa - Math.round(mantissa)) < 1e-6
}
