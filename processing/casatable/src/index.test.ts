import { expect, it } from 'vitest'
import * as casatable from './index.ts'

it('exports what other packages rely on', () => {
  expect(Object.keys(casatable).sort()).toEqual([
    'CasatableError',
    'MemoryStorage',
    'TableRecord',
    'allocateNumeric',
    'createTableIn',
    'elementCount',
    'isArrayValue',
    'isNumericType',
    'isTableReference',
    'numericLayout',
    'openTableForUpdateIn',
    'openTableIn',
  ])
})
