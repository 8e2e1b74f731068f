import { chmod, mkdir, mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JupyterError } from '../jupyter-error.ts'

/**
 * A new folder for a kernel's sockets and connection file that only this user can enter. Short, since socket paths are.
 * @param parent - default: the user's runtime folder, else the one for temporary files
 */
export async function makeKernelFolder(parent?: string): Promise<string> {
  const base = parent ?? process.env.XDG_RUNTIME_DIR ?? tmpdir()
  const usable = await mkdir(base, { recursive: true, mode: 0o700 }).then(
    () => true,
    () => false,
  )
  return mkdtemp(join(usable ? base : tmpdir(), 'cb-'))
}

/**
 * Makes sure that a folder is there and nobody else's.
 * @throws JupyterError when others can enter it
 */
export async function requirePrivateFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  const { uid, mode } = await stat(path)
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw new JupyterError(`expected a folder of our own for the kernel's sockets, got ${path} of user ${uid}`)
  }
  if ((mode & 0o077) !== 0) await chmod(path, 0o700)
}
