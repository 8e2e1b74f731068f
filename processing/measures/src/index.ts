/** Quantities, directions, epochs, spectral frames and sky projections. Pure: used by processing and by the page. */
export * from './constants.ts'
export * from './leap-seconds.ts'
export * from './measures-error.ts'
export * from './quantity.ts'
export * from './sexagesimal.ts'
