/** gclean on disk and in threads: the session folder and synchronous iteration. */
export { openSessionFolder, type SessionFolderOptions } from './node/session-folder.ts'
export { DEFAULT_STATES_BYTES } from './node/state-folder.ts'
export { SyncGclean } from './node/sync-gclean.ts'
export type { SyncState } from './node/sync-messages.ts'
export { type SyncThreadData, serveSync } from './node/sync-server.ts'
