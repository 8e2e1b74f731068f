import { formatAngle } from '@cleanbeam/viewer/drawing'
import type { ObservationFacts } from './start-client.ts'

const ARCSEC = Math.PI / 648_000

/** What an observation holds: the listing, and what follows for the image. */
export function ObservationView({ name, facts }: { name: string; facts: ObservationFacts | null }) {
  if (!facts) return <p className="start-hint">Reading {name}…</p>
  const { proposal } = facts
  return (
    <section className="start-panel listobs" aria-label="Observation">
      <h2>{name}</h2>
      <dl className="proposal">
        <div>
          <dt>finest beam</dt>
          <dd>{formatAngle(proposal.resolutionArcsec * ARCSEC)}</dd>
        </div>
        <div>
          <dt>primary beam</dt>
          <dd>{proposal.primaryBeamArcsec > 0 ? formatAngle(proposal.primaryBeamArcsec * ARCSEC) : 'not known'}</dd>
        </div>
        <div>
          <dt>proposed</dt>
          <dd>
            {proposal.imsize} pixels of {formatAngle(proposal.cellArcsec * ARCSEC)}
          </dd>
        </div>
      </dl>
      <p className="faint">{proposal.reason}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{facts.text}</pre>
    </section>
  )
}
