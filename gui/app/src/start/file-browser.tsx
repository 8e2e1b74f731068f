import { useEffect, useState } from 'react'
import { Icon } from '../components/icons.tsx'
import type { FolderEntry, FolderListing, StartClient } from './start-client.ts'

interface FileBrowserProps {
  readonly client: StartClient
  readonly chosen: string | null
  readonly onChoose: (path: string) => void
  readonly onProblem: (error: unknown) => void
}

const OPENABLE: readonly FolderEntry['kind'][] = ['MeasurementSet', 'UVFITS']

/** The folder of the server, from its root down. */
export function FileBrowser({ client, chosen, onChoose, onProblem }: FileBrowserProps) {
  const [path, setPath] = useState('')
  const [listing, setListing] = useState<FolderListing | null>(null)
  useEffect(() => {
    let isCurrent = true
    client.files(path).then(found => isCurrent && setListing(found), onProblem)
    return () => {
      isCurrent = false
    }
  }, [client, path, onProblem])
  const below = (name: string) => (path === '' ? name : `${path}/${name}`)
  return (
    <section className="start-panel" aria-label="Files">
      <h2>Data</h2>
      <PathSteps path={path} onGo={setPath} />
      <ul className="files">
        {listing?.entries.map(entry => (
          <li key={entry.name}>
            <EntryButton
              entry={entry}
              isChosen={below(entry.name) === chosen}
              onOpen={() => (entry.kind === 'folder' ? setPath(below(entry.name)) : onChoose(below(entry.name)))}
            />
          </li>
        ))}
        {listing?.entries.length === 0 && <li className="faint">nothing here</li>}
      </ul>
    </section>
  )
}

/** The way from the root to the folder shown; every step leads back. */
function PathSteps({ path, onGo }: { path: string; onGo: (path: string) => void }) {
  const names = path.split('/').filter(Boolean)
  return (
    <nav className="path-steps" aria-label="Folder">
      <button type="button" onClick={() => onGo('')}>
        folder
      </button>
      {names.map((name, i) => (
        <button
          key={names.slice(0, i + 1).join('/')}
          type="button"
          onClick={() => onGo(names.slice(0, i + 1).join('/'))}
        >
          {name}
        </button>
      ))}
    </nav>
  )
}

interface EntryButtonProps {
  readonly entry: FolderEntry
  readonly isChosen: boolean
  readonly onOpen: () => void
}

function EntryButton({ entry, isChosen, onOpen }: EntryButtonProps) {
  const { name, kind, bytes } = entry
  const isData = OPENABLE.includes(kind)
  return (
    <button
      type="button"
      className={`file ${isData ? 'data' : ''}`}
      disabled={!isData && kind !== 'folder'}
      aria-pressed={isData ? isChosen : undefined}
      onClick={onOpen}
    >
      <Icon name={kind === 'folder' ? 'next' : isData ? 'run' : 'box'} size={12} />
      <span className="file-name">{name}</span>
      <span className="faint">
        {isData ? kind : kind === 'file' ? sizeText(bytes) : kind === 'image' ? 'image' : ''}
      </span>
    </button>
  )
}

/** '12 MB'. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = bytes > 0 ? Math.min(4, Math.floor(Math.log10(bytes) / 3)) : 0
  return `${Number((bytes / 1000 ** power).toPrecision(2))} ${units[power]}`
}
