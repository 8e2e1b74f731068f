/**
 * Pictures of images in a page: pan, zoom, colours on the GPU, celestial axes, mask drawing. The arithmetic behind it,
 * which needs no browser, is exported from `@cleanbeam/viewer/drawing`.
 */

export { paintMarks } from './canvas/paint-marks.ts'
export { TOOL_NAMES, type ToolName } from './tools/drawing-tool.ts'
export type { ImageRenderer, RenderScene } from './view/image-renderer.ts'
export { ImageViewer } from './view/image-viewer.ts'
export type { PendingRegion, ViewerEvents, ViewerScene } from './view/viewer-scene.ts'
export { ViewerError } from './viewer-error.ts'
