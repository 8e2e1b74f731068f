import { formatSi, formatSignificant, type PlaneTile, type Point, valueAt } from '@cleanbeam/viewer/drawing'
import type { ReactNode } from 'react'
import { type AppState, planeKey } from '../state/app-state.ts'
import { productOf, shownField, shownPlane, shownProduct } from '../state/selectors.ts'
import { worldText } from '../words/cursor-text.ts'
import { useAppState } from './app-context.tsx'

const READ_PRODUCTS = ['.residual', '.image', '.model', '.psf', '.pb']

/** Below the picture: position and values under the pointer, the magnification. */
export function Readout() {
  const cursor = useAppState(state => state.held ?? state.cursor)
  const isHeld = useAppState(state => state.held !== null)
  const product = useAppState(shownProduct)
  const scale = useAppState(state => state.view?.scale)
  if (!product) return <div className="readout" />
  return (
    <div className="readout">
      {cursor ? <Position cursor={cursor} /> : <span className="faint">Point at the picture to read it</span>}
      {isHeld && <span className="held">held</span>}
      {cursor && <Values cursor={cursor} />}
      <span className="readout-space" />
      {scale !== undefined && <Item name="zoom">{formatSignificant(scale, 2)}×</Item>}
    </div>
  )
}

function Item({ name, children }: { name: string; children: ReactNode }) {
  return (
    <span className="readout-item">
      <span className="faint">{name}</span> <b>{children}</b>
    </span>
  )
}

function Position({ cursor }: { cursor: Point }) {
  const coordinate = useAppState(state => shownProduct(state)!.coordinates.direction)
  const wanted = useAppState(state => state.settings.frame)
  const angles = useAppState(state => state.settings.angles)
  const world = worldText(coordinate, cursor.x, cursor.y, wanted, angles)
  const frame = wanted === 'native' ? coordinate.frame : wanted
  const names = angles === 'offset' ? ['east', 'north'] : frame === 'GALACTIC' ? ['l', 'b'] : ['RA', 'Dec']
  return (
    <>
      {world && (
        <span className="readout-item world">
          <span className="faint">{names[0]}</span> <b>{world.longitude}</b> <span className="faint">{names[1]}</span>{' '}
          <b>{world.latitude}</b> <span className="faint">{frame}</span>
        </span>
      )}
      <Item name="pixel">
        {Math.round(cursor.x)}, {Math.round(cursor.y)}
      </Item>
    </>
  )
}

function Values({ cursor }: { cursor: Point }) {
  const shown = useAppState(state => shownProduct(state)?.suffix)
  const text = useAppState(state => valuesText(state, cursor))
  return text.split('\n').map(line => {
    const [suffix, value] = line.split('\t')
    return (
      <span key={suffix} className={suffix === shown ? 'readout-item shown' : 'readout-item'}>
        <span className="faint">{suffix.slice(1)}</span> <b>{value}</b>
      </span>
    )
  })
}

/** One line per product that is loaded, suffix and value; text, so that it only changes when what is read changes. */
function valuesText(state: AppState, cursor: Point): string {
  const { channel, stokes } = shownPlane(state)
  const shown = shownProduct(state)
  const field = shownField(state)
  const suffixes = [...new Set([shown?.suffix ?? '', ...READ_PRODUCTS])]
  const lines = suffixes.flatMap(suffix => {
    const product = productOf(state.session, suffix, field)
    const plane = state.planes[planeKey(field, suffix, channel, stokes)]
    if (!product || !plane) return []
    const value =
      suffix === shown?.suffix ? shownValue(state, plane.tile, cursor) : valueAt(plane.tile, cursor.x, cursor.y)
    return [`${suffix}\t${Number.isNaN(value) ? 'blank' : formatSi(value, shortUnit(product.unit))}`]
  })
  const at = Math.round(cursor.x) + (state.mask?.nx ?? 0) * Math.round(cursor.y)
  return [...lines, `.mask\t${state.mask?.pixels[at] ? 'in' : 'out'}`].join('\n')
}

/** The value of the finest tile that is there. */
function shownValue(state: AppState, whole: PlaneTile, { x, y }: Point): number {
  const finest = Object.values(state.details)
    .filter(tile => !Number.isNaN(valueAt(tile, x, y)))
    .sort((a, b) => a.step - b.step)[0]
  return valueAt(finest ?? whole, x, y)
}

/** 'Jy' for Jy/beam and Jy/pixel: the line is short and the colour bar has it in full. */
function shortUnit(unit: string): string {
  return unit.replace(/\/(beam|pixel)$/, '')
}
