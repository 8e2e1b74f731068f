import { existsSync, readFileSync } from 'node:fs'

/** Radial profile of a `.pb` that CASA made, one value every `cellArcmin` from the pointing centre. */
export interface PrimaryBeamProfile {
  readonly telescope: string
  readonly dishMetres: number
  readonly frequencyGhz: number
  readonly cellArcmin: number
  readonly profile: readonly number[]
}

const PATH = '../shared/refs/pb_profiles.json'

/** All recorded profiles; none where the reference set is not present. For tests. */
export function primaryBeamProfiles(): PrimaryBeamProfile[] {
  if (!existsSync(PATH)) return []
  const entries = JSON.parse(readFileSync(PATH, 'utf8')) as {
    telescope: string
    dish_m: number
    freq_GHz: number
    cell_arcmin: number
    profile: number[]
  }[]
  return entries.map(entry => ({
    telescope: entry.telescope,
    dishMetres: entry.dish_m,
    frequencyGhz: entry.freq_GHz,
    cellArcmin: entry.cell_arcmin,
    profile: entry.profile,
  }))
}
