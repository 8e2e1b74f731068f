import { defineConfig } from 'vitest/config'
import { chromiumIsMissing } from './conformance/browser/chromium.ts'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: ['./vitest.setup.ts'],
          include: [
            '{processing,boundary,gui}/*/src/**/*.test.{ts,tsx}',
            'cleanbeam/src/**/*.test.ts',
            'conformance/structure/**/*.test.ts',
          ],
          exclude: ['**/*.browser.test.ts', '**/node_modules/**'],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'browser',
          // Without Chromium there is nothing to run them in: said aloud, and an error where tools are required.
          include: chromiumIsMissing() ? [] : ['**/*.browser.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['conformance/**/*.test.ts'],
          exclude: ['conformance/structure/**', '**/*.browser.test.ts', '**/node_modules/**'],
          testTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
