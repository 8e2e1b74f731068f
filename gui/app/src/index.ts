/** The page of interactive clean: `main.tsx` is the entry the page loads; a program may mount it on its own session. */

export type { PageApi, PageView, ScreenPosition, WorldPosition } from './drive/page-api.ts'
export { mountApp } from './mount-app.tsx'
