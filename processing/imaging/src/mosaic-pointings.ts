import { convertDirection, SECONDS_PER_DAY } from '@cleanbeam/measures'
import type { Direction, Observation } from '@cleanbeam/types'
import { directionCosines } from './direction-cosines.ts'
import { type PrimaryBeamPower, primaryBeamPower, primaryBeamReachRad } from './primary-beam.ts'
import type { RowGrouping } from './read-portions.ts'

/** Samples that saw the same primary beam: one pointing, one kind of baseline. */
export interface MosaicGroup {
  /** Number of the field over all observations. */
  readonly field: number
  /** Direction cosines of the pointing from the image's centre. */
  readonly offset: readonly [l: number, m: number]
  /** Of the two antennas: the beam is the product of their voltage patterns. */
  readonly powers: readonly [PrimaryBeamPower, PrimaryBeamPower]
  /** Angle beyond which the beam is 0 at a frequency. */
  reachRad(frequencyHz: number): number
}

/** The groups of a mosaic and which samples belong to them. */
export interface MosaicPointings {
  readonly groups: readonly MosaicGroup[]
  readonly groupOf: RowGrouping
}

/**
 * Sorts samples by pointing and, where antennas differ (ALMA with its compact array), by the kinds of their antennas.
 * Antennas point at the phase centre of the field.
 */
export function mosaicPointings(observations: readonly Observation[], centre: Direction): MosaicPointings {
  const groups: MosaicGroup[] = []
  const tables = observations.map(observation => {
    const diameters = [...new Set(observation.antennas.map(antenna => antenna.dishDiameterMetres))].sort(
      (a, b) => a - b,
    )
    const kinds = diameters.length > 0 ? diameters : [0]
    const kindOf = new Map(
      observation.antennas.map(({ id, dishDiameterMetres }) => [id, kinds.indexOf(dishDiameterMetres)]),
    )
    const firstOfField = new Map<number, number>()
    for (const { id, phaseCentre } of observation.fields) {
      firstOfField.set(id, groups.length)
      const field = groups.length
      const offset = directionCosines(
        convertDirection(phaseCentre, centre.frame, observation.startMjdSeconds / SECONDS_PER_DAY),
        centre,
      )
      for (let a = 0; a < kinds.length; a++) {
        for (let b = 0; b < kinds.length; b++) groups.push(newGroup(observation, field, offset, kinds[a], kinds[b]))
      }
    }
    return { kindOf, firstOfField, nKind: kinds.length }
  })
  return {
    groups,
    groupOf(observation, chunk, row) {
      const { kindOf, firstOfField, nKind } = tables[observation]
      const a = kindOf.get(chunk.antenna1[row]) ?? 0
      const b = kindOf.get(chunk.antenna2[row]) ?? 0
      return (firstOfField.get(chunk.field) ?? 0) + Math.min(a, b) * nKind + Math.max(a, b)
    },
  }
}

function newGroup(
  { telescope }: Observation,
  field: number,
  offset: readonly [number, number],
  diameterA: number,
  diameterB: number,
): MosaicGroup {
  return {
    field,
    offset,
    powers: [primaryBeamPower(telescope, diameterA), primaryBeamPower(telescope, diameterB)],
    reachRad: frequencyHz =>
      Math.min(
        primaryBeamReachRad(telescope, diameterA, frequencyHz),
        primaryBeamReachRad(telescope, diameterB, frequencyHz),
      ),
  }
}
