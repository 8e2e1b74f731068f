// ssh asks for passwords, passphrases and unknown host keys by running SSH_ASKPASS with the question as argument and
// reading the answer from its output. Ours hands the question to this process over a unix socket in a folder that only
// the user can enter.
// Source: https://man.openbsd.org/ssh.1 (SSH_ASKPASS, SSH_ASKPASS_REQUIRE, SSH_ASKPASS_PROMPT)

import { chmod, writeFile } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'

/** A question of ssh. */
export interface SshQuestion {
  readonly host: string
  /** As ssh words it; may hold several lines. */
  readonly text: string
  /** Whether the answer is a secret, yes or no, or nothing but a notice ("touch your key"). */
  readonly kind: 'secret' | 'confirm' | 'notice'
}

/** Answers a question; null declines, which ends the attempt. */
export type SshAsker = (question: SshQuestion) => Promise<string | null>

export interface AskPass {
  /** What ssh needs to know about it. */
  readonly environment: Readonly<Record<string, string>>
  close(): void
}

const CLIENT = `
const { connect } = require('node:net')
const socket = connect(process.argv[2])
socket.on('error', () => process.exit(1))
socket.end(JSON.stringify({ text: process.argv[3] ?? '', hint: process.env.SSH_ASKPASS_PROMPT ?? '' }))
let answer = ''
socket.setEncoding('utf8').on('data', text => { answer += text })
socket.on('end', () => {
  const { value } = JSON.parse(answer || '{"value":null}')
  if (value === null) process.exit(1)
  process.stdout.write(value + '\\n')
})
`

/**
 * Starts answering the questions of one ssh.
 * @param folder - of mode 0700
 */
export async function startAskPass(folder: string, host: string, ask: SshAsker): Promise<AskPass> {
  const [client, program, path] = [join(folder, 'ask.cjs'), join(folder, 'ask'), join(folder, 'ask.sock')]
  await writeFile(client, CLIENT, { mode: 0o600 })
  await writeFile(program, `#!/bin/sh\nexec ${[process.execPath, client, path].map(quote).join(' ')} "$1"\n`)
  await chmod(program, 0o700)
  const server = createServer({ allowHalfOpen: true }, socket => void answer(socket, host, ask))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  return { environment: environmentFor(program), close: () => closeServer(server) }
}

/** Before OpenSSH 8.4 a program is asked only with DISPLAY set and no terminal at hand. */
function environmentFor(program: string): Record<string, string> {
  return { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force', DISPLAY: process.env.DISPLAY ?? ':0' }
}

function closeServer(server: Server): void {
  server.close()
}

async function answer(socket: Socket, host: string, ask: SshAsker): Promise<void> {
  socket.on('error', () => socket.destroy())
  let request = ''
  for await (const text of socket.setEncoding('utf8')) request += text
  const { text, hint } = JSON.parse(request) as { text: string; hint: string }
  const value = await ask({ host, text, kind: kindOf(text, hint) }).catch(() => null)
  socket.end(JSON.stringify({ value }))
}

function kindOf(text: string, hint: string): SshQuestion['kind'] {
  if (hint === 'none') return 'notice'
  return hint === 'confirm' || /\(yes\/no/.test(text) ? 'confirm' : 'secret'
}

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`
