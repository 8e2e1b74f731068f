import { errorBodySchema, errorFromBody } from '@cleanbeam/protocol'
import type { JsonObject } from '@cleanbeam/types'
import { JupyterError } from '../../jupyter-error.ts'
import { openSsh, type SshConnection, type SshOptions } from '../ssh/ssh-connection.ts'
import { type AgentRequest, ANSWER_MARK } from './agent-requests.ts'
import { checkHost, type Finding, type HostNeeds } from './check-host.ts'
import { type HostFacts, probeHost } from './host-facts.ts'
import { type Installation, installPackage, packageCommand } from './install-package.ts'
import { type PackageFiles, readPackageFiles } from './package-files.ts'
import type { SessionStatus } from './session-registry.ts'

/** Where the running package lies on this machine. */
export interface LocalPackage {
  /** Folder of its package.json. */
  readonly root: string
  /** Folder that may hold zeromq. */
  readonly modules: string
}

/** A host over the user's own ssh: what it has, and our agent on it. */
export class RemoteHost {
  readonly ssh: SshConnection
  readonly facts: HostFacts
  readonly files: PackageFiles
  readonly #local: LocalPackage

  constructor(ssh: SshConnection, facts: HostFacts, files: PackageFiles, local: LocalPackage) {
    this.ssh = ssh
    this.facts = facts
    this.files = files
    this.#local = local
  }

  /** What is missing or scarce there. */
  findings(needs: Omit<HostNeeds, 'packageId'>, withPackage: boolean): Finding[] {
    return checkHost(this.facts, { ...needs, packageId: withPackage ? this.files.id : null }, this.ssh.host)
  }

  install(): Promise<Installation> {
    return installPackage(this.ssh, this.facts, this.files, this.#local.modules)
  }

  /** Words that run a command of our package there. */
  command(...words: string[]): string {
    const { node } = this.facts
    if (node === null) throw new JupyterError(`expected Node.js on ${this.ssh.host}, got none`)
    return packageCommand(this.files.id, node.path, words)
  }

  /**
   * Asks our agent on the host.
   * @throws the agent's own errors with their tags; JupyterError when it does not answer
   */
  async ask<T>(request: AgentRequest, timeoutMs = 60_000): Promise<T> {
    const { stdout } = await this.ssh.run(this.command('agent'), JSON.stringify(request), { timeoutMs })
    const text = stdout.toString('utf8')
    const at = text.lastIndexOf(ANSWER_MARK)
    if (at < 0) throw new JupyterError(`expected an answer of ${this.ssh.host}, got: ${text.trim().slice(-500)}`)
    const answer = JSON.parse(text.slice(at + ANSWER_MARK.length)) as JsonObject
    if (answer.error !== undefined) throw errorFromBody(errorBodySchema.parse(answer.error))
    return answer.value as T
  }

  sessions(): Promise<SessionStatus[]> {
    return this.ask({ op: 'list' })
  }

  /** @throws JupyterError when there is no such session */
  stop(id: string): Promise<{ readonly stopped: boolean }> {
    return this.ask({ op: 'stop', id })
  }

  close(): Promise<void> {
    return this.ssh.close()
  }
}

/**
 * Connects to a host and looks at what it has.
 * @throws JupyterError with ssh's own words when it cannot be reached
 */
export async function openRemoteHost(host: string, local: LocalPackage, options: SshOptions = {}): Promise<RemoteHost> {
  const files = await readPackageFiles(local.root)
  const ssh = await openSsh(host, options)
  try {
    return new RemoteHost(ssh, await probeHost(ssh), files, local)
  } catch (error) {
    await ssh.close()
    throw error
  }
}

/** @throws JupyterError with all messages when something without which nothing runs is missing */
export function requireNoErrors(findings: readonly Finding[]): void {
  const errors = findings.filter(({ level }) => level === 'error')
  if (errors.length > 0) {
    throw new JupyterError(errors.map(({ message }) => message).join('\n'), { missing: errors.map(({ what }) => what) })
  }
}
