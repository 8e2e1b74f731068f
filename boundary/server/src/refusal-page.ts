import type { Refusal } from './access.ts'

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)

/** A page a person can read; it needs neither script nor style. */
export function refusalPage({ title, message }: Pick<Refusal, 'title' | 'message'>): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(title)} – Cleanbeam</title></head>
<body><h1>${escapeHtml(title)}</h1><p>${escapeHtml(message)}</p></body>
</html>
`
}

/** The same for programs. */
export function refusalJson({ title, message }: Pick<Refusal, 'title' | 'message'>): object {
  return { tag: 'ServerError', message, fields: { reason: title } }
}

/** Sends the browser on to the page from one of our own, so that a strict cookie goes with it. */
export function forwardPage(path: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${escapeHtml(path)}"><title>Cleanbeam</title></head>
<body><p><a href="${escapeHtml(path)}">Continue</a></p></body>
</html>
`
}
