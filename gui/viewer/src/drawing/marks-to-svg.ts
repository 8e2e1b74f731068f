import type { GradientMark, Mark, PathMark, Stroke, TextMark } from './marks.ts'

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif'

/**
 * Marks as SVG elements, for `<svg>` of the same size in user units.
 * @param idPrefix - makes the ids of gradients and clips unique in the document
 */
export function marksToSvg(marks: readonly Mark[], idPrefix = 'cb'): string {
  const definitions: string[] = []
  const body = marks.map(mark => element(mark, definitions, idPrefix)).join('\n')
  return definitions.length > 0 ? `<defs>\n${definitions.join('\n')}\n</defs>\n${body}` : body
}

function element(mark: Mark, definitions: string[], idPrefix: string): string {
  switch (mark.kind) {
    case 'path':
      return pathElement(mark)
    case 'text':
      return textElement(mark)
    case 'gradient':
      return gradientElement(mark, definitions, idPrefix)
    case 'clipped': {
      const id = `${idPrefix}-${definitions.length}`
      const { x, y, width, height } = mark.rect
      definitions.push(
        `<clipPath id="${id}"><rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"/></clipPath>`,
      )
      const inner = mark.marks.map(m => element(m, definitions, idPrefix)).join('\n')
      return `<g clip-path="url(#${id})">\n${inner}\n</g>`
    }
  }
}

function pathElement(mark: PathMark): string {
  const d = mark.lines.map(line => pathData(line, mark.closed)).join('')
  const fill = `fill="${mark.fill ?? 'none'}"`
  const halo = mark.stroke?.halo
  const under = halo ? `<path d="${d}" fill="none" ${strokeAttributes(mark.stroke!, halo, 2)}/>` : ''
  const stroke = mark.stroke ? strokeAttributes(mark.stroke, mark.stroke.colour, 0) : ''
  return `${under}<path d="${d}" ${fill} ${stroke}/>`
}

function pathData(line: ArrayLike<number>, closed: boolean): string {
  let d = ''
  for (let i = 0; i + 1 < line.length; i += 2) d += `${i === 0 ? 'M' : 'L'}${n(line[i])} ${n(line[i + 1])}`
  return closed ? `${d}Z` : d
}

function strokeAttributes(stroke: Stroke, colour: string, extraWidth: number): string {
  const dash = stroke.dash ? ` stroke-dasharray="${stroke.dash.join(' ')}"` : ''
  return `stroke="${colour}" stroke-width="${stroke.width + extraWidth}" stroke-linejoin="round" stroke-linecap="${stroke.cap ?? 'butt'}"${dash}`
}

function textElement(mark: TextMark): string {
  const anchor = { left: 'start', center: 'middle', right: 'end' }[mark.align]
  const shift = { top: 0.8, middle: 0.35, bottom: -0.2 }[mark.baseline] * mark.size
  const weight = mark.bold ? ' font-weight="600"' : ''
  const halo = mark.halo ? ` stroke="${mark.halo}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"` : ''
  const position = `x="${n(mark.x)}" y="${n(mark.y + shift)}" text-anchor="${anchor}"`
  const font = `font-family='${FONT}' font-size="${mark.size}"${weight} style="font-variant-numeric:tabular-nums"`
  return `<text ${position} ${font} fill="${mark.colour}"${halo}>${escapeXml(mark.text)}</text>`
}

function gradientElement(mark: GradientMark, definitions: string[], idPrefix: string): string {
  const id = `${idPrefix}-${definitions.length}`
  const nEntry = mark.table.length / 4
  const stops: string[] = []
  for (let i = 0; i < nEntry; i += Math.max(1, Math.floor(nEntry / 64))) stops.push(stop(mark.table, i, nEntry))
  stops.push(stop(mark.table, nEntry - 1, nEntry))
  definitions.push(`<linearGradient id="${id}" x1="0" y1="1" x2="0" y2="0">${stops.join('')}</linearGradient>`)
  const { x, y, width, height } = mark.rect
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="url(#${id})"/>`
}

function stop(table: Uint8Array, i: number, nEntry: number): string {
  const [r, g, b] = table.subarray(4 * i, 4 * i + 3)
  return `<stop offset="${n(i / (nEntry - 1))}" stop-color="rgb(${r},${g},${b})"/>`
}

function n(value: number): string {
  return Number(value.toFixed(3)).toString()
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)
}
