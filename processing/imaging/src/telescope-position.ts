import { observatoryPosition } from '@cleanbeam/measures'
import type { Observation } from '@cleanbeam/types'

/** Where frequencies are measured: the observatory's catalogued position, else the array's own, else null. */
export function telescopePosition(observation: Observation): readonly [number, number, number] | null {
  return observatoryPosition(observation.telescope) ?? observation.arrayPositionMetres
}
