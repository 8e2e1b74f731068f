/**
 * Samples of one output channel at the crossings of rows and channels: sample (row, channel) has the index
 * `row·nChannel + channel` in every array. What cannot be laid out so (channels of a cube) has one channel per row.
 */
export interface SampleBlock {
  readonly nRow: number
  readonly nChannel: number
  /**
   * Which samples may be gridded together: 0 everywhere but in mosaics, where it is the number of the pointing (and of the
   * kind of baseline) whose primary beam the block's samples saw.
   */
  readonly group: number
  /** [row, 3], turned to the image's centre and multiplied by `frameFactor`, metres. */
  readonly uvwMetres: Float64Array
  /** [channel], Hz. */
  readonly frequencyHz: Float64Array
  /** Sample (row, channel) has the frequency frequencyHz[channel]·frameFactor[row] in the image's frame. */
  readonly frameFactor: Float64Array
  /** [row, channel]; 0 leaves a sample out. */
  readonly imagingWeight: Float32Array
  /** One array per image plane (Stokes), each complex, interleaved [row, channel], Jy. */
  readonly visibility: readonly Float32Array[]
}
