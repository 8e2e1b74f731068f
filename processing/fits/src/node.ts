/** Opening and writing FITS files on disk. */
export * from './node/file-source.ts'
export * from './node/write-file.ts'
