import { AipsioReader } from './aipsio-reader.ts'
import type { ByteSource, TableStorage } from './byte-source.ts'
import { CasatableError } from './casatable-error.ts'
import { baseName } from './table-path.ts'

/** Header size, block size and write counter precede the index. */
const HEAD_BYTES = 24
const MAX_HEAD_BYTES = 1 << 28

/** A file inside a MultiFile. */
interface Member {
  readonly blocks: readonly number[]
  readonly size: number
}

/** Name of the one file that holds all managers' files of a table. */
export function multiFilePath(tablePath: string): string {
  return `${tablePath}/table.mf`
}

/**
 * The files of a table as its storage managers see them: kept one by one, or together in a MultiFile.
 * @throws CasatableError for an HDF5 container, which is not read
 */
export function tableFiles(storage: TableStorage, tablePath: string): TableStorage {
  if (storage.isFile(`${tablePath}/table.mfh5`))
    throw new CasatableError(
      'expected separate files or a MultiFile, got an HDF5 container; copy the table with casacore first',
      {
        file: `${tablePath}/table.mfh5`,
      },
    )
  return storage.isFile(multiFilePath(tablePath)) ? new MultiFileStorage(storage, multiFilePath(tablePath)) : storage
}

/** A MultiFile (version 1) as a folder of files. */
class MultiFileStorage implements TableStorage {
  private readonly storage: TableStorage
  private readonly path: string
  private readonly members: ReadonlyMap<string, Member>
  private readonly blockBytes: number

  constructor(storage: TableStorage, path: string) {
    this.storage = storage
    this.path = path
    const source = storage.open(path)
    try {
      const { members, blockBytes } = readIndex(source)
      this.members = members
      this.blockBytes = blockBytes
    } finally {
      source.close()
    }
  }

  open(path: string): ByteSource {
    const member = this.members.get(baseName(path))
    if (member === undefined) return this.storage.open(path)
    return new MemberSource(`${this.path}:${baseName(path)}`, this.storage.open(this.path), member, this.blockBytes)
  }

  isFile(path: string): boolean {
    return this.members.has(baseName(path)) || this.storage.isFile(path)
  }

  isDirectory(path: string): boolean {
    return this.storage.isDirectory(path)
  }
}

function readIndex(source: ByteSource): { members: Map<string, Member>; blockBytes: number } {
  const head = new Uint8Array(HEAD_BYTES)
  source.readInto(0, head)
  const view = new DataView(head.buffer)
  const headBytes = Number(view.getBigInt64(0))
  const blockBytes = Number(view.getBigInt64(8))
  const refuse = (message: string) => new CasatableError(message, { file: source.name, offset: 0 })
  if (headBytes === 0)
    throw refuse('expected a MultiFile of version 1, got a later one; copy the table with casacore first')
  if (
    blockBytes < HEAD_BYTES ||
    headBytes < HEAD_BYTES ||
    headBytes > Math.min(blockBytes, source.size, MAX_HEAD_BYTES)
  )
    throw refuse(`expected a header within its block of ${blockBytes} bytes, got ${headBytes}`)
  const index = new Uint8Array(headBytes - HEAD_BYTES)
  source.readInto(HEAD_BYTES, index)
  const reader = new AipsioReader(index, source.name, false, HEAD_BYTES)
  const members = new Map<string, Member>()
  reader.object('MultiFile', 1, () => {
    const nBlock = reader.size64()
    reader.object('Block', 1, () => {
      const n = reader.count(reader.uint32(), 12, 'files')
      for (let i = 0; i < n; i++) readMember(reader, members, { nBlock, blockBytes, fileBytes: source.size })
    })
    readBlockNumbers(reader) // free blocks
  })
  return { members, blockBytes }
}

function readMember(
  reader: AipsioReader,
  members: Map<string, Member>,
  limits: { nBlock: number; blockBytes: number; fileBytes: number },
): void {
  const name = reader.string()
  const blocks = readBlockNumbers(reader)
  const size = reader.size64()
  if (size > blocks.length * limits.blockBytes)
    throw reader.error(`expected at most ${blocks.length * limits.blockBytes} bytes in ${name}, got ${size}`)
  for (const [i, block] of blocks.entries()) {
    const used = Math.min(limits.blockBytes, size - i * limits.blockBytes)
    if (block >= limits.nBlock || block * limits.blockBytes + used > limits.fileBytes)
      throw reader.error(`expected block ${block} of ${name} in the file, got its end; it is truncated or damaged`)
  }
  members.set(name, { blocks, size })
}

function readBlockNumbers(reader: AipsioReader): number[] {
  return reader.object('Block', 1, () => {
    const n = reader.count(reader.uint32(), 8, 'blocks')
    return Array.from({ length: n }, () => reader.size64())
  })
}

class MemberSource implements ByteSource {
  readonly name: string
  readonly size: number
  private readonly container: ByteSource
  private readonly member: Member
  private readonly blockBytes: number

  constructor(name: string, container: ByteSource, member: Member, blockBytes: number) {
    this.name = name
    this.size = member.size
    this.container = container
    this.member = member
    this.blockBytes = blockBytes
  }

  readInto(offset: number, into: Uint8Array): void {
    if (offset + into.length > this.size)
      throw new CasatableError(`expected ${into.length} bytes, got the end of the file`, { file: this.name, offset })
    for (let done = 0; done < into.length; ) {
      const index = Math.floor((offset + done) / this.blockBytes)
      const begin = offset + done - index * this.blockBytes
      const n = Math.min(this.blockBytes - begin, into.length - done)
      this.container.readInto(this.member.blocks[index] * this.blockBytes + begin, into.subarray(done, done + n))
      done += n
    }
  }

  close(): void {
    this.container.close()
  }
}
