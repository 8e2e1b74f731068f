import { shownProduct } from '../state/selectors.ts'
import { imageTitle } from '../words/session-title.ts'
import { type AppServices, useServices } from './app-context.tsx'
import { Popover } from './popover.tsx'

/** Saves exactly what is seen. */
export function SavePicture() {
  const services = useServices()
  return (
    <Popover label="Save the picture" icon="camera">
      <button type="button" className="popover-item" onClick={() => savePng(services)}>
        PNG, the pixels of the screen
      </button>
      <button type="button" className="popover-item" onClick={() => saveSvg(services)}>
        SVG, text and lines to edit
      </button>
    </Popover>
  )
}

function pictureName({ store }: AppServices): string {
  const { session } = store.getState()
  return `${session ? imageTitle(session) : 'picture'}${shownProduct(store.getState())?.suffix ?? ''}`
}

/** Downloads the picture as PNG. */
export function savePng(services: AppServices): void {
  services.viewer.current?.snapshot().toBlob(blob => {
    if (blob) downloadBlob(blob, `${pictureName(services)}.png`)
  })
}

/** Downloads the picture as SVG. */
export function saveSvg(services: AppServices): void {
  const svg = services.viewer.current?.svg()
  if (svg) downloadBlob(new Blob([svg], { type: 'image/svg+xml' }), `${pictureName(services)}.svg`)
}

/** Hands a file to the browser's downloads. */
export function downloadBlob(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
