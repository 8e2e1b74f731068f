// Restoring beams in FITS: BMAJ, BMIN and BPA (degrees) for one beam, the BEAMS table of CASA for one per plane.
import { encodeBinTable, type FitsFile, FitsHeader, findHdu, readBinaryTable } from '@cleanbeam/fits'
import type { ImageShape, RestoringBeam } from '@cleanbeam/types'
import { ImageError } from '../image-error.ts'

const RADIANS = Math.PI / 180
const ARCSECONDS = (180 / Math.PI) * 3600

/** The BEAMS table of an image with one beam per plane; rows run over channels, then Stokes, as CASA's do. */
export function encodeBeams(beams: readonly RestoringBeam[], shape: ImageShape): Uint8Array<ArrayBuffer> {
  const [, , nStokes, nChannel] = shape
  const rows: { beam: RestoringBeam; channel: number; stokes: number }[] = []
  for (let stokes = 0; stokes < nStokes; stokes++) {
    for (let channel = 0; channel < nChannel; channel++) {
      rows.push({ beam: beams[stokes + nStokes * channel], channel, stokes })
    }
  }
  return encodeBinTable({
    name: 'BEAMS',
    header: new FitsHeader().set('NCHAN', nChannel).set('NPOL', nStokes),
    columns: [
      { name: 'BMAJ', format: '1E', unit: 'arcsec', values: rows.map(row => row.beam.majorRad * ARCSECONDS) },
      { name: 'BMIN', format: '1E', unit: 'arcsec', values: rows.map(row => row.beam.minorRad * ARCSECONDS) },
      { name: 'BPA', format: '1E', unit: 'deg', values: rows.map(row => row.beam.positionAngleRad / RADIANS) },
      { name: 'CHAN', format: '1J', values: rows.map(row => row.channel) },
      { name: 'POL', format: '1J', values: rows.map(row => row.stokes) },
    ],
  })
}

/**
 * Beams of an image: those of its BEAMS table, else that of its header, else none.
 * @throws ImageError when a BEAMS table leaves planes without a beam
 */
export async function readBeams(file: FitsFile, header: FitsHeader, shape: ImageShape): Promise<RestoringBeam[]> {
  const hdu = findHdu(file, 'BEAMS')
  if (hdu?.kind === 'bintable') return readBeamTable(file, shape)
  const degrees = (keyword: string) => {
    const value = header.get(keyword)
    return typeof value === 'number' ? value * RADIANS : 0
  }
  const beam = { majorRad: degrees('BMAJ'), minorRad: degrees('BMIN'), positionAngleRad: degrees('BPA') }
  return beam.majorRad > 0 && beam.minorRad > 0 ? [beam] : []
}

async function readBeamTable(file: FitsFile, shape: ImageShape): Promise<RestoringBeam[]> {
  const hdu = findHdu(file, 'BEAMS')!
  const table = await readBinaryTable(file, hdu)
  const angle = (name: string, fallback: number) => {
    const unit = table.find(name)?.unit ?? ''
    const scale = { deg: RADIANS, arcsec: 1 / ARCSECONDS, arcmin: 60 / ARCSECONDS, rad: 1 }[unit] ?? fallback
    return table.numbers(name).map(value => value * scale)
  }
  const [major, minor, positionAngle] = [
    angle('BMAJ', 1 / ARCSECONDS),
    angle('BMIN', 1 / ARCSECONDS),
    angle('BPA', RADIANS),
  ]
  const channel = table.has('CHAN') ? table.numbers('CHAN') : new Float64Array(table.nRow).map((_, i) => i)
  const stokes = table.has('POL') ? table.numbers('POL') : new Float64Array(table.nRow)
  const [, , nStokes, nChannel] = shape
  const beams: (RestoringBeam | undefined)[] = new Array(nStokes * nChannel).fill(undefined)
  for (let row = 0; row < table.nRow; row++) {
    if (stokes[row] >= nStokes || channel[row] >= nChannel) continue
    beams[stokes[row] + nStokes * channel[row]] = {
      majorRad: major[row],
      minorRad: minor[row],
      positionAngleRad: positionAngle[row],
    }
  }
  // Tables without a POL column (CASA before 4.2) list one beam per channel for all Stokes.
  return beams.map((beam, plane) => {
    const found = beam ?? beams[nStokes * Math.floor(plane / nStokes)]
    if (found) return found
    throw new ImageError(
      `expected a beam for each of ${beams.length} planes, got none for plane ${plane} (${hdu.header.where})`,
      { plane },
    )
  })
}
