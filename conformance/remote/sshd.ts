import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SSHD = ['/usr/sbin/sshd', '/usr/bin/sshd'].find(path => existsSync(path))

/** The name tests call the host by. */
export const HOST = 'faraway'

/**
 * Whether tests of remote hosts must be skipped because there is no ssh server; says so aloud.
 * @throws Error when REQUIRE_TOOLS is set (as in CI), where nothing may be skipped
 */
export function sshdIsMissing(): boolean {
  if (SSHD !== undefined) return false
  const message = 'expected an ssh server, found none; install it (Debian: apt-get install openssh-server)'
  if (process.env.REQUIRE_TOOLS) throw new Error(message)
  console.warn(`REMOTE TESTS SKIPPED: ${message}`)
  return true
}

/** A host of its own on this machine: an ssh server on loopback with keys, home folder and registry of its own. */
export interface TestHost {
  /** Everything of this host; removed with it. */
  readonly folder: string
  /** Home folder there. */
  readonly home: string
  readonly runtimeDir: string
  /** What the near side needs in its environment. */
  readonly env: Readonly<Record<string, string>>
  readonly port: number
  /** Runs a shell command over plain ssh. */
  run(command: string): string
  stop(): void
}

export interface TestHostOptions {
  /** More lines for sshd_config. */
  readonly sshd?: readonly string[]
  /** More lines for the near side's ssh_config. */
  readonly ssh?: readonly string[]
  /** More environment on the host. */
  readonly env?: Readonly<Record<string, string>>
  /** Whether the host's key is known to the near side; default true. */
  readonly known?: boolean
}

/** Starts a host; the caller stops it. */
export async function startTestHost(options: TestHostOptions = {}): Promise<TestHost> {
  const folder = mkdtempSync(join(tmpdir(), 'cbh-'))
  const at = (name: string) => join(folder, name)
  const [home, runtimeDir] = [at('home'), at('run')]
  mkdirSync(home)
  for (const key of ['hostkey', 'userkey']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at(key)])
  writeFileSync(at('authorized_keys'), readFileSync(at('userkey.pub')))
  // sshd of the system administrator insists on its own empty folder.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
  const port = await freePort()
  const environment = Object.entries({ HOME: home, CLEANBEAM_RUNTIME_DIR: runtimeDir, ...options.env })
  const sshdLines = [
    ...(options.sshd ?? []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${at('hostkey')}`,
    `AuthorizedKeysFile ${at('authorized_keys')}`,
    `PidFile ${at('pid')}`,
    'StrictModes no',
    'UsePAM no',
    'PermitRootLogin yes',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    `SetEnv ${environment.map(([name, value]) => `${name}=${value}`).join(' ')}`,
  ]
  writeFileSync(at('sshd_config'), `${sshdLines.join('\n')}\n`)
  const hostKey = readFileSync(at('hostkey.pub'), 'utf8').split(' ').slice(0, 2).join(' ')
  writeFileSync(at('known_hosts'), (options.known ?? true) ? `[127.0.0.1]:${port} ${hostKey}\n` : '')
  const sshLines = [
    `Host ${HOST}`,
    'HostName 127.0.0.1',
    `Port ${port}`,
    ...(options.ssh ?? []),
    `IdentityFile ${at('userkey')}`,
    'IdentitiesOnly yes',
    `UserKnownHostsFile ${at('known_hosts')}`,
    'GlobalKnownHostsFile /dev/null',
  ]
  writeFileSync(at('ssh_config'), `${sshLines.join('\n')}\n`)
  chmodSync(at('userkey'), 0o600)
  const server = spawn(SSHD as string, ['-D', '-e', '-f', at('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] })
  await untilListening(server, port)
  return {
    folder,
    home,
    runtimeDir,
    port,
    env: { CLEANBEAM_SSH_COMMAND: `ssh -F ${at('ssh_config')}` },
    run: command => execFileSync('ssh', ['-F', at('ssh_config'), HOST, command], { encoding: 'utf8' }),
    stop() {
      server.kill('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const NEEDED_PROGRAMS = [
  ...['sh', 'uname', 'hostname', 'getconf', 'df', 'awk', 'basename', 'dirname', 'readlink', 'tar'],
  ...['cat', 'env', 'ls', 'mkdir', 'rm', 'mv', 'tail'],
]

/** Where Node.js is looked for besides the path: there it cannot be hidden from a test. */
export const nodeCannotBeHidden = ['/usr/local/bin/node', '/opt/homebrew/bin/node'].some(path => existsSync(path))

/** Environment of a host that has the few programs every system has, and neither Node.js nor Python. */
export function bareEnvironment(): { readonly env: Record<string, string>; remove(): void } {
  const bin = mkdtempSync(join(tmpdir(), 'cbb-'))
  for (const name of NEEDED_PROGRAMS) {
    const path = execFileSync('sh', ['-c', `command -v ${name} || true`], { encoding: 'utf8' }).trim()
    if (path.startsWith('/')) symlinkSync(path, join(bin, name))
  }
  return {
    env: { PATH: bin, ENV: '/dev/null', BASH_ENV: '/dev/null' },
    remove: () => rmSync(bin, { recursive: true, force: true }),
  }
}

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

async function untilListening(server: ChildProcess, port: number): Promise<void> {
  let complaint = ''
  server.stderr?.setEncoding('utf8').on('data', text => {
    complaint += text
  })
  for (let i = 0; i < 200; i++) {
    if (server.exitCode !== null) throw new Error(`expected sshd to run, got: ${complaint}`)
    if (await listens(port)) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error(`expected sshd to listen on ${port}, got nothing: ${complaint}`)
}

function listens(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
