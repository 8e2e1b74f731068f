/** A range of frequencies, Hz. */
export interface FrequencyBand {
  readonly lowHz: number
  readonly highHz: number
}

/** The selected channels of the data in the frame of the image, at the time of the first selected row. */
export interface DataChannels {
  /** Centres of all channels, selected or not, of the window that channels are numbered in, Hz; monotonic. */
  readonly frequencyHz: Float64Array
  /** Positive. */
  readonly widthHz: Float64Array
  /** The first selected channel of that window. */
  readonly firstSelected: number
  /** From edge to edge of all windows of which anything is selected. */
  readonly windows: FrequencyBand
  /** From edge to edge of the selected channels. */
  readonly selected: FrequencyBand
  /** Middle of the selected channels as the data have them, Hz. */
  readonly middleHz: number
}
