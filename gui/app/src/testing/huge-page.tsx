import '../no-generated-code.ts'
import { mountApp } from '../mount-app.tsx'
import { HugeSession } from './huge-session.ts'

declare global {
  interface Window {
    hugeSession: HugeSession
  }
}

window.hugeSession = new HugeSession()
mountApp(document.getElementById('app')!, window.hugeSession)
