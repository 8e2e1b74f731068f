/** Image cubes, their FITS form, regions, masks, statistics and tiles. Files are in `@cleanbeam/image/node`. */

export * from './fits/fits-image.ts'
export * from './image-cube.ts'
export * from './image-error.ts'
export * from './plane-histogram.ts'
export * from './region/channel-range.ts'
export * from './region/crtf.ts'
export * from './region/format-crtf.ts'
export * from './region/rasterise.ts'
export * from './region/region.ts'
export * from './region/region-mask.ts'
export * from './region/regrid-mask.ts'
export * from './tiles.ts'
