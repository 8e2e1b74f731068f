/** Opening observations on disk. */
export * from './node/open-observation.ts'
