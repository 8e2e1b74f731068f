import type { JsonObject } from '@cleanbeam/types'
import { useCallback, useEffect, useState } from 'react'
import { FileBrowser } from './file-browser.tsx'
import { type FormTexts, textsOf } from './form-values.ts'
import { ObservationView } from './observation-view.tsx'
import { ParameterForm } from './parameter-form.tsx'
import { RecentSessions } from './recent-sessions.tsx'
import type { ObservationFacts, Overview, StartClient } from './start-client.ts'

interface StartPageProps {
  readonly client: StartClient
  readonly onBegun: () => void
}

/** Choose data, look at them, set parameters, begin. */
export function StartPage({ client, onBegun }: StartPageProps) {
  const [overview, setOverview] = useState<Overview | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const [facts, setFacts] = useState<ObservationFacts | null>(null)
  const [texts, setTexts] = useState<FormTexts>({})
  const [problem, setProblem] = useState('')
  const [beginning, setBeginning] = useState(false)
  const tell = useCallback((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)), [])

  useEffect(() => {
    client.overview().then(setOverview, tell)
  }, [client, tell])

  const choose = async (path: string) => {
    setProblem('')
    setChosen(path)
    setFacts(null)
    try {
      const found = await client.observation(path)
      setFacts(found)
      setTexts(before => ({ ...before, ...proposedTexts(path, found) }))
    } catch (error) {
      tell(error)
    }
  }
  const begin = async (parameters: JsonObject) => {
    setProblem('')
    setBeginning(true)
    try {
      await client.begin(parameters)
      onBegun()
    } catch (error) {
      tell(error)
      setBeginning(false)
    }
  }
  return (
    <div className="start">
      <header className="start-head">
        <h1>Cleanbeam</h1>
        <span className="faint">{overview?.root}</span>
        <span className="bar-space" />
        {overview && (
          <button type="button" className="text-button" disabled={beginning} onClick={() => begin(overview.example)}>
            try the M87 example
          </button>
        )}
      </header>
      {problem && (
        <div className="banner error start-problem" role="alert">
          {problem}
        </div>
      )}
      <main className="start-columns">
        <div className="start-choose">
          <FileBrowser client={client} chosen={chosen} onChoose={choose} onProblem={tell} />
          {overview && overview.recent.length > 0 && (
            <RecentSessions
              sessions={overview.recent}
              onContinue={session => begin(session.parameters)}
              onCopy={session => setTexts(textsOf(session.parameters))}
            />
          )}
        </div>
        <div className="start-look">
          {chosen ? (
            <ObservationView name={chosen} facts={facts} />
          ) : (
            <p className="start-hint">Choose a MeasurementSet or a UVFITS file to see what it holds.</p>
          )}
        </div>
        {overview && (
          <ParameterForm
            client={client}
            parameters={overview.parameters}
            texts={texts}
            beginning={beginning}
            onChange={(name, text) => setTexts(before => ({ ...before, [name]: text }))}
            onBegin={begin}
          />
        )}
      </main>
    </div>
  )
}

/** What the form takes over from an observation: paths, and the grid that suits it. */
function proposedTexts(path: string, { proposal }: ObservationFacts): FormTexts {
  const { cellArcsec, imsize } = proposal
  const cell = cellArcsec < 0.001 ? `${cellArcsec * 1e6}uarcsec` : `${cellArcsec}arcsec`
  const milli = cellArcsec >= 0.0001 && cellArcsec < 0.1 ? `${Number((cellArcsec * 1000).toPrecision(6))}marcsec` : cell
  const stem = path.replace(/\/+$/, '').replace(/\.[^./]+$/, '')
  return { vis: path, imagename: stem, cell: milli, imsize: String(imsize), niter: '1000', weighting: 'briggs' }
}
