import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject } from '@cleanbeam/types'
import { JupyterError } from '../jupyter-error.ts'

/**
 * Content of a kernel.json.
 * @see https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs
 */
export interface Kernelspec {
  readonly argv: readonly string[]
  readonly display_name: string
  readonly language: string
  readonly interrupt_mode: 'signal' | 'message'
  readonly env?: Readonly<Record<string, string>>
  readonly metadata?: JsonObject
}

/**
 * Where Jupyter looks for kernels of this user, or of an environment.
 * @param prefix - of a virtual environment or of the system (/usr/local); left out: the user's own
 * @see https://docs.jupyter.org/en/latest/use/jupyter-directories.html
 */
export function kernelspecFolder(prefix?: string): string {
  return join(prefix === undefined ? userDataFolder() : join(prefix, 'share', 'jupyter'), 'kernels')
}

function userDataFolder(): string {
  const { JUPYTER_DATA_DIR, XDG_DATA_HOME } = process.env
  if (JUPYTER_DATA_DIR) return JUPYTER_DATA_DIR
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter')
  return join(XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'jupyter')
}

/** Names as Jupyter allows them. */
const KERNEL_NAME = /^[a-z0-9._-]+$/i

/**
 * Writes a kernelspec; an older one of the name is replaced.
 * @param files - further files by name, such as logo-svg.svg
 * @returns the folder written
 * @throws JupyterError for an impossible name, or a folder that cannot be written
 */
export async function installKernelspec(
  folder: string,
  name: string,
  spec: Kernelspec,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const target = kernelFolder(folder, name)
  const staging = `${target}.part`
  try {
    await rm(staging, { recursive: true, force: true })
    await mkdir(staging, { recursive: true })
    await writeFile(join(staging, 'kernel.json'), `${JSON.stringify(spec, null, 2)}\n`)
    for (const [file, content] of Object.entries(files)) await writeFile(join(staging, file), content)
    await rm(target, { recursive: true, force: true })
    await rename(staging, target)
  } catch (cause) {
    throw new JupyterError(
      `expected to write ${target}, got: ${(cause as Error).message}: choose another --prefix`,
      { target },
      cause,
    )
  }
  return target
}

/** @returns the folder removed; it does not matter whether it was there */
export async function removeKernelspec(folder: string, name: string): Promise<string> {
  const target = kernelFolder(folder, name)
  await rm(target, { recursive: true, force: true })
  return target
}

function kernelFolder(folder: string, name: string): string {
  if (KERNEL_NAME.test(name)) return join(folder, name)
  throw new JupyterError(`expected a kernel name of letters, digits, '.', '_' and '-', got '${name}'`, { name })
}
