import './no-generated-code.ts'
import { connectSession, dialWebSocket, refusalOfServer } from '@cleanbeam/channel'
import { mountApp } from './mount-app.tsx'

/** The WebSocket beside the page, wherever the page is served from. */
function sessionUrl(): string {
  const url = new URL('socket', document.baseURI)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.search = ''
  return url.href
}

const connect = dialWebSocket({
  open: () => new WebSocket(sessionUrl()),
  refusal: () => refusalOfServer(() => fetch(new URL('api/session', document.baseURI))),
})
const client = connectSession({ connect })
// A page that is left tells the server, so that no channel waits there for its return.
window.addEventListener('pagehide', event => {
  if (!event.persisted) client.close()
})
mountApp(document.getElementById('app')!, client)
