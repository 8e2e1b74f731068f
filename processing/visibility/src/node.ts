/** Opening and listing observations on disk. */
export * from './node/import-uvfits.ts'
export * from './node/list-observation.ts'
export * from './node/open-observation.ts'
export * from './node/write-model-column.ts'
