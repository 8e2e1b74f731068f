/** How a mosaic of several pointings is made. */
export interface MosaicOptions {
  /**
   * What pixels mean, with W the sum of weights times squared primary beams and P = √(W/max W): 'flatnoise' sky·P (the noise
   * is even), 'flatsky' sky, 'pbsquare' sky·P².
   * @see https://casadocs.readthedocs.io/en/stable/api/tt/casatasks.imaging.tclean.html (normtype)
   */
  readonly normalisation: 'flatnoise' | 'flatsky' | 'pbsquare'
  /** Count uv densities for every field by itself (CASA: mosweight). */
  readonly perFieldDensity: boolean
}
