import { isAbsolute, relative, resolve } from 'node:path'
import type { GcleanInput } from '@cleanbeam/gclean'
import type { SessionBackend, StartDesk } from '@cleanbeam/server'
import { checkTcleanParameters, TCLEAN_PARAMETERS } from '@cleanbeam/tclean'
import { checkTcleanFiles } from '@cleanbeam/tclean/node'
import type { Antenna, DataSelection, JsonObject } from '@cleanbeam/types'
import type { ObservationListing } from '@cleanbeam/visibility'
import { listObservation } from '@cleanbeam/visibility/node'
import { demoParameters } from '../cli/demo-parameters.ts'
import { formatListing } from '../cli/listing-text.ts'
import { listingRecord } from '../cli/listobs-command.ts'
import { ConfinedFolder } from './confined-folder.ts'
import { estimateRun } from './estimate.ts'
import { proposeImage } from './image-proposal.ts'
import { recentSessions } from './recent-sessions.ts'

/**
 * The start page's counterpart on this machine.
 * @param root - the folder whose files are shown and below which images are written
 * @param begin - starts a session with complete, checked parameters
 */
export function openStartDesk(root: string, begin: (parameters: GcleanInput) => Promise<SessionBackend>): StartDesk {
  const folder = new ConfinedFolder(root)
  const list = async (path: string, selection: DataSelection) => listObservation(await folder.resolve(path), selection)
  return {
    overview: async () => ({
      root: folder.root,
      parameters: formParameters(),
      recent: await recentSessions(folder.root),
      example: await demoParameters(resolve(folder.root, 'cleanbeam-demo')),
    }),
    files: path => folder.list(path),
    async observation(path, selection) {
      const listing = await list(path, selection)
      const summary = listingRecord(listing)
      return { summary, text: formatListing(listing, false), proposal: { ...proposeImage(factsOf(listing)) } }
    },
    async estimate(parameters) {
      const vis = String(Array.isArray(parameters.vis) ? parameters.vis[0] : parameters.vis)
      const listing = await list(vis, selectionOf(parameters))
      return { ...estimateRun(sizeOf(listing, parameters)) }
    },
    async begin({ interactive: _interactive, fullsummary: _fullsummary, ...parameters }) {
      const complete = await withFullPaths(folder, parameters)
      checkTcleanParameters({ ...complete, interactive: false, fullsummary: true })
      await checkTcleanFiles(complete)
      return begin(complete)
    },
  }
}

/** Parameters of the form in the order and under the headings of CASA's documentation. */
function formParameters(): JsonObject[] {
  return TCLEAN_PARAMETERS.filter(row => row.name !== 'interactive' && row.name !== 'fullsummary').map(row => ({
    name: row.name,
    group: row.group,
    kind: row.kind,
    default: row.default,
    unit: row.unit,
    choices: (row.supported ?? row.choices)?.slice(),
    meaning: row.meaning,
  }))
}

const SELECTION = ['field', 'spw', 'timerange', 'uvrange', 'antenna', 'scan', 'observation', 'intent'] as const

function selectionOf(parameters: JsonObject): DataSelection {
  const given = SELECTION.filter(name => typeof parameters[name] === 'string' && parameters[name] !== '')
  return Object.fromEntries(given.map(name => [name, parameters[name]])) as DataSelection
}

function factsOf({ antennas, spws }: ObservationListing): Parameters<typeof proposeImage>[0] {
  const frequencies = spws.flatMap(({ channelFrequencyHz }) => [
    channelFrequencyHz[0],
    channelFrequencyHz[channelFrequencyHz.length - 1],
  ])
  const dishes = antennas.map(antenna => antenna.dishDiameterMetres).filter(size => size > 0)
  return {
    longestBaselineMetres: longestBaseline(antennas),
    dishDiameterMetres: dishes.length > 0 ? Math.min(...dishes) : 0,
    lowestHz: Math.min(...frequencies),
    highestHz: Math.max(...frequencies),
  }
}

function longestBaseline(antennas: readonly Antenna[]): number {
  let longest = 0
  antennas.forEach(({ positionMetres: a }, i) => {
    for (const { positionMetres: b } of antennas.slice(i + 1)) {
      longest = Math.max(longest, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]))
    }
  })
  return longest || 1
}

function sizeOf(listing: ObservationListing, parameters: JsonObject): Parameters<typeof estimateRun>[0] {
  const { imsize, stokes = 'I', specmode = 'mfs', nterms = 2, deconvolver } = parameters
  const [nx, ny = nx] = (Array.isArray(imsize) ? imsize : [imsize ?? 100]).map(Number)
  const nDataChannel = Math.max(1, ...listing.spws.map(spw => spw.channelFrequencyHz.length))
  const asked = Number(parameters.nchan ?? -1)
  return {
    nRow: listing.selected.rows.length,
    nDataChannel,
    nCorrelation: Math.max(1, ...listing.dataDescriptions.map(each => each.correlations.length)),
    imsize: [nx, ny],
    nImageChannel: specmode === 'mfs' ? 1 : asked > 0 ? asked : nDataChannel,
    nStokes: /^[IQUV]+$/.test(String(stokes)) ? String(stokes).length : 1,
    nterms: deconvolver === 'mtmfs' ? Number(nterms) : 1,
  }
}

/** Data and images by their full paths; what the form left empty is left out, so that it takes its default. */
async function withFullPaths(folder: ConfinedFolder, parameters: JsonObject): Promise<GcleanInput> {
  // The data that come with the package lie outside of every user's folder.
  const { vis: example } = await demoParameters(folder.root)
  const paths = Array.isArray(parameters.vis) ? parameters.vis : [parameters.vis]
  const vis = await Promise.all(paths.map(path => (path === example ? String(path) : folder.resolve(String(path)))))
  const name = String(parameters.imagename ?? '')
  const imagename = resolve(folder.root, name)
  // Only names below the root: images are written nowhere else.
  const inside = relative(folder.root, imagename)
  if (name === '' || inside.startsWith('..') || isAbsolute(inside)) await folder.resolve(name || '(no imagename)')
  return { ...parameters, vis: vis.length === 1 ? vis[0] : vis, imagename } as unknown as GcleanInput
}
