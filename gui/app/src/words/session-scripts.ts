import type { SessionSnapshot } from '@cleanbeam/protocol'
import type { JsonObject, JsonValue } from '@cleanbeam/types'

/** Languages the course of a session can be copied in. */
export type ScriptKind = 'casa' | 'params' | 'typescript'

/** A session as a program: the calls one by one for CASA, or one run with the parameters and the mask of the end. */
export function sessionScript(session: SessionSnapshot, kind: ScriptKind): string {
  if (kind === 'casa') return casaScript(session)
  const parameters = runParameters(session)
  if (kind === 'params') return `${JSON.stringify(parameters, null, 2)}\n`
  const isFits = session.products.some(product => product.path.endsWith('.fits'))
  return typescriptProgram(parameters, isFits ? 'fits' : 'casa')
}

const MASK_LINE = /^mask (add|erase|set|clear|invert)(?: ((?:box|circle|ellipse|poly)\[.*\]))?(?:, .*)? → \d+ pixels$/s

const MASK_FUNCTION = `def edit_mask(name, op, region=''):
    """Changes the pixels of the mask image that a CRTF region covers; without a region all of them."""
    ia = image()
    ia.open(name)
    if op == 'set':
        ia.set(pixels='0.0')
    value = {'clear': '0.0', 'erase': '0.0', 'invert': '1.0 - "%s"' % name}.get(op, '1.0')
    ia.set(pixels=value, region=region)
    ia.close()
`

/** The task calls with their mask edits in between, as Python for CASA. */
function casaScript({ log, fields }: SessionSnapshot): string {
  const lines: string[] = []
  let editsMask = false
  for (const { level, text } of log) {
    if (level === 'command') lines.push(text)
    else if (text.startsWith('mask ')) {
      const call = maskCall(text, `${fields[0].imagename}.mask`)
      editsMask ||= call !== null
      lines.push(call ?? commented(text))
    } else if (text.startsWith('update(')) lines.push(commented(text))
  }
  const tasks = 'from casatasks import deconvolve, tclean\n'
  const head = editsMask ? `${tasks}from casatools import image\n\n${MASK_FUNCTION}` : tasks
  return `${head}\n${lines.join('\n')}\n`
}

/** What no call can say, as comments. */
function commented(text: string): string {
  return `# ${text.replace(/\n/g, '\n# ')}`
}

/** A line of the log as a call; null for edits that no region text can say. */
function maskCall(text: string, name: string): string | null {
  const match = MASK_LINE.exec(text)
  if (!match) return null
  const [, op, region = ''] = match
  if (region === '' && op !== 'clear' && op !== 'invert') return null
  return region === ''
    ? `edit_mask(${python(name)}, ${python(op)})`
    : `edit_mask(${python(name)}, ${python(op)}, ${python(region)})`
}

function python(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, ' ')}'`
}

/** Parameters of one run that does what the session did: all iterations in one go, the mask as it is now. */
function runParameters(session: SessionSnapshot): JsonObject {
  const { interactive: _interactive, fullsummary: _summary, ...parameters } = session.parameters
  const mask = session.products.find(product => product.field === 0 && product.suffix === '.mask')
  const done = session.record?.niterdone ?? 0
  const left = Number(parameters.niter ?? 0)
  const niter = done > 0 && session.record?.stopcode === 1 ? done : done + left
  const imagename = `${String(parameters.imagename)}-again`
  return { ...(parameters as JsonObject), imagename, niter, ...(mask ? { usemask: 'user', mask: mask.path } : {}) }
}

function typescriptProgram(parameters: JsonObject, format: 'fits' | 'casa'): string {
  return `import { gclean } from 'cleanbeam'

await using cl = gclean(${literal(parameters, '')}, { format: '${format}' })
for await (const record of cl) console.log(record.niterdone, record.stopDescription)
const { image } = await cl.restore()
console.log(image)
`
}

/** A value as TypeScript, objects over several lines. */
function literal(value: JsonValue | undefined, indent: string): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return `[${value.map(item => literal(item, indent)).join(', ')}]`
  const deeper = `${indent}  `
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return `{\n${entries.map(([name, item]) => `${deeper}${name}: ${literal(item, deeper)},\n`).join('')}${indent}}`
}

function quoted(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'`
}
