import { nameTest, parseIdTest, type SelectionContext, selectionError, splitList } from './selection-text.ts'

/**
 * Intents: a comma list of patterns tried on the whole OBS_MODE of each state, or of state ids.
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
    const before = selected.size
    intents.forEach((intent, id) => {
      if (isId?.(id) || isName?.(intent)) selected.add(id)
    })
    if (selected.size === before && !intents.some((intent, id) => isId?.(id) || isName?.(intent))) {
      throw selectionError(context, `a pattern for one of the intents ${[...new Set(intents)].join(' | ')}`, part)
    }
  }
  return selected
}
