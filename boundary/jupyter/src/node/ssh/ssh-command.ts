import { JupyterError } from '../../jupyter-error.ts'

/** Names the ssh program to run, with options, as GIT_SSH_COMMAND does for git. */
export const SSH_COMMAND_VARIABLE = 'CLEANBEAM_SSH_COMMAND'

/**
 * The ssh program and the options it is always called with. Configuration, keys, agent and jump hosts are the user's.
 * @param text - such as `ssh -F "/my files/config"`; blanks separate, quotes join
 * @throws JupyterError for quotes that do not close, or nothing
 */
export function parseSshCommand(text: string = process.env[SSH_COMMAND_VARIABLE] ?? 'ssh'): readonly string[] {
  const words = [...text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/["']/g, ''))
  const unquoted = text.replaceAll(/"[^"]*"|'[^']*'/g, '')
  if (words.length > 0 && !/["']/.test(unquoted)) return words
  throw new JupyterError(`expected a command such as 'ssh -p 2222', got '${text}' (${SSH_COMMAND_VARIABLE})`)
}

/**
 * A host as ssh takes it: an alias of its configuration, `host`, or `user@host`.
 * @throws JupyterError for what ssh would read as an option, or blanks
 */
export function checkHostName(host: string): string {
  if (/^[\w][\w.@%:[\]-]*$/.test(host)) return host
  throw new JupyterError(`expected a host such as user@host or an alias of your ssh configuration, got '${host}'`, {
    host,
  })
}
