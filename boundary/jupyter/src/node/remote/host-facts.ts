import { z } from 'zod'
import { JupyterError } from '../../jupyter-error.ts'
import type { SshConnection } from '../ssh/ssh-connection.ts'
import { PROBE_COMMAND, PROBE_SCRIPT } from './probe-script.ts'

const pythonSchema = z.object({
  path: z.string(),
  python: z.string(),
  ipykernel: z.string().nullable(),
  zmq: z.string().nullable(),
  casatasks: z.string().nullable(),
  casatools: z.string().nullable(),
  numpy: z.string().nullable(),
})

/** A Python on a host; versions of what it can import, null for what it cannot. */
export type PythonFacts = z.infer<typeof pythonSchema>

/** What a host has. Unknown numbers are null. */
export interface HostFacts {
  readonly host: string
  readonly home: string
  /** Such as 'Linux x86_64'. */
  readonly system: string
  readonly nCpu: number | null
  /** Free for the user in the home folder. */
  readonly diskBytes: number | null
  readonly memoryBytes: number | null
  readonly hasTar: boolean
  /** The best one found. */
  readonly node: { readonly version: string; readonly path: string } | null
  /** Identities of our packages there. */
  readonly packages: readonly string[]
  readonly pythons: readonly PythonFacts[]
}

const KIB = 1024

/** @throws JupyterError when the host's answer is not that of our script */
export async function probeHost(ssh: SshConnection): Promise<HostFacts> {
  const { stdout } = await ssh.run(PROBE_COMMAND, PROBE_SCRIPT)
  return readFacts(stdout.toString('utf8'))
}

/** Reads the lines of the script; what the host's shell prints besides is passed over. */
export function readFacts(text: string): HostFacts {
  const answers = new Map<string, string[]>()
  for (const [, key, value] of text.matchAll(/^@(\w+) (.*)$/gm)) answers.set(key, [...(answers.get(key) ?? []), value])
  const last = (key: string): string => answers.get(key)?.at(-1) ?? ''
  if (last('done') !== '1') {
    throw new JupyterError(
      `expected a POSIX shell at the host, got: ${text.trim().slice(-500) || 'no answer'} (check of the host)`,
    )
  }
  return {
    host: last('host'),
    home: last('home'),
    system: last('system'),
    nCpu: numberOrNull(last('cpus')),
    diskBytes: scaled(numberOrNull(last('diskKib')), KIB),
    memoryBytes: scaled(numberOrNull(last('memoryKib')), KIB),
    hasTar: last('tar') !== '',
    node: readNode(last('node')),
    packages: answers.get('package') ?? [],
    pythons: (answers.get('python') ?? []).map(readPython),
  }
}

/** The first Python that has CASA and what a kernel needs. */
export function casaPython(facts: HostFacts): PythonFacts | null {
  return facts.pythons.find(({ casatasks, ipykernel }) => casatasks !== null && ipykernel !== null) ?? null
}

const numberOrNull = (text: string): number | null => (/^\d+$/.test(text) ? Number(text) : null)
const scaled = (value: number | null, factor: number): number | null => (value === null ? null : value * factor)

function readNode(text: string): HostFacts['node'] {
  const [, version, path] = /^v?(\S+) (.+)$/.exec(text) ?? []
  return version === undefined ? null : { version, path }
}

function readPython(text: string): PythonFacts {
  const end = text.lastIndexOf('} ')
  return pythonSchema.parse({ ...JSON.parse(text.slice(0, end + 1)), path: text.slice(end + 2) })
}
