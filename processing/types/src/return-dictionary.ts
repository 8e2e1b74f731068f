/** One list entry per minor-cycle set; keys and meaning as CASA's tclean returns them (fullsummary adds the optional). */
export interface MinorCycleSummary {
  iterDone: number[]
  peakRes: number[]
  modelFlux: number[]
  cycleThresh: number[]
  cycleStartIters?: number[]
  startIterDone?: number[]
  startPeakRes?: number[]
  startModelFlux?: number[]
  startPeakResNM?: number[]
  peakResNM?: number[]
  masksum?: number[]
  mpiServer?: number[]
  stopCode?: number[]
}

/** `summaryminor[field][channel][polarisation]`. */
export type SummaryMinor = Record<string, Record<string, Record<string, MinorCycleSummary>>>

/** The 22 keys of CASA's tclean return dictionary, in CASA's units (Jy, counts). `deconvolve` has no stopDescription. */
export interface ReturnDictionary {
  cleanstate: string
  cyclefactor: number
  cycleiterdone: number
  cycleniter: number
  cyclethreshold: number
  interactiveiterdone: number
  interactivemode: boolean
  interactiveniter: number
  interactivethreshold: number
  iterdone: number
  loopgain: number
  maxpsffraction: number
  maxpsfsidelobe: number
  minpsffraction: number
  niter: number
  nmajordone: number
  nsigma: number
  stopcode: number
  stopDescription?: string
  summarymajor: number[]
  summaryminor: SummaryMinor
  threshold: number
}

/** Per plane, one entry per yielded step: `iterations` is a running sum, the others belong to that step. */
export interface PlaneConvergence {
  modelFlux: number[]
  iterations: number[]
  peakRes: number[]
  stopCode: number[]
  cycleThresh: number[]
  /** The n-sigma limit in force in each step, Jy; 0 where nsigma was not asked for. */
  nsigmaThresh: number[]
}

export interface FieldConvergence {
  imagename: string
  chan: Record<string, Record<string, PlaneConvergence>>
}

/** What gclean yields: plain JSON holding the entire history so far (DESIGN 3). */
export interface GcleanRecord {
  stopcode: number
  stopDescription: string
  nmajordone: number
  nmajorleft: number
  niterdone: number
  niterleft: number
  chan: Record<string, Record<string, PlaneConvergence>>
  major: { cyclethreshold: number[] }
  fields: FieldConvergence[]
  returndict: ReturnDictionary
}
