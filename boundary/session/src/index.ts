/** The session behind the page: gclean, mask and log, driven by the protocol's messages. Files and workers: `/node`. */
export { type CleanDriver, type CleanState, localDriver } from './clean-driver.ts'
export { CleanLoop, type CleanLoopHooks, type StepOutcome } from './clean-loop.ts'
export type { ImageAccess, ImageReference } from './image-handlers.ts'
export { MaskJournal, type MaskJournalEntry, type PlaneChange } from './mask-journal.ts'
export { SessionError, StaleGenerationError } from './session-error.ts'
export type { JournalFile, ProductFiles } from './session-files.ts'
export { SessionHost, type SessionHostOptions, type SessionResult } from './session-host.ts'
