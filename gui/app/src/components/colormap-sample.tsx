import { type ColormapName, colourTable } from '@cleanbeam/viewer/drawing'

const N_STOP = 12

/** A strip of a colormap. */
export function ColormapSample({ name }: { name: ColormapName }) {
  const table = colourTable(name)
  const colours = Array.from({ length: N_STOP }, (_, i) => {
    const at = 4 * Math.round((i / (N_STOP - 1)) * 255)
    return `rgb(${table[at]}, ${table[at + 1]}, ${table[at + 2]})`
  })
  const background = `linear-gradient(to right, ${colours.join(', ')})`
  return <span className="colormap-sample" style={{ background }} aria-hidden="true" />
}
