import { formatCount } from '@cleanbeam/viewer/drawing'
import type { RecentSession } from './start-client.ts'

interface RecentSessionsProps {
  readonly sessions: readonly RecentSession[]
  readonly onContinue: (session: RecentSession) => void
  readonly onCopy: (session: RecentSession) => void
}

/** Sessions of this folder: go on with one, or take over its parameters. */
export function RecentSessions({ sessions, onContinue, onCopy }: RecentSessionsProps) {
  return (
    <section className="start-panel" aria-label="Recent sessions">
      <h2>Recent sessions</h2>
      <ul className="recent">
        {sessions.map(session => (
          <li key={session.name}>
            <div>
              <b>{session.name}</b>
              <div className="faint">
                {new Date(session.modifiedMs).toLocaleString()} · {formatCount(session.cycles)} cycles,{' '}
                {formatCount(session.iterations)} iterations{session.restored ? ' · finished' : ''}
              </div>
            </div>
            {!session.restored && (
              <button type="button" className="small-button" onClick={() => onContinue(session)}>
                continue
              </button>
            )}
            <button type="button" className="small-button" onClick={() => onCopy(session)}>
              use parameters
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
