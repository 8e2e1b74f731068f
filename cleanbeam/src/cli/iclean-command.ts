// cleanbeam iclean, cleanbeam demo.

import type { GcleanInput } from '@cleanbeam/gclean'
import { TCLEAN_PARAMETERS } from '@cleanbeam/tclean'
import type { JsonObject } from '@cleanbeam/types'
import type { Command } from 'commander'
import { gclean } from '../api/gclean.ts'
import { iclean } from '../api/iclean.ts'
import { CommandError } from './command-error.ts'
import { demoParameters } from './demo-parameters.ts'
import { abortOnInterrupt } from './interrupt.ts'
import { printJson, requireOutputFolder, writeJson } from './output.ts'
import { createReporter } from './progress-line.ts'
import { addTaskOptions, collectParameters } from './task-options.ts'

const TABLE = TCLEAN_PARAMETERS.filter(row => row.name !== 'interactive' && row.name !== 'fullsummary')

interface ServeOptions {
  readonly port?: string
  readonly open: boolean
  readonly json?: boolean
  readonly return?: string
}

interface IcleanCommandOptions extends ServeOptions {
  readonly [name: string]: unknown
  readonly headless?: boolean
  readonly engine: string
}

export function defineIcleanCommand(command: Command): void {
  command.argument('[vis...]', 'visibilities, as --vis')
  addServeOptions(addTaskOptions(command, TABLE))
    .option('--headless', 'runs until a stop criterion and restores, without a browser')
    .option('--engine <native|casa>', 'what does the imaging', 'native')
    .action(async (vis: string[], options: IcleanCommandOptions) => {
      if (options.engine !== 'native') throw refuseEngine(options.engine)
      const given = await collectParameters(options, TABLE)
      const parameters = vis.length === 0 ? given : { ...given, vis: vis.length === 1 ? vis[0] : vis }
      refuseRemote(parameters)
      await (options.headless ? runHeadless(parameters, options) : serveSession(parameters, options))
    })
}

export function defineDemoCommand(command: Command): void {
  addServeOptions(command.argument('[folder]', 'where images are written', './cleanbeam-demo')).action(
    async (folder: string, options: ServeOptions) => serveSession(await demoParameters(folder), options),
  )
}

function addServeOptions(command: Command): Command {
  return command
    .option('--port <number>', 'port on 127.0.0.1; any free one by default')
    .option('--no-open', 'does not open a browser, only prints the address')
    .option('--json', 'prints {"url": …} first, and the result at the end, on stdout')
    .option('--return <file>', 'writes the return dictionary as JSON when the session is finished')
}

function refuseEngine(engine: string): CommandError {
  const why = engine === 'casa' ? ' (CASA as engine comes with remote processing)' : ''
  return new CommandError(`expected --engine native, got '${engine}'${why}`, { engine })
}

/** host:/path names data on another host. */
function refuseRemote(parameters: JsonObject): void {
  const paths = Array.isArray(parameters.vis) ? parameters.vis : [parameters.vis]
  for (const path of paths) {
    if (typeof path !== 'string' || !/^[\w.@-]{2,}:/.test(path)) continue
    throw new CommandError(
      `expected a file on this machine for vis, got '${path}' (remote processing is not there yet)`,
      {
        parameter: 'vis',
        path,
      },
    )
  }
}

function portNumber(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new CommandError(`expected a port number 0 to 65535, got '${text}' (--port)`, { port: text })
}

async function serveSession(parameters: JsonObject, options: ServeOptions): Promise<void> {
  const port = portNumber(options.port)
  if (options.return) await requireOutputFolder('--return', options.return)
  const session = await iclean(parameters as unknown as GcleanInput, { port, open: options.open })
  const { closeOnSignals } = await import('@cleanbeam/server/node')
  let interrupted = false
  closeOnSignals(() => {
    interrupted = true
    return session.close()
  })
  if (options.json) printJson({ url: session.url })
  const hint = options.open && !session.opened ? ' (no browser could be started: open it by hand)' : ''
  process.stderr.write(
    `interactive clean at ${session.url}${hint}\nimages in ${String(parameters.imagename)}.*; end with Finish in the page or Ctrl-C here\n`,
  )
  const result = await session.finished.catch(error => {
    if (interrupted) return null
    throw error
  })
  if (result === null) return
  if (options.return) await writeJson(options.return, result.returndict)
  if (options.json) printJson(result)
  else process.stderr.write(`finished: ${Object.values(result.images).join(' ') || 'nothing restored'}\n`)
  await session.close()
}

async function runHeadless(parameters: JsonObject, options: ServeOptions): Promise<void> {
  if (options.return) await requireOutputFolder('--return', options.return)
  const interrupt = abortOnInterrupt()
  const reporter = createReporter(process.stderr)
  const session = gclean(parameters as unknown as GcleanInput, { ...reporter, signal: interrupt.signal })
  try {
    for await (const record of session) {
      reporter.onLog(`${record.niterdone} components, ${record.stopDescription || 'going on'}`)
    }
    const images = await session.restore()
    const returndict = session.record?.returndict ?? null
    if (options.return) await writeJson(options.return, returndict)
    if (options.json) printJson({ images, returndict })
  } finally {
    reporter.finish()
    interrupt.release()
    await session.close()
  }
}
