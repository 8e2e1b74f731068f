import '../no-generated-code.ts'
import { mountApp } from '../mount-app.tsx'
import { FakeSession } from './fake-session.ts'

declare global {
  interface Window {
    fakeSession: FakeSession
  }
}

window.fakeSession = new FakeSession()
mountApp(document.getElementById('app')!, window.fakeSession)
