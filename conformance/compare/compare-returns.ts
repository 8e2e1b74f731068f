import type { MinorCycleSummary, ReturnDictionary } from '@cleanbeam/types'

/**
 * Differences between our return dictionary and CASA's. Stop code, counts and keys must be equal where a count stops a run
 * of one plane; with several planes, or scales, one major cycle and 2 % of the iterations are allowed; a run that stops on
 * a threshold may differ by one major cycle and 8 % of the iterations, as CASA does from itself when its data are disturbed
 * by its own gridding error. Of mem and asp only the keys are compared.
 */
export function compareReturns(theirs: ReturnDictionary, ours: ReturnDictionary, deconvolver: string): string[] {
  const faults: string[] = []
  const isFree = deconvolver === 'mem' || deconvolver === 'asp'
  const isPoint = ['hogbom', 'clark', 'clarkstokes'].includes(deconvolver)
  const counted = [1, 3, 7, 9].includes(theirs.stopcode)
  const exact = counted && isPoint && planes(theirs).length <= 1
  const lacking = Object.keys(theirs).filter(key => !(key in ours))
  if (lacking.length > 0) faults.push(`return lacks ${lacking}`)
  if (isFree) return faults
  if (ours.stopcode !== theirs.stopcode) faults.push(`stopcode ${ours.stopcode}, CASA ${theirs.stopcode}`)
  if (ours.stopDescription !== theirs.stopDescription) {
    faults.push(`stopDescription '${ours.stopDescription}', CASA '${theirs.stopDescription}'`)
  }
  if (Math.abs(ours.nmajordone - theirs.nmajordone) > (exact ? 0 : 1)) {
    faults.push(`nmajordone ${ours.nmajordone}, CASA ${theirs.nmajordone}`)
  }
  if (Math.abs(ours.iterdone - theirs.iterdone) > (exact ? 0 : counted ? 0.02 : 0.08) * Math.max(1, theirs.iterdone)) {
    faults.push(`iterdone ${ours.iterdone}, CASA ${theirs.iterdone}`)
  }
  for (const [where, summary] of planes(theirs)) {
    const mine = new Map(planes(ours)).get(where)
    if (mine) faults.push(...summaryFaults(where, summary, mine, isPoint))
    else faults.push(`summaryminor lacks ${where}`)
  }
  return faults
}

function planes(returned: ReturnDictionary): [string, MinorCycleSummary][] {
  return Object.entries(returned.summaryminor).flatMap(([field, channels]) =>
    Object.entries(channels).flatMap(([channel, stokes]) =>
      Object.entries(stokes).map(([s, summary]): [string, MinorCycleSummary] => [
        `[${field}][${channel}][${s}]`,
        summary,
      ]),
    ),
  )
}

function summaryFaults(where: string, theirs: MinorCycleSummary, ours: MinorCycleSummary, isPoint: boolean): string[] {
  const faults = Object.keys(theirs)
    .filter(key => !(key in ours))
    .map(key => `summaryminor${where} lacks ${key}`)
  if (!isPoint) return faults
  const [start] = theirs.startPeakRes ?? [0]
  const top = Math.max(Math.abs(start), Math.abs(theirs.peakRes[0] ?? 0))
  const flux = Math.max(...theirs.modelFlux.map(Math.abs), 0.05 * top)
  const compare = (what: string, a: number | undefined, b: number | undefined, limit: number) => {
    if (a === undefined && b === undefined) return
    if (!(Math.abs((a ?? Number.NaN) - (b ?? Number.NaN)) <= limit)) faults.push(`${where} ${what} ${b}, CASA ${a}`)
  }
  compare('last peakRes', theirs.peakRes.at(-1), ours.peakRes.at(-1), 0.03 * top)
  compare('last modelFlux', theirs.modelFlux.at(-1), ours.modelFlux.at(-1), 0.03 * flux)
  compare(
    'first cycleThresh',
    theirs.cycleThresh[0],
    ours.cycleThresh[0],
    0.01 * Math.abs(theirs.cycleThresh[0] ?? 0) + 2e-4 * top,
  )
  compare('first masksum', theirs.masksum?.[0], ours.masksum?.[0], 0.005 * (theirs.masksum?.[0] ?? 0))
  return faults
}
