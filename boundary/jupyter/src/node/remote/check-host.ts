import { casaPython, type HostFacts } from './host-facts.ts'

/** What shall run on the host. */
export interface HostNeeds {
  readonly engine: 'native' | 'casa'
  /** Identity of the package that must be there; null: any, or none yet. */
  readonly packageId: string | null
}

/** Something that is missing or scarce, and what to do about it. */
export interface Finding {
  readonly what: 'node' | 'package' | 'python' | 'casa' | 'disk' | 'memory' | 'tar'
  /** With an error nothing can run; a warning is worth knowing. */
  readonly level: 'error' | 'warning'
  readonly message: string
}

const OLDEST_NODE = 20
const GIB = 1024 ** 3
/** Unpacked package, a few images and their checkpoints. */
const LITTLE_DISK_BYTES = 0.5 * GIB
const LITTLE_MEMORY_BYTES = 1 * GIB

/** Holds a host against what is needed; an empty list means that all is there. */
export function checkHost(facts: HostFacts, needs: HostNeeds, host: string): Finding[] {
  return [
    ...nodeFindings(facts, host),
    ...packageFindings(facts, needs, host),
    ...(needs.engine === 'casa' ? casaFindings(facts, host) : []),
    ...spaceFindings(facts, host),
  ]
}

function nodeFindings({ node, system }: HostFacts, host: string): Finding[] {
  if (node !== null && Number(node.version.split('.')[0]) >= OLDEST_NODE) return []
  const got = node === null ? 'none' : `${node.version} (${node.path})`
  const message = `expected Node.js ${OLDEST_NODE} or newer on ${host} (${system}), got ${got}: unpack one from https://nodejs.org into ~/.cleanbeam/node there, or name one in CLEANBEAM_NODE in the shell's start-up file`
  return [{ what: 'node', level: 'error', message }]
}

function packageFindings({ packages, hasTar }: HostFacts, { packageId }: HostNeeds, host: string): Finding[] {
  const findings: Finding[] = []
  if (packageId !== null && !packages.includes(packageId)) {
    const got = packages.length === 0 ? 'none' : packages.join(', ')
    const message = `expected Cleanbeam ${packageId} on ${host}, got ${got}: run cleanbeam remote install ${host}`
    findings.push({ what: 'package', level: 'error', message })
  }
  if (!hasTar)
    findings.push({ what: 'tar', level: 'error', message: `expected tar on ${host}, got none: install it there` })
  return findings
}

function casaFindings(facts: HostFacts, host: string): Finding[] {
  if (casaPython(facts) !== null) return []
  const [first] = facts.pythons
  if (first === undefined) {
    const message = `expected Python 3 with casatasks and ipykernel on ${host}, got no Python: install python3 there, then python3 -m venv ~/.cleanbeam/casa && ~/.cleanbeam/casa/bin/pip install casatasks casatools ipykernel`
    return [{ what: 'python', level: 'error', message }]
  }
  const withCasa = facts.pythons.find(python => python.casatasks !== null)
  if (withCasa !== undefined) {
    const message = `expected ipykernel beside casatasks on ${host}, got none: run ${withCasa.path} -m pip install ipykernel there`
    return [{ what: 'casa', level: 'error', message }]
  }
  const seen = facts.pythons.map(({ path }) => path).join(', ')
  const message = `expected casatasks on ${host}, got none (looked in ${seen}): name the Python that has it in CLEANBEAM_CASA_PYTHON, or python3 -m venv ~/.cleanbeam/casa && ~/.cleanbeam/casa/bin/pip install casatasks casatools ipykernel`
  return [{ what: 'casa', level: 'error', message }]
}

function spaceFindings({ diskBytes, memoryBytes }: HostFacts, host: string): Finding[] {
  const findings: Finding[] = []
  if (diskBytes !== null && diskBytes < LITTLE_DISK_BYTES) {
    const message = `expected ${LITTLE_DISK_BYTES / GIB} GiB free in the home folder of ${host}, got ${gib(diskBytes)}: images may not fit`
    findings.push({ what: 'disk', level: 'warning', message })
  }
  if (memoryBytes !== null && memoryBytes < LITTLE_MEMORY_BYTES) {
    const message = `expected ${LITTLE_MEMORY_BYTES / GIB} GiB of free memory on ${host}, got ${gib(memoryBytes)}: large images may not fit`
    findings.push({ what: 'memory', level: 'warning', message })
  }
  return findings
}

const gib = (bytes: number): string => `${(bytes / GIB).toFixed(1)} GiB`
