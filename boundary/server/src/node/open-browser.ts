import { spawn } from 'node:child_process'

/**
 * Opens the user's browser. A machine without one is no failure: the caller prints the address anyway.
 * @returns whether a browser could be asked
 */
export function openBrowser(url: string, platform: string = process.platform): Promise<boolean> {
  const command = platform === 'darwin' ? 'open' : 'xdg-open'
  return new Promise(resolve => {
    const child = spawn(command, [url], { stdio: 'ignore', detached: true })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
