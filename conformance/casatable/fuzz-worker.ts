import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CasatableError, isNumericType, MemoryStorage, openTableIn } from '@cleanbeam/casatable'
import { compareDumps } from './compare-dumps.ts'
import { type Mutation, mutate } from './mutations.ts'
import { SeededRandom } from './seeded-random.ts'
import { dumpTable, type TableDump } from './table-dump.ts'

/** What became of one damaged table. */
interface Outcome {
  readonly seed: number
  readonly mutation: Mutation
  readonly result: 'equal' | 'error' | 'different' | 'crash'
  readonly detail: string
  readonly seconds: number
}

/**
 * Reads damaged tables and prints what became of each, one JSON line per seed. Runs in a process of its own, so that a
 * hang or a crash is seen from outside.
 *
 * usage: fuzz-worker FOLDER FIRST_SEED COUNT
 */
function main(folder: string, firstSeed: number, count: number): void {
  const intact = new MemoryStorage()
  load(folder, 'root', intact)
  const tables = readdirSync(folder).filter(name => intact.isFile(`root/${name}/table.dat`))
  const expected = new Map<string, Record<string, TableDump>>()
  for (const name of tables) expected.set(name, readEverything(intact, `root/${name}`))
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const random = new SeededRandom(seed)
    const name = random.pick(tables)
    const storage = new MemoryStorage()
    for (const file of intact.list()) storage.put(file, intact.get(file))
    const mutation = mutate(storage, `root/${name}`, random)
    process.stdout.write(
      `${JSON.stringify(tryReading(storage, `root/${name}`, expected.get(name) ?? {}, seed, mutation))}\n`,
    )
  }
  process.stdout.write(`${JSON.stringify({ peakBytes: 1024 * process.resourceUsage().maxRSS })}\n`)
}

function tryReading(
  storage: MemoryStorage,
  path: string,
  expected: Record<string, TableDump>,
  seed: number,
  mutation: Mutation,
): Outcome {
  const begin = performance.now()
  const done = (result: Outcome['result'], detail: string): Outcome => ({
    seed,
    mutation,
    result,
    detail,
    seconds: (performance.now() - begin) / 1000,
  })
  try {
    const differences = compareDumps(readEverything(storage, path), expected)
    return differences.length === 0 ? done('equal', '') : done('different', differences[0])
  } catch (error) {
    if (error instanceof CasatableError) return done('error', error.message)
    return done('crash', String(error instanceof Error ? error.stack : error))
  }
}

/** Every cell and keyword, cells both one by one and by ranges. */
function readEverything(storage: MemoryStorage, path: string): Record<string, TableDump> {
  const table = openTableIn(storage, path)
  try {
    for (const name of table.columnNames) {
      const column = table.column(name)
      for (const run of column.shapeRuns())
        if (isNumericType(column.type) && run.shape !== null) column.getRange(run.rowStart, run.nRow)
    }
    return dumpTable(table)
  } finally {
    table.close()
  }
}

function load(folder: string, name: string, into: MemoryStorage): void {
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry)
    if (statSync(path).isDirectory()) load(path, `${name}/${entry}`, into)
    else into.put(`${name}/${entry}`, new Uint8Array(readFileSync(path)))
  }
}

main(process.argv[2], Number(process.argv[3]), Number(process.argv[4]))
