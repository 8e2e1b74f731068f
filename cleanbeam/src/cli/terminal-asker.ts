import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { SshAsker } from '@cleanbeam/jupyter/node'

/**
 * Asks what ssh asks in the terminal; secrets are not shown.
 * @returns undefined without a terminal: questions are declined then
 */
export function terminalAsker(): SshAsker | undefined {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  return ({ text, kind }) => {
    if (kind === 'notice') {
      process.stderr.write(`${text}\n`)
      return Promise.resolve('')
    }
    return askLine(text, kind === 'secret')
  }
}

function askLine(text: string, secret: boolean): Promise<string | null> {
  let silent = false
  const output = new Writable({
    write(chunk, _encoding, done) {
      if (!silent) process.stderr.write(chunk)
      done()
    },
  })
  const reader = createInterface({ input: process.stdin, output, terminal: true })
  return new Promise(resolve => {
    reader.once('SIGINT', () => reader.close())
    reader.once('close', () => resolve(null))
    reader.question(text.endsWith(' ') ? text : `${text} `, answer => {
      if (secret) process.stderr.write('\n')
      resolve(answer)
      reader.close()
    })
    silent = secret
  })
}
