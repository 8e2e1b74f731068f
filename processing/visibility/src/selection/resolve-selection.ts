import type { DataSelection } from '@cleanbeam/types'
import { VisibilityError } from '../visibility-error.ts'
import type { ResolvedSelection, Selectable } from './selectable.ts'

const NOT_YET: readonly (keyof DataSelection)[] = ['timerange', 'uvrange', 'antenna', 'scan', 'observation', 'intent']

/**
 * Resolves a data selection against an observation.
 * @throws VisibilityError when it names what the observation does not have
 */
export function resolveSelection(observation: Selectable, selection: DataSelection): ResolvedSelection {
  for (const name of NOT_YET) {
    if (selection[name]) {
      throw new VisibilityError(`expected no ${name}, got '${selection[name]}': not yet supported: ${name}`, {
        parameter: name,
      })
    }
  }
  const fields = parseIds(selection.field ?? '', 'field', observation.fields, observation.path)
  const spws = parseIds(selection.spw ?? '', 'spw', observation.spws, observation.path)
  const channels = new Map(
    [...spws].map(id => [id, Int32Array.from(observation.spws[id].channelFrequencyHz, (_, k) => k)]),
  )
  return {
    channels,
    acceptsRow: row => fields.has(row.field) && spws.has(row.spw),
    text: JSON.stringify(selection),
  }
}

function parseIds(
  text: string,
  parameter: string,
  known: readonly { readonly id: number; readonly name: string }[],
  path: string,
): Set<number> {
  const clean = text.trim()
  if (clean === '' || clean === '*') return new Set(known.map(each => each.id))
  const ids = new Set<number>()
  for (const part of clean.split(',').map(each => each.trim())) {
    const match = /^(\d+)(?:~(\d+))?$/.exec(part)
    const named = known.filter(each =>
      match ? each.id >= Number(match[1]) && each.id <= Number(match[2] ?? match[1]) : each.name === part,
    )
    if (named.length === 0) {
      throw new VisibilityError(
        `expected a ${parameter} of ${known.map(each => `${each.id} '${each.name}'`).join(', ')}, got '${part}' (${path})`,
        { parameter, value: part },
      )
    }
    for (const each of named) ids.add(each.id)
  }
  return ids
}
