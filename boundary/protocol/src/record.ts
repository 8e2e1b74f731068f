import type { GcleanRecord, ReturnDictionary } from '@cleanbeam/types'
import { z } from 'zod'
import { real } from './scalars.ts'

const list = z.array(real)

const minorSummary = z.object({
  iterDone: list,
  peakRes: list,
  modelFlux: list,
  cycleThresh: list,
  cycleStartIters: list.optional(),
  startIterDone: list.optional(),
  startPeakRes: list.optional(),
  startModelFlux: list.optional(),
  startPeakResNM: list.optional(),
  peakResNM: list.optional(),
  masksum: list.optional(),
  mpiServer: list.optional(),
  stopCode: list.optional(),
})

/** CASA's tclean return dictionary. */
export const returnDictionarySchema: z.ZodType<ReturnDictionary> = z.object({
  cleanstate: z.string(),
  cyclefactor: real,
  cycleiterdone: real,
  cycleniter: real,
  cyclethreshold: real,
  interactiveiterdone: real,
  interactivemode: z.boolean(),
  interactiveniter: real,
  interactivethreshold: real,
  iterdone: real,
  loopgain: real,
  maxpsffraction: real,
  maxpsfsidelobe: real,
  minpsffraction: real,
  niter: real,
  nmajordone: real,
  nsigma: real,
  stopcode: real,
  stopDescription: z.string().optional(),
  summarymajor: list,
  summaryminor: z.record(z.string(), z.record(z.string(), z.record(z.string(), minorSummary))),
  threshold: real,
})

const convergence = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      modelFlux: list,
      iterations: list,
      peakRes: list,
      stopCode: list,
      cycleThresh: list,
      nsigmaThresh: list,
    }),
  ),
)

/** What gclean yields, the whole history so far. */
export const gcleanRecordSchema: z.ZodType<GcleanRecord> = z.object({
  stopcode: real,
  stopDescription: z.string(),
  nmajordone: real,
  nmajorleft: real,
  niterdone: real,
  niterleft: real,
  chan: convergence,
  major: z.object({ cyclethreshold: list }),
  fields: z.array(z.object({ imagename: z.string(), chan: convergence })),
  returndict: returnDictionarySchema,
})
