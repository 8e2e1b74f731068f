import type { PhaseState, ProgressState, SessionSnapshot } from '@cleanbeam/protocol'
import type { GcleanRecord } from '@cleanbeam/types'
import { formatCount, formatSi } from '@cleanbeam/viewer/drawing'
import { stopReason } from './stop-reason.ts'

/** The status line: what is going on, or where cleaning stands and why it stopped. */
export function statusText(session: SessionSnapshot | null): string {
  if (!session) return 'Connecting to the session'
  const { phase, progress, record } = session
  if (phase.error) return phase.error.message
  switch (phase.name) {
    case 'idle':
      return idleText(record, phase)
    case 'finished':
      return joined([countText(record), phase.message || 'finished, the image is restored'])
    default:
      return joined([phase.message || BUSY_WORDS[phase.name], progressText(progress)])
  }
}

const BUSY_WORDS: Readonly<Record<Exclude<PhaseState['name'], 'idle' | 'finished'>, string>> = {
  opening: 'Opening the data',
  stepping: 'Cleaning one major cycle',
  running: 'Cleaning until done',
  stopping: 'Stopping after this major cycle',
  aborting: 'Stopping now',
  restoring: 'Restoring the image',
}

function idleText(record: GcleanRecord | null, phase: PhaseState): string {
  if (!record) return phase.message || 'Ready: the first step makes the PSF and the dirty image'
  const reason = stopReason(record)
  if (record.stopcode === 7) return reason
  return joined([countText(record), peakText(record), reason || (phase.converged ? 'done' : '')])
}

/** '11 major cycles, 832 iterations'. */
function countText(record: GcleanRecord | null): string {
  if (!record) return ''
  if (record.niterdone === 0) return 'Dirty image'
  const cycles = record.nmajordone
  const iterations = `${formatCount(record.niterdone)} iteration${record.niterdone === 1 ? '' : 's'}`
  return `${formatCount(cycles)} major cycle${cycles === 1 ? '' : 's'}, ${iterations}`
}

function peakText(record: GcleanRecord): string {
  const peak = greatestPeakJy(record)
  return peak === null ? '' : `peak ${formatSi(peak, 'Jy', 3)}`
}

/** Largest last peak residual of all planes, Jy; null before there is one. */
export function greatestPeakJy(record: GcleanRecord): number | null {
  const peaks = Object.values(record.chan).flatMap(planes =>
    Object.values(planes).map(plane => Math.abs(plane.peakRes[plane.peakRes.length - 1] ?? Number.NaN)),
  )
  const known = peaks.filter(Number.isFinite)
  return known.length > 0 ? Math.max(...known) : null
}

function progressText(progress: ProgressState | null): string {
  if (!progress) return ''
  const { what, done, total } = progress
  return total > 0 ? `${what} ${Math.round((100 * done) / total)}\u2009%` : what
}

function joined(parts: readonly string[]): string {
  return parts.filter(part => part !== '').join(' · ')
}
