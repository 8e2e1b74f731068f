/** Images on disk: files, products of an image name, mask sources and the image tool. */
export * from './node/image-file.ts'
export * from './node/image-tool.ts'
export * from './node/mask-source.ts'
export * from './node/product-store.ts'
