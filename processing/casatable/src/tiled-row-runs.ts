import type { RowMap } from './tiled-layout.ts'

/** Rows `start` to `end` (exclusive) at consecutive positions of a cube, from `position` on. Cube 0 holds no data. */
interface RowRun {
  readonly start: number
  readonly end: number
  readonly cube: number
  readonly position: number
}

/** The row map of a TiledShapeStMan as runs of rows, without gaps from row 0 on. */
export class RowRuns {
  private runs: RowRun[] = []

  constructor(map: RowMap | null) {
    if (map === null) return
    let start = 0
    for (const [i, last] of map.rows.entries()) {
      this.runs.push({ start, end: last + 1, cube: map.cubes[i], position: map.positions[i] - (last - start) })
      start = last + 1
    }
  }

  /** Puts rows at consecutive positions of a cube. */
  assign(start: number, end: number, cube: number, position: number): void {
    const last = this.runs[this.runs.length - 1]
    const known = last?.end ?? 0
    if (start >= known) {
      if (start > known) this.push({ start: known, end: start, cube: 0, position: 0 })
      this.push({ start, end, cube, position })
      return
    }
    const old = this.runs
    this.runs = []
    const put = { start, end, cube, position }
    let done = false
    for (const run of old) {
      if (run.start < start) this.push({ ...run, end: Math.min(run.end, start) })
      if (!done && run.end > start) {
        this.push(put)
        done = true
      }
      if (run.end > end) {
        const from = Math.max(run.start, end)
        this.push({ start: from, end: run.end, cube: run.cube, position: run.position + from - run.start })
      }
    }
  }

  /** As the file keeps it: last row of each run, and its position. */
  toRowMap(): RowMap {
    return {
      rows: this.runs.map(run => run.end - 1),
      cubes: this.runs.map(run => run.cube),
      positions: this.runs.map(run => (run.cube === 0 ? 0 : run.position + run.end - 1 - run.start)),
    }
  }

  private push(run: RowRun): void {
    const last = this.runs[this.runs.length - 1]
    const follows =
      last !== undefined &&
      last.cube === run.cube &&
      (run.cube === 0 || last.position + (last.end - last.start) === run.position)
    if (follows) this.runs[this.runs.length - 1] = { ...last, end: run.end }
    else this.runs.push(run)
  }
}
