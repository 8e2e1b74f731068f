/** Speed of light in vacuum, m/s (exact, SI). */
export const SPEED_OF_LIGHT = 299_792_458
export const RAD_PER_DEG = Math.PI / 180
export const RAD_PER_ARCSEC = Math.PI / 648_000
export const RAD_PER_HOUR = Math.PI / 12
export const SECONDS_PER_DAY = 86_400
/** Modified Julian date 0 as a Julian date. */
export const MJD_ZERO_JULIAN_DATE = 2_400_000.5
/** The epoch J2000.0 (JD 2451545.0) as a modified Julian date. */
export const MJD_J2000 = 51_544.5
/** Astronomical unit, metres (IAU 2012 resolution B2, exact). */
export const ASTRONOMICAL_UNIT_METRES = 149_597_870_700
