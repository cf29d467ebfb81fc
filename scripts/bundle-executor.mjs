/**
 * Bundles the executor program and everything it imports into dist/executor/jarcast-executor.mjs: one file that a
 * Mesos agent fetches and runs with `node`, where nothing is installed. Another file may be named as argument.
 */
import { statSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const outfile = process.argv[2] ?? `${root}dist/executor/jarcast-executor.mjs`

await build({
  entryPoints: [`${root}src/executor/main.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  // Names and lines stay: a stack trace in a sandbox should tell where.
  minifySyntax: true,
  legalComments: 'inline',
  // CommonJS dependencies call require for Node's own modules.
  banner: {
    js: "import { createRequire as jarcastCreateRequire } from 'node:module'\nconst require = jarcastCreateRequire(import.meta.url)",
  },
  logLevel: 'warning',
})
console.log(`${outfile}: ${statSync(outfile).size} bytes`)
