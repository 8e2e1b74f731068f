import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * When a process was started, as text that only serves for comparison; '' when it cannot be found out. Numbers of dead
 * processes are given again, so a number alone does not name a process.
 */
export async function processStart(pid: number): Promise<string> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8')
    // Field 22, counted after the command name, which is in parentheses and may itself contain blanks (proc(5)).
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return startFromPs(pid)
  }
}

/** Systems without /proc. */
async function startFromPs(pid: number): Promise<string> {
  try {
    const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)])
    return stdout.trim()
  } catch {
    return ''
  }
}

/** True when the process that `pid` and `start` name is running. */
export async function isProcessAlive(pid: number, start: string): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const now = await processStart(pid)
  return now === '' || start === '' || now === start
}
