import { gzipSync } from 'node:zlib'
import { JupyterError } from '../../jupyter-error.ts'
import type { SshConnection } from '../ssh/ssh-connection.ts'
import type { HostFacts } from './host-facts.ts'
import { type PackageFiles, zeromqEntries } from './package-files.ts'
import { REMOTE_APP_FOLDER } from './probe-script.ts'
import { tarArchive } from './tar-archive.ts'

const INSTALL_MS = 600_000
/** Earlier packages that stay, for sessions that still run on them. */
const N_KEPT = 3

/** What an installation did. */
export interface Installation {
  readonly id: string
  /** Bytes that went over the connection; 0 when the package was there. */
  readonly sentBytes: number
}

/**
 * Puts the package on a host, unless it is there: unpacked beside, then renamed. Sessions on older packages go on.
 * @param modules - folder that may hold zeromq; its binaries for the host's system go along
 * @throws JupyterError with the host's words when it cannot be written there
 */
export async function installPackage(
  ssh: SshConnection,
  facts: HostFacts,
  files: PackageFiles,
  modules: string,
): Promise<Installation> {
  const { id } = files
  if (facts.packages.includes(id)) return { id, sentBytes: 0 }
  if (!/^[\w.+-]+$/.test(id)) throw new JupyterError(`expected a package of plain letters, got ${id}`)
  const archive = gzipSync(tarArchive([...files.entries, ...(await zeromqEntries(modules, facts.system))]))
  await ssh.run(installCommand(id), archive, { timeoutMs: INSTALL_MS })
  return { id, sentBytes: archive.byteLength }
}

/** Fixed words and the id only, which is plain letters: safe in any shell. */
function installCommand(id: string): string {
  const script = [
    'set -e; umask 077; cd',
    `mkdir -p ${REMOTE_APP_FOLDER}; cd ${REMOTE_APP_FOLDER}`,
    `rm -rf ${id}.part; mkdir ${id}.part`,
    `tar -xzf - -C ${id}.part`,
    `rm -rf ${id}; mv ${id}.part ${id}`,
    `ls -1td */ | tail -n +${N_KEPT + 1} | while read old; do rm -rf ./$old; done`,
  ].join('; ')
  return `exec /bin/sh -c '${script}'`
}

/** Words that run a command of the package on the host; safe in any shell. */
export function packageCommand(id: string, nodePath: string, words: readonly string[]): string {
  for (const word of [id, ...words]) {
    if (!/^[\w.+-]+$/.test(word)) throw new JupyterError(`expected plain letters, got ${word} (command on the host)`)
  }
  const node = `'${nodePath.replaceAll("'", `'\\''`)}'`
  return `cd && exec ${node} ${REMOTE_APP_FOLDER}/${id}/cleanbeam/bin/cleanbeam.js ${words.join(' ')}`
}
