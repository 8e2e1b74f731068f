import { nameTest, parseIdTest, type SelectionContext, selectionError, splitList } from './selection-text.ts'

/**
 * Intents: a comma list of patterns tried on each of the intents (between commas) in OBS_MODE of every state, or of
 * state ids.
 * @param intents - OBS_MODE of every state; null when the data carry none
 * @returns ids of the states
 * @throws VisibilityError when nothing matches
 * @see CASA documentation, "Visibility data selection", intent
 */
export function parseIntentSelection(
  text: string,
  intents: readonly string[] | null,
  context: SelectionContext,
): ReadonlySet<number> {
  if (intents === null) throw selectionError(context, 'no intent, because these data carry none', text)
  const selected = new Set<number>()
  for (const part of splitList(text, ',', context)) {
    const isId = parseIdTest(part)
    const isName = isId === null ? nameTest(part, context) : null
    const found = intents.flatMap((intent, id) =>
      isId?.(id) || intent.split(',').some(each => isName?.(each.trim())) ? [id] : [],
    )
    if (found.length === 0) {
      throw selectionError(context, `a pattern for one of the intents ${[...new Set(intents)].join(' | ')}`, part)
    }
    for (const id of found) selected.add(id)
  }
  return selected
}
