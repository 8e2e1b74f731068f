import type { NameChain } from './code-position.ts'
import type { MainThreadInspector } from './side-effect-free.ts'

const KEYWORDS = [
  'async', 'await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'default', 'delete', 'else', 'export',
  'false', 'finally', 'for', 'function', 'if', 'import', 'in', 'instanceof', 'interface', 'let', 'new', 'null', 'of',
  'return', 'static', 'switch', 'this', 'throw', 'true', 'try', 'type', 'typeof', 'undefined', 'using', 'while', 'yield',
] // biome-ignore format: a table

const MAX_MATCHES = 500

/** What may stand at the cursor: properties of the object before the dot, or names in scope. */
export async function completionsOf(
  inspector: MainThreadInspector,
  before: string,
  { object, name, start }: NameChain,
): Promise<string[]> {
  const afterDot = before[start - 1] === '.'
  // Behind a call or a bracket we would have to run code to know.
  if (afterDot && object === '') return []
  const candidates = afterDot ? ((await inspector.look(object))?.properties ?? []) : await namesInScope(inspector)
  const isName = (text: string) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text)
  return [...new Set(candidates)]
    .filter(candidate => candidate.startsWith(name) && isName(candidate))
    .sort()
    .slice(0, MAX_MATCHES)
}

async function namesInScope(inspector: MainThreadInspector): Promise<string[]> {
  const [lexical, global] = await Promise.all([inspector.lexicalNames(), inspector.look('globalThis')])
  return [...lexical, ...(global?.properties ?? []), ...KEYWORDS]
}
