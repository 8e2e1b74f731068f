/** The process behind interactive clean: an iterator over major cycles. Files and threads are in `/node`. */
export type { Gclean, GcleanInput, GcleanOptions } from './gclean.ts'
export { GcleanError } from './gclean-error.ts'
export { gclean } from './gclean-session.ts'
export type { SavedSession, SessionStore } from './session-store.ts'
export type { KeptStates, StateHistory } from './state-history.ts'
