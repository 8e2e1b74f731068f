import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, hostname, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

const PROGRAMS = { munged: '/usr/sbin/munged', slurmctld: '/usr/sbin/slurmctld', slurmd: '/usr/sbin/slurmd' }
const KEY_BYTES = 1024
const READY_MS = 30_000

/**
 * Whether tests of batch systems must be skipped because Slurm is missing; says so aloud.
 * @throws Error when REQUIRE_TOOLS is set (as in CI), where nothing may be skipped
 */
export function slurmIsMissing(): boolean {
  if (Object.values(PROGRAMS).every(path => existsSync(path))) return false
  const message = 'expected Slurm, found none; install it (Debian: apt-get install slurmctld slurmd slurm-client munge)'
  if (process.env.REQUIRE_TOOLS) throw new Error(message)
  console.warn(`SLURM TESTS SKIPPED: ${message}`)
  return true
}

/** A batch system of one node, this machine's, with a key and ports of its own. */
export interface TestSlurm {
  /** What its commands need in their environment. */
  readonly env: Readonly<Record<string, string>>
  /** Jobs that run. */
  jobs(): string[]
  stop(): void
}

/**
 * Starts Slurm without systemd and control groups.
 * @param port - of the controller; the node's is the next
 */
export async function startSlurm(port = 26_817): Promise<TestSlurm> {
  const folder = mkdtempSync(join(tmpdir(), 'cbs-'))
  const at = (name: string) => join(folder, name)
  for (const name of ['munge', 'state', 'spool']) mkdirSync(at(name), { mode: 0o755 })
  chmodSync(folder, 0o755)
  const [key, socket] = [at('munge/key'), at('munge/sock')]
  writeFileSync(key, randomBytes(KEY_BYTES), { mode: 0o400 })
  const user = userInfo().username
  const node = hostname()
  const configuration = [
    'ClusterName=test',
    `SlurmctldHost=${node}(127.0.0.1)`,
    `SlurmUser=${user}`,
    `SlurmdUser=${user}`,
    'AuthType=auth/munge',
    `AuthInfo=socket=${socket}`,
    `SlurmctldPort=${port}`,
    `SlurmdPort=${port + 1}`,
    `StateSaveLocation=${at('state')}`,
    `SlurmdSpoolDir=${at('spool')}`,
    `SlurmctldPidFile=${at('slurmctld.pid')}`,
    `SlurmdPidFile=${at('slurmd.pid')}`,
    'ProctrackType=proctrack/linuxproc',
    'TaskPlugin=task/none',
    'SwitchType=switch/none',
    'MpiDefault=none',
    'ReturnToService=2',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_Core',
    'JobAcctGatherType=jobacct_gather/none',
    'AccountingStorageType=accounting_storage/none',
    'SchedulerParameters=batch_sched_delay=1,sched_interval=2',
    `NodeName=${node} NodeAddr=127.0.0.1 CPUs=${cpus().length} State=UNKNOWN`,
    'PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
  ]
  writeFileSync(at('slurm.conf'), `${configuration.join('\n')}\n`)
  const env = { SLURM_CONF: at('slurm.conf') }
  const children: ChildProcess[] = []
  const run = (program: string, args: readonly string[]) => {
    const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...env } })
    children.push(child)
  }
  const stop = () => {
    for (const child of children.reverse()) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  const mungeFiles = ['--pid-file', at('munge/pid'), '--log-file', at('munge/log'), '--seed-file', at('munge/seed')]
  run(PROGRAMS.munged, ['--foreground', '--force', '--key-file', key, '--socket', socket, ...mungeFiles])
  await until(() => existsSync(socket), 'munged')
  run(PROGRAMS.slurmctld, ['-D', '-c', '-L', at('slurmctld.log')])
  run(PROGRAMS.slurmd, ['-D', '-N', node, '-L', at('slurmd.log')])
  const ask = (program: string, args: readonly string[]): string => {
    try {
      const settings = { encoding: 'utf8', env: { ...process.env, ...env }, timeout: 5000, stdio: 'pipe' } as const
      return execFileSync(program, args, settings)
    } catch {
      return ''
    }
  }
  try {
    await until(() => /idle/.test(ask('sinfo', ['-h', '-o', '%T'])), 'slurm')
  } catch (error) {
    const logs = ['slurmctld.log', 'slurmd.log'].map(name =>
      existsSync(at(name)) ? readFileSync(at(name), 'utf8') : '',
    )
    stop()
    throw new Error(`${(error as Error).message}: ${logs.join('\n').slice(-3000)}`)
  }
  return {
    env,
    stop,
    jobs: () =>
      ask('squeue', ['-h', '-o', '%i %T'])
        .split('\n')
        .filter(line => line !== ''),
  }
}

async function until(isReady: () => boolean, what: string): Promise<void> {
  const end = Date.now() + READY_MS
  while (!isReady()) {
    if (Date.now() > end) throw new Error(`expected ${what} within ${READY_MS / 1000} s, got nothing`)
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
