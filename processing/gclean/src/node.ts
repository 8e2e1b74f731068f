/** gclean on disk and in threads: the session folder and synchronous iteration. */
export { openSessionFolder } from './node/session-folder.ts'
