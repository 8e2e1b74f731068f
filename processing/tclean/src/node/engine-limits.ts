import { ParameterError } from '../tclean-error.ts'

/** What an engine may use of the machine. */
export interface EngineLimits {
  /** Worker threads; default: as many as the machine has. Images do not depend on it. */
  readonly threads?: number
  /**
   * Memory of the process, bytes: visibilities that do not fit are read again for every major cycle. Default: 4 GiB for
   * visibilities and grids. Last bits of images depend on it.
   */
  readonly memoryBytes?: number
}

const KERNEL_SHARE = 0.65
const LEAST_BYTES = 256e6
/** Node itself, its code and the caller's small things. */
const BASE_BYTES = 90e6
const MOST_KERNEL_BYTES = 2 ** 32

/**
 * How much of the memory is for the kernels: visibilities, grids, spectra. The rest is for images and for reading.
 * @throws ParameterError for less memory than a process needs
 */
export function kernelBytes({ memoryBytes }: EngineLimits): number | undefined {
  if (memoryBytes === undefined) return undefined
  if (!(memoryBytes >= LEAST_BYTES)) {
    throw new ParameterError(`expected at least ${LEAST_BYTES / 1e6} MB of memory, got ${memoryBytes / 1e6} MB`, {
      parameter: 'memory',
      value: memoryBytes,
    })
  }
  return Math.min(MOST_KERNEL_BYTES, Math.floor((KERNEL_SHARE * (memoryBytes - BASE_BYTES)) / 65536) * 65536)
}
