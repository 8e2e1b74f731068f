// cleanbeam start, and cleanbeam alone: the start page.

import type { Command } from 'commander'
import { openStartPage } from '../api/start.ts'
import { CommandError } from './command-error.ts'
import { printJson } from './output.ts'

interface StartOptions {
  readonly port?: string
  readonly open: boolean
  readonly json?: boolean
}

export function defineStartCommand(command: Command): void {
  command
    .argument('[folder]', 'the folder whose data are shown; images are written below it', '.')
    .option('--port <number>', 'port on 127.0.0.1; any free one by default')
    .option('--no-open', 'does not open a browser, only prints the address')
    .option('--json', 'prints {"url": …} first, and the result at the end, on stdout')
    .action(serveStartPage)
}

async function serveStartPage(folder: string, options: StartOptions): Promise<void> {
  const port = options.port === undefined ? undefined : Number(options.port)
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65535)) {
    throw new CommandError(`expected a port number 0 to 65535, got '${options.port}' (--port)`, {
      port: options.port ?? '',
    })
  }
  const page = await openStartPage(folder, { port, open: options.open })
  const { closeOnSignals } = await import('@cleanbeam/server/node')
  let interrupted = false
  closeOnSignals(() => {
    interrupted = true
    return page.close()
  })
  if (options.json) printJson({ url: page.url })
  process.stderr.write(`start page at ${page.url}\nend with Finish in the page or Ctrl-C here\n`)
  const result = await page.finished.catch(error => {
    if (interrupted) return null
    throw error
  })
  if (result === null) return
  if (options.json) printJson(result)
  else process.stderr.write(`finished: ${Object.values(result.images).join(' ') || 'nothing restored'}\n`)
  await page.close()
}
