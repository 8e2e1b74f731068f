import './no-generated-code.ts'
import { connectSession, openedWebSocket } from '@cleanbeam/channel'
import { mountApp } from './mount-app.tsx'

/** The WebSocket beside the page, wherever the page is served from. */
function sessionUrl(): string {
  const url = new URL('socket', document.baseURI)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  url.search = ''
  return url.href
}

const client = connectSession({ connect: () => openedWebSocket(new WebSocket(sessionUrl())) })
mountApp(document.getElementById('app')!, client)
