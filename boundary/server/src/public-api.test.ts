import { expect, it } from 'vitest'
import * as api from './index.ts'
import * as node from './node.ts'

it('exports these names and no others', () => {
  expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
    [
      "ServerError",
    ]
  `)
  expect(Object.keys(node).sort()).toMatchInlineSnapshot(`
    [
      "closeOnSignals",
      "hubPlace",
      "isHubEnvironment",
      "openBrowser",
      "startServer",
    ]
  `)
})
