import type { SelectableField } from './selectable.ts'
import { nameTest, parseIdTest, type SelectionContext, selectionError, splitList } from './selection-text.ts'

/**
 * Fields: a comma list of ids, ranges, >1, <2, names, patterns and regular expressions; what matches no name is tried on
 * the field codes.
 * @throws VisibilityError naming the part that matches no field
 * @see Bhatnagar, "MSSelection syntax", section 4
 */
export function parseFieldSelection(
  text: string,
  fields: readonly SelectableField[],
  context: SelectionContext,
): ReadonlySet<number> {
  const selected = new Set<number>()
  for (const part of splitList(text, ',', context)) {
    const found = matchFields(part, fields, context)
    if (found.length === 0) {
      const known = fields.map(field => `${field.id} '${field.name}'`).join(', ')
      throw selectionError(context, `one of the fields ${known}`, part)
    }
    for (const field of found) selected.add(field.id)
  }
  return selected
}

function matchFields(
  part: string,
  fields: readonly SelectableField[],
  context: SelectionContext,
): readonly SelectableField[] {
  if (/^[<>]=/.test(part)) throw selectionError(context, "a comparison such as '>1' or '<2'", part)
  const isId = parseIdTest(part)
  if (isId !== null) {
    const byId = fields.filter(field => isId(field.id))
    // Sources may carry a number for a name.
    return byId.length > 0 ? byId : fields.filter(field => field.name === part)
  }
  const isName = nameTest(part, context)
  const byName = fields.filter(field => isName(field.name))
  return byName.length > 0
    ? byName
    : fields.filter(field => field.code !== undefined && field.code !== '' && isName(field.code))
}
