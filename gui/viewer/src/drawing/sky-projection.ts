/**
 * The celestial side of an image, as drawing needs it. Pixels count from 0 at the centre of the first; longitude and
 * latitude are in radians in the image's own frame.
 */
export interface SkyProjection {
  /** Direction of a pixel position; null where the projection has none. */
  toWorld(x: number, y: number): readonly [longitudeRad: number, latitudeRad: number] | null
  /** Pixel position of a direction; null when it is not in the projection. */
  toPixel(longitudeRad: number, latitudeRad: number): readonly [x: number, y: number] | null
}
