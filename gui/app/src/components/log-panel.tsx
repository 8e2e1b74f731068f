import type { LogLine } from '@cleanbeam/protocol'
import { useEffect, useRef, useState } from 'react'
import { type ScriptKind, sessionScript } from '../words/session-scripts.ts'
import { useAppState, useServices } from './app-context.tsx'
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

const SCRIPTS: readonly { readonly kind: ScriptKind; readonly label: string; readonly title: string }[] = [
  { kind: 'casa', label: 'CASA', title: 'Copy the calls and mask edits as a Python script for CASA' },
  { kind: 'params', label: 'params', title: 'Copy a file for cleanbeam tclean --params: one run with this mask' },
  { kind: 'typescript', label: 'TypeScript', title: 'Copy a TypeScript program: one run with this mask' },
]

/** Copies the course of the session as a program. */
export function CopyCommands() {
  const { store } = useServices()
  const isEmpty = useAppState(state => !state.session?.log.some(line => line.level === 'command'))
  const [copied, setCopied] = useState<ScriptKind | null>(null)
  const copy = async (kind: ScriptKind) => {
    const { session } = store.getState()
    if (!session) return
    await navigator.clipboard.writeText(sessionScript(session, kind))
    setCopied(kind)
    setTimeout(() => setCopied(null), 1500)
  }
  return (
    <div className="copy-commands">
      <span className="faint">copy as</span>
      {SCRIPTS.map(({ kind, label, title }) => (
        <button
          key={kind}
          type="button"
          className="text-button"
          disabled={isEmpty}
          title={title}
          aria-label={`Copy as ${label}`}
          onClick={() => copy(kind)}
        >
          <Icon name={copied === kind ? 'check' : 'copy'} size={12} />
          {label}
        </button>
      ))}
    </div>
  )
}
