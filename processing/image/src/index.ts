/** Image cubes, their FITS form, regions, masks, statistics and tiles. Files are in `@cleanbeam/image/node`. */
export * from './crtf.ts'
export * from './fits/fits-image.ts'
export * from './image-cube.ts'
export * from './image-error.ts'
export * from './plane-histogram.ts'
export * from './region.ts'
export * from './region-mask.ts'
export * from './tiles.ts'
