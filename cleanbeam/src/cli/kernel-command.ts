// cleanbeam kernel install: Cleanbeam as a kernel of Jupyter notebooks.

import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  installKernelspec,
  type Kernelspec,
  kernelspecFolder,
  loadZeromq,
  removeKernelspec,
} from '@cleanbeam/jupyter/node'
import type { Command } from 'commander'
import { CommandError } from './command-error.ts'
import { printJson } from './output.ts'

interface KernelOptions {
  readonly user?: boolean
  readonly prefix?: string
  readonly name: string
  readonly json?: boolean
}

export function defineKernelCommand(command: Command): void {
  for (const [name, summary, action] of [
    ['install', 'adds the kernel to Jupyter', install],
    ['uninstall', 'removes it', uninstall],
  ] as const) {
    command
      .command(name)
      .description(summary)
      .option('--user', "to this user's kernels (default)")
      .option('--prefix <folder>', 'to an environment: its share/jupyter/kernels')
      .option('--name <name>', 'name of the kernel', 'cleanbeam')
      .option('--json', 'answers {"folder": …} on stdout')
      .action(action)
  }
}

async function install(options: KernelOptions): Promise<void> {
  const folder = folderOf(options)
  await loadZeromq()
  const logo = await readFile(new URL('./page/icon.svg', import.meta.url), 'utf8').catch(() => null)
  const files: Record<string, string> = logo === null ? {} : { 'logo-svg.svg': logo }
  report(await installKernelspec(folder, options.name, kernelspec(), files), options)
}

async function uninstall(options: KernelOptions): Promise<void> {
  report(await removeKernelspec(folderOf(options), options.name), options)
}

function folderOf({ user, prefix }: KernelOptions): string {
  if (user === true && prefix !== undefined) {
    throw new CommandError(`expected --user or --prefix, got both`, { prefix })
  }
  return kernelspecFolder(prefix)
}

function kernelspec(): Kernelspec {
  const entry = fileURLToPath(new URL('./kernel.js', import.meta.url))
  const flags = [
    // Packages are looked for from the notebook's folder.
    '--experimental-import-meta-resolve',
    // A cell that is stopped inside a timer's callback must not end the process.
    '--no-force-async-hooks-checks',
  ]
  return {
    argv: [process.execPath, ...flags, entry, '{connection_file}'],
    display_name: 'Cleanbeam (TypeScript)',
    language: 'typescript',
    interrupt_mode: 'message',
    metadata: { debugger: false },
  }
}

function report(folder: string, { json = false }: KernelOptions): void {
  if (json) printJson({ folder })
  else process.stderr.write(`${folder}\n`)
}
