import { useEffect, useState } from 'react'
import { useAppState, useServices } from './app-context.tsx'

/** Over the page: a lost connection, and messages that wait to be read. */
export function Banners() {
  return (
    <div className="banners">
      <ConnectionBanner />
      <NoticeBanner />
    </div>
  )
}

function ConnectionBanner() {
  const { client } = useServices()
  const connection = useAppState(state => state.connection)
  const finished = useAppState(state => state.session?.phase.name === 'finished')
  if (connection.name === 'waiting') {
    return (
      <div className="banner warning" role="alert">
        <span>
          The connection is lost. The session goes on and nothing is lost; trying again{' '}
          <Countdown untilMs={connection.retryAtMs} />
        </span>
        <button type="button" className="text-button" onClick={() => client.reconnect()}>
          try now
        </button>
      </div>
    )
  }
  if (connection.name !== 'closed' || finished) return null
  return (
    <div className="banner error" role="alert">
      The session is closed: {connection.reason}. What was done is on disk.
    </div>
  )
}

function Countdown({ untilMs }: { untilMs: number }) {
  const [nowMs, setNowMs] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.ceil((untilMs - nowMs) / 1000)
  return <>{seconds > 0 ? `in ${seconds} s` : 'now'}</>
}

function NoticeBanner() {
  const { store } = useServices()
  const notice = useAppState(state => state.notice)
  if (!notice) return null
  return (
    <div className={`banner ${notice.kind}`} role="alert">
      <span>{notice.text}</span>
      <button type="button" className="text-button" onClick={() => store.setState({ notice: null })}>
        dismiss
      </button>
    </div>
  )
}
