import { GcleanError } from '../gclean-error.ts'
import type { SessionStore } from '../session-store.ts'

/** The session kept in `<imagename>.cleanbeam/`: session.json and lock. Created by the first `lock` or `save`. */
export function openSessionFolder(_imagename: string): SessionStore {
  throw new GcleanError('openSessionFolder is being written')
}
