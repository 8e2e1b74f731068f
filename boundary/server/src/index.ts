/** Who may talk to the server and what it answers; the server itself is in `/node`. */
export type { AccessRules, Refusal, RequestClaims } from './access.ts'
export type { IdentityProvider } from './identity.ts'
export { ServerError } from './server-error.ts'
export type { SessionBackend } from './session-backend.ts'
export type { StartDesk } from './start-desk.ts'
