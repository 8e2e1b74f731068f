import { parseIdTest, type SelectionContext, selectionError, splitList } from './selection-text.ts'

/**
 * Scans, observations or arrays: a comma list of 3, 2~5, >4, <3 or >2&<9.
 * @throws VisibilityError for anything else
 * @see CASA documentation, "Visibility data selection", scan and observation
 */
export function parseIdSelection(text: string, context: SelectionContext): (id: number) => boolean {
  const tests = splitList(text, ',', context).map(part => {
    const test = parseIdTest(part)
    if (test === null) throw selectionError(context, "identifiers such as '3', '2~5', '>4' or '1,3'", part)
    return test
  })
  return id => tests.some(test => test(id))
}
