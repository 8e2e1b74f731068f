import { readFileSync } from 'node:fs'
import type { DataSelection, SpectralWindow } from '@cleanbeam/types'
import { describe, expect, it } from 'vitest'
import { resolveSelection } from './resolve-selection.ts'
import { emptyRowFacts, type Selectable } from './selectable.ts'

function reference<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../../../conformance/refs/oracles/${name}`, import.meta.url), 'utf8')) as T
}

interface SelectionCase {
  select: DataSelection
  nrow?: number
  row_sum?: number
  row_first?: number[]
  channels: [number, number, number, number][]
}
interface Rows {
  baselines: [number, number][]
  blocks: { timeMjdSeconds: number; dataDescription: number; field: number; scan: number; state: number; uv: string }[]
  uv: Record<string, [number, number][]>
}
const { cases } = reference<{ cases: SelectionCase[] }>('selections.json')
const rows = reference<Rows>('selection-rows.json')
const moreCases = reference<{ cases: SelectionCase[]; antenna_positions_m: [number, number, number][] }>(
  'selections-more.json',
)

function spectralWindow(id: number, firstHz: number, widthHz: number, nChannel: number): SpectralWindow {
  return {
    id,
    name: `W${id}`,
    frame: 'TOPO',
    channelFrequencyHz: Float64Array.from({ length: nChannel }, (_, k) => firstHz + k * widthHz),
    channelWidthHz: new Float64Array(nChannel).fill(widthHz),
    referenceFrequencyHz: firstHz,
  }
}

const phaseCentre = { frame: 'J2000' as const, longitudeRad: 0, latitudeRad: 0 }
const observation: Selectable = {
  path: 'selection.ms',
  spws: [spectralWindow(0, 1.4e9, 2e6, 16), spectralWindow(1, 1.6e9, 4e6, 8), spectralWindow(2, 1.8e9, 8e6, 4)],
  dataDescriptions: [0, 1, 2].map(id => ({ id, spw: id, correlations: ['RR', 'LL'] as const })),
  fields: [
    { id: 0, name: 'TGT', phaseCentre, code: '' },
    { id: 1, name: 'CAL', phaseCentre, code: 'PH' },
  ],
  antennas: Array.from({ length: 15 }, (_, id) => ({
    id,
    name: `VA${String(id + 1).padStart(2, '0')}`,
    station: `P${String(id + 1).padStart(2, '0')}`,
    positionMetres: moreCases.antenna_positions_m[id],
    dishDiameterMetres: 25,
  })),
  intents: ['OBSERVE_TARGET.ON_SOURCE', 'CALIBRATE_PHASE#ON_SOURCE', 'OBSERVE_TARGET#ON_SOURCE'],
  hasScans: true,
  firstRowMjdSeconds: rows.blocks[0].timeMjdSeconds,
  firstRowExposureSeconds: 60,
}

function selectedRows(selection: DataSelection): number[] {
  const { acceptsRow } = resolveSelection(observation, selection)
  const facts = emptyRowFacts()
  const selected: number[] = []
  rows.blocks.forEach((block, iBlock) => {
    rows.baselines.forEach(([antenna1, antenna2], k) => {
      const [uMetres, vMetres] = rows.uv[block.uv][k]
      Object.assign(facts, block, { antenna1, antenna2, uMetres, vMetres, spw: block.dataDescription })
      if (acceptsRow(facts)) selected.push(iBlock * rows.baselines.length + k)
    })
  })
  return selected
}

/** Selected channels, each once, in order. */
function channelSet(ranges: readonly (readonly number[])[]): string[] {
  const channels = new Set<string>()
  for (const [spw, start, stop, step] of ranges)
    for (let k = start; k <= stop; k += Math.max(1, step)) channels.add(`${spw}:${k}`)
  return [...channels].sort()
}

/**
 * Where casatools takes something else for what does not exist (the last channel, everything), or refuses what is plain
 * (a range of one scan, a regular expression in front of channels), we do not follow.
 */
const OTHERWISE = new Set([
  ...['0:16', '0:20~30', '0:-1', '0:1~3,4', '0:0~5^0', '/W.*/:2', '2:4', '0:16~17'].map(spw => JSON.stringify({ spw })),
  ...['20', 'va01', 'VA16', 'VA01@P02', '"0"', '500~1000'].map(antenna => JSON.stringify({ antenna })),
  ...['2~2', '3~3'].map(scan => JSON.stringify({ scan })),
  JSON.stringify({ field: '0,5' }),
  JSON.stringify({ timerange: '*~*' }),
])

const more = moreCases.cases.filter(each => !OTHERWISE.has(JSON.stringify(each.select)))

describe('selections that casatools was asked for', () => {
  it.each([...cases, ...more].map(each => [JSON.stringify(each.select), each] as const))('%s', (_, expected) => {
    if (!expected.nrow) {
      let found = -1
      try {
        found = selectedRows(expected.select).length
      } catch (error) {
        expect(String(error)).toMatch(/expected/)
        return
      }
      expect(found).toBe(0)
      return
    }
    const selected = selectedRows(expected.select)
    expect(selected.length).toBe(expected.nrow)
    expect(selected.reduce((sum, row) => sum + row, 0)).toBe(expected.row_sum)
    if (expected.row_first) expect(selected.slice(0, 5)).toEqual(expected.row_first)
    if (expected.select.spw) {
      const { channelRanges } = resolveSelection(observation, expected.select)
      expect(channelSet(channelRanges.map(({ spw, start, stop, step }) => [spw, start, stop, step]))).toEqual(
        channelSet(expected.channels),
      )
    }
  })
})

/** Number of rows and selected channels; what equal selections share. */
function summary(selection: DataSelection): string {
  const { channels } = resolveSelection(observation, selection)
  const flat = [...channels].map(([spw, list]) => `${spw}:${list.join(' ')}`).join(' ')
  const selected = selectedRows(selection)
  return `${selected.length} ${selected.reduce((sum, row) => sum + row, 0)} ${flat}`
}

describe('selections that mean the same', () => {
  const pairs: [DataSelection, DataSelection][] = [
    [{ spw: '0;1' }, { spw: '0~1' }],
    [{ spw: '>=1' }, { spw: '1,2' }],
    [{ spw: '>0&<2' }, { spw: '1' }],
    [{ spw: '/W[01]/' }, { spw: '0,1' }],
    [{ spw: '1612MHz' }, { spw: '1' }],
    [{ spw: '1.401~1.7GHz' }, { spw: '0,1' }],
    [{ spw: '*:^2' }, { spw: '0:0~15^2,1:0~7^2,2:0~3^2' }],
    [{ spw: '0;2:1' }, { spw: '0:1,2:1' }],
    [{ spw: '>1.5GHz:0' }, { spw: '1~2:0' }],
    [{ spw: '0:1402~1410MHz^4MHz' }, { spw: '0:1;3;5' }],
    [{ spw: '0:1.4101GHz' }, { spw: '0:5~6' }],
    [{ spw: '0:0~99' }, { spw: '0' }],
    [{ spw: ' 0 : 1 ~ 3 ; 8 ~ 12 , 1 ' }, { spw: '0:1~3;8~12,1' }],
    [{ field: 'PH' }, { field: 'CAL' }],
    [{ field: '"TGT"' }, { field: '0' }],
    [{ field: '/T.T/' }, { field: '0' }],
    [{ antenna: '0~2' }, { antenna: 'VA0[1-3]' }],
    [{ antenna: '@P11' }, { antenna: 'VA11' }],
    [{ antenna: '(VA11,VA03)@P11' }, { antenna: 'VA11' }],
    [{ antenna: 'P03' }, { antenna: 'VA03' }],
    [{ antenna: '!VA11&*' }, { antenna: '!VA11' }],
    [{ antenna: 'VA03&VA11' }, { antenna: '2&10' }],
    [{ timerange: '09:20:00~10:43:14' }, { timerange: '2015/06/01/09:20:00~2015/06/01/10:43:14' }],
    [{ timerange: '09:20:00+00:01:00' }, { timerange: '2015/06/01/09:20:00~09:21:00' }],
    [{ timerange: '2015/06/01/09:20:00+1:00' }, { timerange: '2015/06/01/09:20:00~09:21:00' }],
    [{ timerange: '[09:20:00~09:20:05]' }, { timerange: '09:20:13' }],
    [{ timerange: '2015/06/01~2015/06/02' }, {}],
    [{ timerange: '*' }, { timerange: '07:43:13.8' }],
    [{ timerange: '2015/06/01/09:13:10~20' }, { timerange: '09:13:13.8' }],
    [{ uvrange: '0.5~1km' }, { uvrange: '500~1000m' }],
    [{ uvrange: '500~600m:10%' }, { uvrange: '450~660m' }],
    [{ uvrange: '>500m:10%' }, { uvrange: '>450m' }],
    [{ correlation: '0:RR;LL' }, {}],
    [{ uvrange: '0~2KLAMBDA' }, { uvrange: '0~2klambda' }],
    [{ scan: '>3 & <6' }, { scan: '4,5' }],
    [{ intent: '1' }, { intent: 'CALIBRATE_PHASE#ON_SOURCE' }],
    [{ array: '0', observation: '0' }, {}],
    [{ correlation: 'rr' }, {}],
  ]
  it.each(pairs)('%j is %j', (one, other) => {
    expect(summary(one)).toBe(summary(other))
  })
})

describe('selections that are refused, by name', () => {
  const refused: [DataSelection, RegExp][] = [
    [{ spw: '0:16' }, /channels from 0 to 15.*'16'/],
    [{ spw: '0:9~3' }, /'9~3'/],
    [{ spw: '0:1.5~1.6GHz' }, /channels.*1.5~1.6GHz/],
    [{ spw: '0,,1' }, /both sides of every ','/],
    [{ spw: '0:abc' }, /channels such as.*'abc'/],
    [{ field: '"TGT' }, /closing "/],
    [{ field: '5' }, /fields 0 'TGT', 1 'CAL'.*'5'/],
    [{ field: '/T(/' }, /regular expression/],
    [{ antenna: 'VA11&XX' }, /one of the antennas.*'XX'/],
    [{ antenna: '77' }, /'77'/],
    [{ timerange: '2015/13/01/00:00:00' }, /timerange/],
    [{ timerange: '25:61:00' }, /timerange/],
    [{ uvrange: '10~20parsec' }, /uvrange.*parsec/],
    [{ scan: 'abc' }, /scan/],
    [{ scan: '*' }, /scan/],
    [{ spw: 'W{0,2}' }, /W\{0,2\}/],
    [{ spw: '0:>1410MHz' }, /1410MHz/],
    [{ field: '>=1' }, /'>1'.*'>=1'/],
    [{ timerange: '06/01/09:20:00' }, /timerange/],
    [{ timerange: '10:00:00~09:00:00' }, /earlier time/],
    [{ uvrange: '500m:10%' }, /'450~550'/],
    [{ intent: 'NOTHING*' }, /intents OBSERVE_TARGET.*'NOTHING\*'/],
    [{ correlation: 'XX' }, /correlations RR, LL.*'XX'/],
    [{ msselect: 'ANTENNA1==3' }, /not yet supported: msselect/],
  ]
  it.each(refused)('%j', (selection, message) => {
    expect(() => resolveSelection(observation, selection)).toThrow(message)
  })

  it('what the data do not carry', () => {
    const bare = { ...observation, intents: null, hasScans: false }
    expect(() => resolveSelection(bare, { intent: '*' })).toThrow(/intent/)
    expect(() => resolveSelection(bare, { scan: '1' })).toThrow(/no scan numbers/)
  })
})
