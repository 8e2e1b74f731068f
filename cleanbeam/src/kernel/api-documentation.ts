import { readFileSync } from 'node:fs'

/**
 * Documentation of the public API's names, from its declarations.
 * @param declarations - index.d.ts of the package; without it nothing is documented
 */
export function apiDocumentation(declarations: URL): (name: string) => string | null {
  let text: string | null = null
  return name => {
    text ??= readText(declarations)
    if (!/^[\w$]+$/.test(name)) return null
    // The comment, and the declaration's first line.
    const pattern = new RegExp(
      `/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*(?:export )?(?:declare )?((?:function|class|interface|const|type) ${name}\\b[^\\n]*)`,
    )
    const match = pattern.exec(text)
    return match === null ? null : `${match[2].replace(/\s*\{$/, '')}\n\n${commentText(match[1])}`
  }
}

function readText(file: URL): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function commentText(comment: string): string {
  const lines = comment.split('\n').map(line => line.replace(/^\s*\* ?/, ''))
  return lines.join('\n').trim()
}
