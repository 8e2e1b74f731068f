/** c, exact by definition of the metre. */
export const LIGHT_SPEED_METRES_PER_SECOND = 299_792_458
