/** gclean on disk and in threads: the session folder and synchronous iteration. */
export { openSessionFolder } from './node/session-folder.ts'
export { SyncGclean } from './node/sync-gclean.ts'
export type { SyncState } from './node/sync-messages.ts'
export { type SyncThreadData, serveSync } from './node/sync-server.ts'
