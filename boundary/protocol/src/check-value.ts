import { z } from 'zod'
import { ProtocolError } from './protocol-error.ts'

/**
 * A value that fits its schema, defaults filled in and unknown fields left out.
 * @param where - what is checked, for the message: 'parameters of mask.edit'
 * @throws ProtocolError naming the field
 */
export function checkValue<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const path = issue.path.join('.')
  throw new ProtocolError(`${z.prettifyError(result.error)} (${where})`, { where, path })
}
