// POSIX ustar archives, as tar on every host reads them.
// Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html (ustar Interchange Format)

import { JupyterError } from '../../jupyter-error.ts'

const BLOCK_BYTES = 512
const MAX_NAME_BYTES = 100
const MAX_PREFIX_BYTES = 155

export interface ArchiveEntry {
  /** With slashes, relative. */
  readonly path: string
  readonly content: Uint8Array
  readonly executable: boolean
}

/**
 * An archive of files; the same files give the same bytes.
 * @throws JupyterError for a path too long for the format
 */
export function tarArchive(entries: readonly ArchiveEntry[]): Buffer {
  const parts: Uint8Array[] = []
  for (const entry of entries) {
    parts.push(header(entry), entry.content, new Uint8Array(padding(entry.content.byteLength)))
  }
  parts.push(new Uint8Array(2 * BLOCK_BYTES))
  return Buffer.concat(parts)
}

const padding = (length: number): number => (BLOCK_BYTES - (length % BLOCK_BYTES)) % BLOCK_BYTES
const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`

function header({ path, content, executable }: ArchiveEntry): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES)
  const { name, prefix } = splitPath(path)
  block.write(name, 0)
  block.write(octal(executable ? 0o755 : 0o644, 7), 100)
  block.write(octal(0, 7), 108)
  block.write(octal(0, 7), 116)
  block.write(octal(content.byteLength, 11), 124)
  block.write(octal(0, 11), 136)
  block.write(' '.repeat(8), 148)
  block.write('0', 156)
  block.write('ustar\x0000', 257)
  block.write(prefix, 345)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

function splitPath(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= MAX_NAME_BYTES) return { name: path, prefix: '' }
  for (let i = path.indexOf('/'); i >= 0; i = path.indexOf('/', i + 1)) {
    const [prefix, name] = [path.slice(0, i), path.slice(i + 1)]
    if (Buffer.byteLength(name) <= MAX_NAME_BYTES && Buffer.byteLength(prefix) <= MAX_PREFIX_BYTES)
      return { name, prefix }
  }
  throw new JupyterError(
    `expected a path of at most ${MAX_PREFIX_BYTES} + ${MAX_NAME_BYTES} bytes, got ${path} (archive)`,
  )
}
