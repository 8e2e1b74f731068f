import { type BinaryTable, type FitsFile, type FitsHeader, type Hdu, readBinaryTable } from '@cleanbeam/fits'
import type { Antenna } from '@cleanbeam/types'
import { VisibilityError } from '../visibility-error.ts'

/** Mount and feeds of an antenna. */
export interface AntennaDetails {
  /** MNTSTA: 0 alt-azimuth, 1 equatorial, 2 orbiting, 3 X-Y. */
  readonly mount: number
  /** Distance between the axes, metres. */
  readonly axisOffsetMetres: number
  /** R, L, X or Y of both feeds, as far as the table says. */
  readonly polarisations: readonly [string, string]
  /** Orientation of both feeds. */
  readonly feedAngleRad: readonly [number, number]
}

/** What the AIPS AN tables say. */
export interface AntennaTables {
  /** Antennas of all subarrays; the id counts from 0. */
  readonly antennas: readonly Antenna[]
  /** First antenna id of each subarray. */
  readonly firstId: readonly number[]
  /** Number of antenna ids of each subarray. */
  readonly counts: readonly number[]
  readonly arrayPositionMetres: readonly [number, number, number] | null
  readonly arrayName: string
  /** What else the tables say of each antenna; null for numbers that are skipped. */
  readonly details: readonly (AntennaDetails | null)[]
  readonly header: FitsHeader
  /** 'UTC' or 'TAI': the scale of the DATE parameters. */
  readonly timeScale: 'UTC' | 'TAI'
  /** TAI − UTC in seconds as the table says (IATUTC); 0 when it does not. */
  readonly iatMinusUtcSeconds: number
}

/**
 * Reads the AIPS AN tables, one per subarray.
 *
 * Antenna ids are NOSTA − 1, as importuvfits numbers them; a number that is skipped becomes an antenna without a name.
 * @throws VisibilityError when there is none
 * @see AIPS Memo 117, section 4.1
 */
export async function readAntennaTables(file: FitsFile): Promise<AntennaTables> {
  const tables = file.hdus.filter(hdu => hdu.name === 'AIPS AN').sort((a, b) => a.version - b.version)
  if (tables.length === 0) {
    throw new VisibilityError(
      `expected an antenna table (AIPS AN), got none (${file.source.name}): the file is not a complete UVFITS observation`,
      { file: file.source.name },
    )
  }
  const antennas: Antenna[] = []
  const firstId: number[] = []
  const counts: number[] = []
  const details: (AntennaDetails | null)[] = []
  for (const hdu of tables) {
    firstId.push(antennas.length)
    const table = await readBinaryTable(file, hdu)
    const some = readAntennas(table, hdu, antennas.length)
    counts.push(some.length)
    details.push(...readDetails(table, some.length))
    antennas.push(...some)
  }
  const { header } = tables[0]
  const scale = header.string('TIMSYS', 'UTC').trim().toUpperCase()
  return {
    antennas,
    firstId,
    counts,
    details,
    header,
    arrayPositionMetres: arrayPosition(antennas, arrayCentre(tables[0])),
    arrayName: header.string('ARRNAM', '').trim(),
    timeScale: scale === 'IAT' || scale === 'TAI' ? 'TAI' : 'UTC',
    iatMinusUtcSeconds: header.number('IATUTC', 0),
  }
}

function readAntennas(table: BinaryTable, hdu: Hdu, firstId: number): Antenna[] {
  const names = table.strings('ANNAME')
  const numbers = table.numbers('NOSTA')
  const positions = table.numbers('STABXYZ')
  const diameters = table.has('DIAMETER') ? table.numbers('DIAMETER') : null
  const count = numbers.reduce((max, n) => Math.max(max, n), 0)
  if (count > 65_535 || numbers.some(n => !(n >= 1)) || positions.length !== 3 * table.nRow) {
    throw new VisibilityError(
      `expected station numbers from 1 to 65535 with three coordinates each, got numbers up to ${count} and ${positions.length} coordinates for ${table.nRow} stations (${hdu.header.where})`,
      { where: hdu.header.where },
    )
  }
  const toGeocentric = geocentricTransform(hdu)
  const antennas: Antenna[] = Array.from({ length: count }, (_, i) => ({
    id: firstId + i,
    name: '',
    station: '',
    positionMetres: [0, 0, 0],
    dishDiameterMetres: 0,
  }))
  for (let row = 0; row < table.nRow; row++) {
    const id = firstId + numbers[row] - 1
    antennas[numbers[row] - 1] = {
      id,
      name: names[row] || String(numbers[row]),
      station: names[row],
      positionMetres: toGeocentric(positions[3 * row], positions[3 * row + 1], positions[3 * row + 2]),
      dishDiameterMetres: diameters?.[row] ?? 0,
    }
  }
  return antennas
}

const RAD_PER_DEG = Math.PI / 180

function readDetails(table: BinaryTable, count: number): (AntennaDetails | null)[] {
  const details = new Array<AntennaDetails | null>(count).fill(null)
  const numbers = table.numbers('NOSTA')
  const column = (name: string) => (table.has(name) ? table.numbers(name) : null)
  const [mounts, offsets, angleA, angleB] = ['MNTSTA', 'STAXOF', 'POLAA', 'POLAB'].map(column)
  const [typeA, typeB] = ['POLTYA', 'POLTYB'].map(name => (table.has(name) ? table.strings(name) : null))
  for (let row = 0; row < table.nRow; row++) {
    details[numbers[row] - 1] = {
      mount: mounts?.[row] ?? 0,
      axisOffsetMetres: offsets?.[row] ?? 0,
      polarisations: [typeA?.[row]?.trim() ?? '', typeB?.[row]?.trim() ?? ''],
      feedAngleRad: [(angleA?.[row] ?? 0) * RAD_PER_DEG, (angleB?.[row] ?? 0) * RAD_PER_DEG],
    }
  }
  return details
}

function arrayCentre(hdu: Hdu): [number, number, number] {
  const { header } = hdu
  return [header.number('ARRAYX', 0), header.number('ARRAYY', 0), header.number('ARRAYZ', 0)]
}

/**
 * STABXYZ are geocentric when the array centre is zero. Otherwise they are offsets from the centre, in axes turned to
 * the meridian of the array (X outwards in the plane of the meridian, Y to the east).
 */
function geocentricTransform(hdu: Hdu): (x: number, y: number, z: number) => [number, number, number] {
  const [cx, cy, cz] = arrayCentre(hdu)
  const hand = hdu.header.string('XYZHAND', 'RIGHT').trim() === 'LEFT' ? -1 : 1
  if (cx === 0 && cy === 0 && cz === 0) return (x, y, z) => [x, hand * y, z]
  const radius = Math.hypot(cx, cy)
  const cosine = radius > 0 ? cx / radius : 1
  const sine = radius > 0 ? cy / radius : 0
  return (x, y, z) => [cx + x * cosine - hand * y * sine, cy + x * sine + hand * y * cosine, cz + z]
}

function arrayPosition(
  antennas: readonly Antenna[],
  centre: readonly [number, number, number],
): readonly [number, number, number] | null {
  if (centre.some(value => value !== 0)) return centre
  const placed = antennas.find(antenna => Math.hypot(...antenna.positionMetres) > 1e6)
  return placed?.positionMetres ?? null
}
