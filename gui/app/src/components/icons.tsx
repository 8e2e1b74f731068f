import type { ReactNode } from 'react'

/** Names of the icons of the page. */
export type IconName =
  | 'pan'
  | 'box'
  | 'ellipse'
  | 'polygon'
  | 'freehand'
  | 'brush'
  | 'wand'
  | 'sliders'
  | 'play'
  | 'pause'
  | 'first'
  | 'last'
  | 'commands'
  | 'panelSide'
  | 'panelBottom'
  | 'half'
  | 'add'
  | 'erase'
  | 'undo'
  | 'redo'
  | 'invert'
  | 'clear'
  | 'fit'
  | 'zoomIn'
  | 'zoomOut'
  | 'help'
  | 'sun'
  | 'moon'
  | 'auto'
  | 'copy'
  | 'check'
  | 'caret'
  | 'camera'
  | 'step'
  | 'run'
  | 'stop'
  | 'previous'
  | 'next'
  | 'grid'
  | 'contrast'

const SHAPES: Readonly<Record<IconName, ReactNode>> = {
  pan: (
    <path d="M8 1.8v12.4M1.8 8h12.4M8 1.8 6.2 3.6M8 1.8l1.8 1.8M8 14.2l-1.8-1.8M8 14.2l1.8-1.8M1.8 8l1.8-1.8M1.8 8l1.8 1.8M14.2 8l-1.8-1.8M14.2 8l-1.8 1.8" />
  ),
  box: <rect x="2.5" y="3.5" width="11" height="9" rx="0.5" />,
  ellipse: <ellipse cx="8" cy="8" rx="6" ry="4.2" />,
  polygon: <path d="M3 5.6 9.6 2.6 13.6 7.4 10.8 13.2 4 12.4Z" />,
  freehand: (
    <path d="M2.4 11.6c-.8-3.4 1-7.6 3.6-8 2.4-.4 1.6 3.2 3.4 3.4 1.6.2 3-1.8 4-.4 1.2 1.8-1.4 6.4-5 6.8-2.8.4-5.4.2-6-1.8Z" />
  ),
  brush: (
    <path d="M13.6 2.4 7 9M6.2 9.2c1 .2 1.6 1 1.5 2-.1 1.6-2 2.6-5.1 2.2 1.3-.7 1.1-1.5 1.4-2.5.3-1.1 1.2-1.9 2.2-1.7Z" />
  ),
  wand: <path d="m3 13 6.4-6.4M11 2.2v2.4M9.8 3.4h2.4M13.4 6.6v1.8M12.5 7.5h1.8M7 2.6v1.6M6.2 3.4h1.6M8.4 5.6l2 2" />,
  sliders: <path d="M2.4 4.4h5M10.6 4.4h3M2.4 11.6h2M7.6 11.6h6M7.4 2.8v3.2h3.2V2.8ZM4.4 10v3.2h3.2V10Z" />,
  play: <path d="M5 3.4v9.2L12 8Z" />,
  pause: <path d="M5.4 3.6v8.8M10.6 3.6v8.8" strokeWidth="2" />,
  first: <path d="M11.4 4l-4 4 4 4M4.6 4v8" />,
  last: <path d="m4.6 4 4 4-4 4M11.4 4v8" />,
  commands: <path d="m3 5 3 3-3 3M8 11.4h5" />,
  panelSide: <path d="M2.4 3.2h11.2v9.6H2.4ZM10 3.2v9.6" />,
  panelBottom: <path d="M2.4 3.2h11.2v9.6H2.4ZM2.4 9.4h11.2" />,
  half: (
    <>
      <circle cx="8" cy="8" r="5.6" />
      <path d="M8 2.4a5.6 5.6 0 0 0 0 11.2Z" fill="currentColor" />
    </>
  ),
  add: <path d="M8 3v10M3 8h10" />,
  erase: (
    <path d="M6.2 13.2 2.6 9.6a.9.9 0 0 1 0-1.2L8.4 2.6a.9.9 0 0 1 1.2 0l3.8 3.8a.9.9 0 0 1 0 1.2l-5.6 5.6H6.2ZM5.4 5.6l5 5M6.2 13.2h7.2" />
  ),
  undo: <path d="M3 6.4h6.2a3.4 3.4 0 0 1 0 6.8H6M3 6.4l2.8-2.8M3 6.4l2.8 2.8" />,
  redo: <path d="M13 6.4H6.8a3.4 3.4 0 0 0 0 6.8H10M13 6.4l-2.8-2.8M13 6.4l-2.8 2.8" />,
  invert: (
    <>
      <circle cx="8" cy="8" r="5.6" />
      <path d="M8 2.4a5.6 5.6 0 0 1 0 11.2Z" fill="currentColor" />
    </>
  ),
  clear: <path d="M3 4.4h10M6.4 4.4V2.8h3.2v1.6M4.2 4.4l.6 9h6.4l.6-9M6.8 7v4M9.2 7v4" />,
  fit: <path d="M2.6 6V2.6H6M10 2.6h3.4V6M13.4 10v3.4H10M6 13.4H2.6V10" />,
  zoomIn: <path d="M11.2 7a4.2 4.2 0 1 1-8.4 0 4.2 4.2 0 0 1 8.4 0ZM10.2 10.2l3.4 3.4M7 5.2v3.6M5.2 7h3.6" />,
  zoomOut: <path d="M11.2 7a4.2 4.2 0 1 1-8.4 0 4.2 4.2 0 0 1 8.4 0ZM10.2 10.2l3.4 3.4M5.2 7h3.6" />,
  help: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M6.3 6.3c.1-1 .8-1.6 1.8-1.6s1.7.6 1.7 1.5c0 1.3-1.7 1.4-1.7 2.7M8.1 11.2v.1" />
    </>
  ),
  sun: (
    <path d="M10.8 8a2.8 2.8 0 1 1-5.6 0 2.8 2.8 0 0 1 5.6 0ZM8 1.6v1.6M8 12.8v1.6M1.6 8h1.6M12.8 8h1.6M3.5 3.5l1.1 1.1M11.4 11.4l1.1 1.1M12.5 3.5l-1.1 1.1M4.6 11.4l-1.1 1.1" />
  ),
  moon: <path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8Z" />,
  auto: (
    <>
      <rect x="2" y="3" width="12" height="8.4" rx="1" />
      <path d="M6 13.6h4M8 11.4v2.2" />
    </>
  ),
  copy: (
    <>
      <rect x="5.4" y="5.4" width="8" height="8" rx="1" />
      <path d="M10.6 5.4V3.6a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h1.8" />
    </>
  ),
  check: <path d="m3 8.6 3.2 3.2L13 4.6" strokeWidth="2" />,
  caret: <path d="m5 6.6 3 3 3-3" />,
  camera: (
    <>
      <path d="M2.4 5h2.4l1-1.6h4.4l1 1.6h2.4v7.6H2.4Z" />
      <circle cx="8" cy="8.6" r="2.2" />
    </>
  ),
  step: <path d="M5 3.4v9.2L12 8Z" fill="currentColor" />,
  run: <path d="M2.4 3.6v8.8L8 8ZM8 3.6v8.8L13.6 8Z" fill="currentColor" />,
  stop: <rect x="3.6" y="3.6" width="8.8" height="8.8" rx="1" fill="currentColor" />,
  previous: <path d="M9.8 4 5.8 8l4 4" />,
  next: <path d="m6.2 4 4 4-4 4" />,
  grid: <path d="M2.6 2.6h10.8v10.8H2.6ZM2.6 8h10.8M8 2.6v10.8" />,
  contrast: <path d="M2.6 13.4V9.8M6.2 13.4V6.4M9.8 13.4V3M13.4 13.4V7.6" />,
}

/** A line icon in the colour of its text; decoration only, names belong to the control. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.3"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {SHAPES[name]}
    </svg>
  )
}
