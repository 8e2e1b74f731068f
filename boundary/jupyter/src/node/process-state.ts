import { readFile } from 'node:fs/promises'

/** A process as two numbers that no later process has both of. */
export interface ProcessIdentity {
  readonly pid: number
  /** Start time as the operating system counts it; '' where it does not tell. */
  readonly startTime: string
}

/** Letter of `man 5 proc`: Z is a zombie, X and x are dead. */
const GONE = /^[ZXx]$/
/** Fields of /proc/PID/stat behind the name in parentheses: the state, and 19 later the start time. */
const START_TIME_FIELD = 19

/** @returns null when there is no such process or it is a zombie: dead, though its number still answers */
export async function processIdentity(pid: number): Promise<ProcessIdentity | null> {
  if (process.platform !== 'linux') return answers(pid) ? { pid, startTime: '' } : null
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return GONE.test(fields[0]) ? null : { pid, startTime: fields[START_TIME_FIELD] }
  } catch {
    return null
  }
}

/** Whether this very process still runs: not a zombie, and not another one that got its number. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  const now = await processIdentity(identity.pid)
  return now !== null && now.startTime === identity.startTime
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
