// The command line. Each command's code is loaded when it is called, so that `tclean` does not wait for a server.

import { readFile } from 'node:fs/promises'
import { Command, CommanderError } from 'commander'
import { EXIT, exitStatusOf } from './cli/command-error.ts'

interface CommandEntry {
  readonly name: string
  readonly summary: string
  /** For our own programs on other hosts; not in the list. */
  readonly hidden?: boolean
  /** Adds options and action. */
  readonly define: (command: Command) => Promise<void>
}

const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'start',
    summary: 'the start page: choose data and parameters in the browser',
    define: async command => (await import('./cli/start-command.ts')).defineStartCommand(command),
  },
  {
    name: 'demo',
    summary: 'interactive clean of the M87 observation that comes with Cleanbeam',
    define: async command => (await import('./cli/iclean-command.ts')).defineDemoCommand(command),
  },
  {
    name: 'iclean',
    summary: 'interactive clean in the browser',
    define: async command => (await import('./cli/iclean-command.ts')).defineIcleanCommand(command),
  },
  {
    name: 'tclean',
    summary: 'makes and cleans an image, without asking',
    define: async command => (await import('./cli/tclean-command.ts')).defineTaskCommand(command, 'tclean'),
  },
  {
    name: 'deconvolve',
    summary: 'a minor cycle alone, on products that exist',
    define: async command => (await import('./cli/tclean-command.ts')).defineTaskCommand(command, 'deconvolve'),
  },
  {
    name: 'gclean',
    summary: 'interactive clean driven by a list of steps',
    define: async command => (await import('./cli/gclean-command.ts')).defineGcleanCommand(command),
  },
  {
    name: 'listobs',
    summary: 'lists what an observation holds, or what a selection of it finds',
    define: async command => (await import('./cli/listobs-command.ts')).defineListobsCommand(command),
  },
  {
    name: 'imhead',
    summary: 'lists or changes the header of an image',
    define: async command => (await import('./cli/imhead-command.ts')).defineImheadCommand(command),
  },
  {
    name: 'imstat',
    summary: 'statistics of an image',
    define: async command => (await import('./cli/imstat-command.ts')).defineImstatCommand(command),
  },
  {
    name: 'imval',
    summary: 'pixel values of an image',
    define: async command => (await import('./cli/imstat-command.ts')).defineImvalCommand(command),
  },
  {
    name: 'immask',
    summary: 'makes or changes a mask image',
    define: async command => (await import('./cli/immask-command.ts')).defineImmaskCommand(command),
  },
  {
    name: 'exportfits',
    summary: 'writes an image as FITS',
    define: async command => (await import('./cli/transfer-command.ts')).defineExportfitsCommand(command),
  },
  {
    name: 'importfits',
    summary: 'brings a FITS image into the form of products',
    define: async command => (await import('./cli/transfer-command.ts')).defineImportfitsCommand(command),
  },
  {
    name: 'importuvfits',
    summary: 'writes a UVFITS file as a MeasurementSet',
    define: async command => (await import('./cli/transfer-command.ts')).defineImportuvfitsCommand(command),
  },
  {
    name: 'remote',
    summary: 'looks at other hosts, puts Cleanbeam there, lists and ends sessions',
    define: async command => (await import('./cli/remote-command.ts')).defineRemoteCommand(command),
  },
  {
    name: 'agent',
    summary: 'starts and stops sessions on this host, asked by another one',
    hidden: true,
    define: async command => (await import('./cli/host-commands.ts')).defineAgentCommand(command),
  },
  {
    name: 'bridge',
    summary: 'passes on to a session of this host, asked by another one',
    hidden: true,
    define: async command => (await import('./cli/host-commands.ts')).defineBridgeCommand(command),
  },
  {
    name: 'session-host',
    summary: 'a session, asked for by another host',
    hidden: true,
    define: async command => (await import('./cli/session-host-command.ts')).defineSessionHostCommand(command),
  },
  {
    name: 'plot',
    summary: 'draws an image as PNG or SVG',
    define: async command => (await import('./cli/plot-command.ts')).definePlotCommand(command),
  },
  {
    name: 'serve',
    summary: 'the server alone, for a portal such as JupyterHub in front of it',
    define: async command => (await import('./cli/serve-command.ts')).defineServeCommand(command),
  },
  {
    name: 'kernel',
    summary: 'Cleanbeam as a kernel of Jupyter notebooks',
    define: async command => (await import('./cli/kernel-command.ts')).defineKernelCommand(command),
  },
]

/** What `cleanbeam` alone does; from the checkout `npm start` is the demo. */
const DEFAULT_COMMAND = process.env.npm_lifecycle_event === 'start' ? 'demo' : 'start'

/** Runs the command line; the process exits with the status of DESIGN 4 once nothing is left to do. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    const program = await buildProgram(argv)
    await program.parseAsync(argv.length === 0 ? [DEFAULT_COMMAND] : [...argv], { from: 'user' })
  } catch (error) {
    process.exitCode = report(error)
  }
}

async function buildProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command('cleanbeam')
    .description('Radio interferometric imaging and interactive clean.')
    .version(await packageVersion(), '--version', 'prints the version')
    .showHelpAfterError('(cleanbeam --help lists the commands)')
    .exitOverride()
  const called = argv.find(word => !word.startsWith('-')) ?? (argv.length === 0 ? DEFAULT_COMMAND : '')
  for (const { name, summary, define, hidden } of COMMANDS) {
    const command = program.command(name, { hidden }).description(summary).allowExcessArguments(false)
    if (name === called) await define(command)
  }
  return program
}

/** Dist and sources lie two folders below the package's own package.json. */
async function packageVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.badParameters
  const message = error instanceof Error ? error.message : String(error)
  const status = exitStatusOf(error)
  if (status === EXIT.interrupted) process.stderr.write('cleanbeam: stopped; the last complete state is on disk\n')
  else process.stderr.write(`cleanbeam: ${message}\n`)
  if (process.env.CLEANBEAM_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  return status
}
