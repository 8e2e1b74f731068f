#!/usr/bin/env node
// Refuses an old Node in words before any newer syntax is parsed, then starts the command line.
import nodeModule from 'node:module'

const major = Number(process.versions.node.split('.')[0])
if (major < 20) {
  console.error(
    'cleanbeam: expected Node.js 20 or newer, got ' + process.version + ': install it from https://nodejs.org',
  )
  process.exit(1)
}
if (nodeModule.enableCompileCache) nodeModule.enableCompileCache()
import('../dist/cli.js').then(
  cli => cli.main(process.argv.slice(2)),
  error => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    console.error('cleanbeam: expected the built program, got none: run "npm run build" (' + error.message + ')')
    process.exit(1)
  },
)
