import type { LogLine } from '@cleanbeam/protocol'
import { useEffect, useRef, useState } from 'react'
import { useAppState } from './app-context.tsx'
import { Icon } from './icons.tsx'

/** The calls made so far with their times, newest last. */
export function LogPanel() {
  const log = useAppState(state => state.session?.log)
  const list = useRef<HTMLDivElement>(null)
  const lines = log ?? []
  useStickToEnd(list, lines.length)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="log" ref={list} role="log" aria-label="Log" tabIndex={0}>
      {lines.map(line => (
        <LogRow key={line.index} line={line} />
      ))}
      {lines.length === 0 && <div className="faint">Calls of tclean and deconvolve appear here</div>}
    </div>
  )
}

const CALL = /^(\w+)(\(.*)$/s

function LogRow({ line }: { line: LogLine }) {
  const call = line.level === 'command' ? CALL.exec(line.text) : null
  return (
    <div className={`log-line ${line.level}`}>
      <time dateTime={new Date(line.timeMs).toISOString()}>{clock(line.timeMs)}</time>
      {call ? (
        <span>
          <b>{call[1]}</b>
          {call[2]}
        </span>
      ) : (
        <span>{line.text}</span>
      )}
    </div>
  )
}

function clock(timeMs: number): string {
  return new Date(timeMs).toTimeString().slice(0, 8)
}

/** Follows new lines as long as the end is in sight. */
function useStickToEnd(list: { readonly current: HTMLElement | null }, count: number): void {
  const seen = useRef(0)
  useEffect(() => {
    const element = list.current
    if (!element || count === seen.current) return
    const fromEnd = element.scrollHeight - element.scrollTop - element.clientHeight
    if (seen.current === 0 || fromEnd < 160) element.scrollTop = element.scrollHeight
    seen.current = count
  })
}

/** Copies the tclean and deconvolve calls of the session. */
export function CopyCommandsButton() {
  const log = useAppState(state => state.session?.log)
  const [copied, setCopied] = useState(false)
  const text = (log ?? [])
    .filter(line => line.level === 'command')
    .map(line => `${line.text}\n`)
    .join('')
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <button
      type="button"
      className="text-button"
      disabled={text === ''}
      title="Copy the tclean and deconvolve calls as Python"
      onClick={copy}
    >
      <Icon name={copied ? 'check' : 'copy'} size={13} />
      {copied ? 'copied' : 'copy calls'}
    </button>
  )
}
