/** Observations behind one interface, and CASA's data selection. Files are opened by `@cleanbeam/visibility/node`. */
export type { ObservationListing } from './listing/observation-listing.ts'
export type { ListedScan, UsedParts } from './listing/used-parts.ts'
export { type MeasurementSetHandle, openMeasurementSet } from './measurement-set/ms-observation.ts'
export * from './selection/resolve-selection.ts'
export * from './selection/selectable.ts'
export { openUvfits, type UvfitsHandle } from './uvfits/uvfits-observation.ts'
export * from './visibility-error.ts'
