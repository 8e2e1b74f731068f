import { SourceMap } from 'node:module'

/** Source maps of the cells that ran, to give stack traces the lines the user wrote. */
export class CellPositions {
  readonly #maps = new Map<string, SourceMap>()

  /** @param sourceMap - JSON */
  keep(name: string, sourceMap: string): void {
    this.#maps.set(name, new SourceMap(JSON.parse(sourceMap)))
  }

  /** A stack trace with positions in cells as written. */
  translate(stack: string): string {
    return stack.replaceAll(/\b(cell-\d+\.ts):(\d+):(\d+)/g, (whole, name: string, line: string, column: string) => {
      const entry = this.#maps.get(name)?.findEntry(Number(line) - 1, Number(column) - 1)
      if (entry === undefined || !('originalLine' in entry)) return whole
      return `${name}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
    })
  }
}
