// Tests that need CASA: `npm run test:casa`. Not part of `npm test`; CLEANBEAM_CASA_PYTHON names CASA's Python.
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    name: 'casa',
    include: ['conformance/casa/**/*.casa.ts'],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
