import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { JupyterError } from '../../jupyter-error.ts'
import type { ArchiveEntry } from './tar-archive.ts'

/** What the package needs to run on a host; source maps, typings and examples stay here. */
const NEEDED = ['package.json', 'LICENSE', 'cleanbeam/bin', 'cleanbeam/dist'] as const
const UNNEEDED = /\.(map|d\.ts)$/
const ID_DIGITS = 10

/** The running package as a host shall have it. */
export interface PackageFiles {
  /** Version and a digest of the content: two builds of one version are two packages. */
  readonly id: string
  readonly entries: readonly ArchiveEntry[]
}

/**
 * Reads the package.
 * @param root - folder of its package.json
 * @throws JupyterError when it has not been built
 */
export async function readPackageFiles(root: string): Promise<PackageFiles> {
  const paths = (await Promise.all(NEEDED.map(name => filesBelow(join(root, name))))).flat()
  const wanted = paths.filter(path => !UNNEEDED.test(path)).sort()
  const entries = await Promise.all(
    wanted.map(async path => ({
      path: relative(root, path).split(sep).join('/'),
      content: await readFile(path),
      executable: path.endsWith(join('bin', 'cleanbeam.js')),
    })),
  )
  const manifest = entries.find(({ path }) => path === 'package.json')
  if (manifest === undefined || !entries.some(({ path }) => path === 'cleanbeam/dist/cli.js')) {
    throw new JupyterError(`expected a built package, got none: run npm run build (${root})`, { root })
  }
  const { version } = JSON.parse(manifest.content.toString('utf8')) as { version: string }
  const digest = createHash('sha256')
  for (const { path, content } of entries) digest.update(`${path}\0${content.byteLength}\0`).update(content)
  return { id: `${version}-${digest.digest('hex').slice(0, ID_DIGITS)}`, entries }
}

/**
 * The ZeroMQ package with the binaries for one system only (all of them are 34 MB).
 * @param folder - of the package beside which it is installed
 * @param system - as `uname -sm` writes it, such as 'Linux x86_64'
 * @returns nothing where it is not installed: sessions then run without Jupyter messages
 */
export async function zeromqEntries(modules: string, system: string): Promise<ArchiveEntry[]> {
  const [kernel = '', machine = ''] = system.toLowerCase().split(' ')
  const arch = /^(x86_64|amd64)$/.test(machine) ? 'x64' : /^(aarch64|arm64)$/.test(machine) ? 'arm64' : machine
  const wanted = [
    /^zeromq\/(package\.json|LICENSE|lib\/(?!compat|ts3).*\.js$)/,
    /^zeromq\/build\/manifest\.json$/,
    new RegExp(`^zeromq/build/${kernel}/${arch}/`),
    /^cmake-ts\/(package\.json|build\/loader\.js)$/,
  ]
  const folders = ['zeromq', 'cmake-ts'].map(name => join(modules, name))
  const paths = (await Promise.all(folders.map(folder => filesBelow(folder)))).flat().sort()
  const named = paths.map(path => ({ path, name: relative(modules, path).split(sep).join('/') }))
  const chosen = named.filter(({ name }) => wanted.some(pattern => pattern.test(name)))
  return Promise.all(
    chosen.map(async ({ path, name }) => ({
      path: `node_modules/${name}`,
      content: await readFile(path),
      executable: false,
    })),
  )
}

/** All files at or below a path; none when it is not there. */
async function filesBelow(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null)
  if (found === null) return []
  if (found.isFile()) return [path]
  const names = await readdir(path, { recursive: true, withFileTypes: true })
  return names.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
}
