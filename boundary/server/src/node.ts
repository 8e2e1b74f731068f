/** The local server: page, WebSocket and tiles on one port, behind one token. */
export { closeOnSignals } from './node/close-on-signals.ts'
export { type HubPlace, hubPlace, isHubEnvironment } from './node/hub-identity.ts'
export { openBrowser } from './node/open-browser.ts'
export { type RunningServer, type ServerOptions, startServer } from './node/start-server.ts'
