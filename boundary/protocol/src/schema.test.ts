import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { METHODS } from './methods.ts'
import { TOPICS } from './topics.ts'

const path = join(import.meta.dirname, '..', 'golden', 'schema.json')

/** Schemas of all methods and topics as JSON Schema; what JSON cannot say (typed arrays, records) is left open. */
function describeProtocol(): unknown {
  const describe = (schema: z.ZodType, io: 'input' | 'output') => {
    const { $schema, ...rest } = z.toJSONSchema(schema, { unrepresentable: 'any', io })
    return rest
  }
  return {
    methods: Object.fromEntries(
      Object.entries(METHODS).map(([name, { lane, params, result }]) => [
        name,
        { lane, params: describe(params, 'input'), result: describe(result, 'output') },
      ]),
    ),
    topics: Object.fromEntries(Object.entries(TOPICS).map(([name, schema]) => [name, describe(schema, 'output')])),
  }
}

/** Everything in `before` that is not the same in `now`; what `now` has in addition is no difference. */
function lost(before: unknown, now: unknown, where: string): string[] {
  if (typeof before !== 'object' || before === null || typeof now !== 'object' || now === null) {
    return before === now ? [] : [`${where}: was ${JSON.stringify(before)}, is ${JSON.stringify(now)}`]
  }
  return Object.entries(before).flatMap(([key, value]) =>
    lost(value, (now as Record<string, unknown>)[key], `${where}.${key}`),
  )
}

it('version 1 only gains methods, topics and fields (golden/schema.json; UPDATE_GOLDEN=1 writes additions to it)', () => {
  const now = describeProtocol()
  if (!existsSync(path)) writeFileSync(path, `${JSON.stringify(now, null, 1)}\n`)
  const before = JSON.parse(readFileSync(path, 'utf8'))
  expect(lost(before, now, 'protocol')).toEqual([])
  if (process.env.UPDATE_GOLDEN) writeFileSync(path, `${JSON.stringify(now, null, 1)}\n`)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(now)))
})
