import type { Table } from '@cleanbeam/casatable'
import { ASTRONOMICAL_UNIT_METRES, type Ephemeris } from '@cleanbeam/measures'
import { VisibilityError } from '../visibility-error.ts'
import { scalarColumn } from './column-access.ts'

const RAD_PER_DEG = Math.PI / 180

/**
 * Reads an ephemeris table (EPHEM0_Titan_57174.tab): columns MJD (TT), RA, DEC in degrees, Rho in AU.
 * @throws VisibilityError when a column is missing, or positions refer to another frame than J2000 or ICRS
 * @see CASA documentation, "Ephemeris data", table format
 */
export function readEphemeris(table: Table): Ephemeris {
  const column = (name: string, scale: number): Float64Array => {
    const values = scalarColumn(table, name)
    if (values !== null && values.length >= 2) return Float64Array.from(values, value => value * scale)
    throw new VisibilityError(
      `expected an ephemeris with two rows or more of MJD, RA, DEC and Rho, got ${table.nRow} rows of ${table.columnNames.join(', ')} (${table.path})`,
      { path: table.path },
    )
  }
  const { keywords } = table
  const system = keywords.has('posrefsys') ? keywords.string('posrefsys').toUpperCase() : 'J2000'
  if (!/J2000|ICRS|ICRF/.test(system)) {
    throw new VisibilityError(
      `expected an ephemeris in J2000 or ICRS, got ${system} (${table.path}): not yet supported: ${system}`,
      { frame: system },
    )
  }
  // An observer's ephemeris names the place; a distance of that place from the centre of the Earth says so, too.
  const place = keywords.has('obsloc') ? keywords.string('obsloc').toUpperCase() : 'GEOCENTRIC'
  const distance = keywords.has('GeoDist') ? keywords.number('GeoDist') : 0
  return {
    frame: /ICRS/.test(system) && !/J2000/.test(system) ? 'ICRS' : 'J2000',
    mjdTt: column('MJD', 1),
    longitudeRad: column('RA', RAD_PER_DEG),
    latitudeRad: column('DEC', RAD_PER_DEG),
    distanceMetres: column('Rho', ASTRONOMICAL_UNIT_METRES),
    isGeocentric: place === 'GEOCENTRIC' || (place === '' && distance === 0),
  }
}
