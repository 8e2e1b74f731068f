// cleanbeam serve: the server alone, at the place a portal gives it.

import { closeOnSignals, hubPlace, isHubEnvironment } from '@cleanbeam/server/node'
import type { Command } from 'commander'
import { openStartPage, type StartPageOptions } from '../api/start.ts'
import { CommandError } from './command-error.ts'
import { printJson } from './output.ts'

interface ServeCommandOptions {
  readonly port?: string
  readonly basePath: string
  readonly publicOrigin: readonly string[]
  readonly json?: boolean
}

export function defineServeCommand(command: Command): void {
  const collect = (value: string, previous: readonly string[]) => [...previous, value]
  command
    .argument('[folder]', 'the folder whose data users see; images are written below it', '.')
    .option('--port <number>', 'port on 127.0.0.1; any free one by default. JupyterHub says its own')
    .option('--base-path <path>', 'path a reverse proxy shows the server under', '/')
    .option(
      '--public-origin <origin>',
      'such as https://hub.example.org: where users see it; may be repeated',
      collect,
      [],
    )
    .option('--json', 'prints {"url": …} on stdout')
    .action(serve)
}

async function serve(folder: string, options: ServeCommandOptions): Promise<void> {
  const behindHub = isHubEnvironment(process.env)
  const page = await openStartPage(folder, { ...(behindHub ? placeOfHub(options) : ownPlace(options)), open: false })
  let interrupted = false
  closeOnSignals(() => {
    interrupted = true
    return page.close()
  })
  // Users of a hub are let in by the hub; the token stays with us.
  if (options.json) printJson({ url: behindHub ? page.url.replace(/\?.*$/, '') : page.url })
  process.stderr.write(behindHub ? 'serving for JupyterHub\n' : `serving at ${page.url}\n`)
  await page.finished.catch(error => {
    if (!interrupted) throw error
  })
  if (!interrupted) await page.close()
}

function ownPlace({ port, basePath, publicOrigin }: ServeCommandOptions): StartPageOptions {
  const number = port === undefined ? undefined : Number(port)
  if (number !== undefined && !(Number.isInteger(number) && number >= 0 && number <= 65535)) {
    throw new CommandError(`expected a port number 0 to 65535, got '${port}' (--port)`, { port: port ?? '' })
  }
  return { port: number, basePath, publicOrigins: publicOrigin }
}

function placeOfHub({ publicOrigin }: ServeCommandOptions): StartPageOptions {
  const place = hubPlace(process.env)
  return { ...place, publicOrigins: [...place.publicOrigins, ...publicOrigin] }
}
