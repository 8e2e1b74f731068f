import type { ToolName } from '@cleanbeam/viewer'

/** What a tool does, and its key. */
export const TOOL_HINTS: Readonly<Record<ToolName, { readonly label: string; readonly key: string }>> = {
  pan: { label: 'Move the picture', key: 'V' },
  box: { label: 'Box', key: 'B' },
  ellipse: { label: 'Ellipse', key: 'C' },
  polygon: { label: 'Polygon: click corners, Enter closes', key: 'P' },
  freehand: { label: 'Freehand outline', key: 'F' },
  brush: { label: 'Brush; [ and ] change its size', key: 'W' },
  wand: { label: 'Wand: what hangs together around a click', key: 'Z' },
}
