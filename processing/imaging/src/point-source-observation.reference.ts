import type {
  Correlation,
  DataSelection,
  Direction,
  Observation,
  SpectralFrame,
  VisibilityChunk,
} from '@cleanbeam/types'

/** A point source with Stokes parameters at an offset (radians) from the field's phase centre. */
export interface SimulatedSource {
  readonly l: number
  readonly m: number
  readonly stokes: readonly [i: number, q: number, u: number, v: number]
}

/** What to simulate; see {@link pointSourceObservation}. */
export interface SimulationOptions {
  readonly sources: readonly SimulatedSource[]
  readonly correlations?: readonly Correlation[]
  readonly nRow?: number
  readonly frequencyHz?: readonly number[]
  readonly maxBaselineMetres?: number
  readonly phaseCentre?: Direction
  readonly frame?: SpectralFrame
  readonly seed?: number
  /** Largest |w| over largest |u|; default 0.3. */
  readonly wFraction?: number
  /** Changes a chunk before it is delivered: flags, weights, NaN. */
  readonly spoil?: (chunk: VisibilityChunk) => void
}

const SPEED_OF_LIGHT = 299_792_458

/** A noise-free observation of point sources with random baselines, w included; for tests. */
export function pointSourceObservation(options: SimulationOptions): Observation {
  const correlations = options.correlations ?? ['RR', 'RL', 'LR', 'LL']
  const frequencyHz = Float64Array.from(options.frequencyHz ?? [1.4e9, 1.41e9])
  const nRow = options.nRow ?? 300
  const phaseCentre = options.phaseCentre ?? { frame: 'J2000', longitudeRad: 1.2, latitudeRad: 0.6 }
  return {
    path: 'simulated',
    stateKey: 'simulated',
    telescope: 'NOWHERE',
    observer: 'nobody',
    arrayPositionMetres: null,
    startMjdSeconds: 5e9,
    endMjdSeconds: 5e9 + 3600,
    nRow,
    spws: [
      {
        id: 0,
        name: 'A',
        frame: options.frame ?? 'LSRK',
        channelFrequencyHz: frequencyHz,
        channelWidthHz: new Float64Array(frequencyHz.length).fill(1e7),
        referenceFrequencyHz: frequencyHz[0],
      },
    ],
    dataDescriptions: [{ id: 0, spw: 0, correlations }],
    fields: [{ id: 0, name: 'FIELD', phaseCentre }],
    antennas: [],
    async *chunks(_selection: DataSelection) {
      const chunk = simulate(options, correlations, frequencyHz, nRow)
      options.spoil?.(chunk)
      yield chunk
    },
    survey: async () => ({
      firstRow: { field: 0, dataDescription: 0, timeMjdSeconds: 5e9 },
      fields: [0],
      channels: new Map([[0, Int32Array.from(frequencyHz, (_, channel) => channel)]]),
      remarks: [],
    }),
    census: () => ({ nVisibility: 0, nFlagged: 0, nZeroWeight: 0, nNotFinite: 0 }),
    async close() {},
  }
}

function simulate(
  options: SimulationOptions,
  correlations: readonly Correlation[],
  frequencyHz: Float64Array,
  nRow: number,
): VisibilityChunk {
  const nChannel = frequencyHz.length
  const nCorrelation = correlations.length
  const length = options.maxBaselineMetres ?? 1000
  const wFraction = options.wFraction ?? 0.3
  let state = (options.seed ?? 1) >>> 0
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296 - 0.5
  }
  const uvwMetres = Float64Array.from(
    { length: 3 * nRow },
    (_, j) => 2 * length * random() * (j % 3 === 2 ? wFraction : 1),
  )
  const visibility = new Float32Array(2 * nRow * nChannel * nCorrelation)
  for (let row = 0; row < nRow; row++) {
    for (let channel = 0; channel < nChannel; channel++) {
      const at = (row * nChannel + channel) * nCorrelation
      const perMetre = frequencyHz[channel] / SPEED_OF_LIGHT
      const values = visibilitiesOf(options.sources, correlations, uvwMetres.subarray(3 * row, 3 * row + 3), perMetre)
      visibility.set(values, 2 * at)
    }
  }
  return {
    dataDescription: 0,
    field: 0,
    nRow,
    nChannel,
    nCorrelation,
    rowNumber: Uint32Array.from({ length: nRow }, (_, row) => row),
    timeMjdSeconds: new Float64Array(nRow).fill(5e9),
    antenna1: new Int32Array(nRow),
    antenna2: new Int32Array(nRow).fill(1),
    frequencyHz,
    uvwMetres,
    visibility,
    weight: Float32Array.from(
      { length: nRow * nChannel * nCorrelation },
      (_, j) => 1 + (Math.floor(j / nCorrelation) % 3),
    ),
    flag: new Uint8Array(nRow * nChannel * nCorrelation),
  }
}

function visibilitiesOf(
  sources: readonly SimulatedSource[],
  correlations: readonly Correlation[],
  uvw: Float64Array,
  perMetre: number,
): Float64Array {
  const out = new Float64Array(2 * correlations.length)
  for (const { l, m, stokes } of sources) {
    const n = Math.sqrt(1 - l * l - m * m)
    const angle = 2 * Math.PI * perMetre * (uvw[0] * l + uvw[1] * m + uvw[2] * (n - 1))
    correlations.forEach((name, c) => {
      const [re, im] = correlationOf(name, stokes)
      out[2 * c] += re * Math.cos(angle) - im * Math.sin(angle)
      out[2 * c + 1] += re * Math.sin(angle) + im * Math.cos(angle)
    })
  }
  return out
}

function correlationOf(name: Correlation, [i, q, u, v]: readonly [number, number, number, number]): [number, number] {
  const table: Readonly<Record<Correlation, [number, number]>> = {
    RR: [i + v, 0],
    RL: [q, u],
    LR: [q, -u],
    LL: [i - v, 0],
    XX: [i + q, 0],
    XY: [u, v],
    YX: [u, -v],
    YY: [i - q, 0],
    I: [i, 0],
    Q: [q, 0],
    U: [u, 0],
    V: [v, 0],
  }
  return table[name]
}
