import type { GcleanRecord } from '@cleanbeam/types'

const GLOBAL_REASONS: Readonly<Record<number, string>> = {
  1: 'all iterations are used up',
  2: 'threshold reached',
  3: 'stopped',
  4: 'the peak residual no longer changes',
  5: 'the peak residual has tripled in one cycle: cleaning diverges',
  6: 'the peak residual has risen to three times its minimum: cleaning diverges',
  7: 'Draw a mask first: no pixel may be cleaned yet',
  8: 'noise limit reached',
  9: 'all major cycles are used up',
}

/** Why cleaning stopped, in words; '' while it may go on. Codes as CASA's tclean gives them. */
export function stopReason(record: Pick<GcleanRecord, 'stopcode' | 'stopDescription'>): string {
  if (record.stopcode === 0) return ''
  return GLOBAL_REASONS[record.stopcode] ?? record.stopDescription
}

const MINOR_REASONS: Readonly<Record<number, string>> = {
  0: 'not cleaned: no pixel in the mask',
  1: 'cycleniter used up',
  2: 'cycle threshold reached',
  3: 'no iterations asked for',
  4: 'residual rose again',
  5: 'no limit reached',
  6: 'noise limit reached',
}

/** Why a minor cycle of one plane ended, in words. */
export function minorStopReason(code: number): string {
  return MINOR_REASONS[code] ?? `code ${code}`
}
