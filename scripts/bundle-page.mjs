/**
 * Bundles the inspector's page into dist/inspector/page: a script, a stylesheet, the page and its
 * icon. Prints what a browser loads, compressed, and fails if it is more than it may be.
 */
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const maxBytes = 60_000

const root = fileURLToPath(new URL('..', import.meta.url))
const from = `${root}src/inspector/page`
const to = `${root}dist/inspector/page`

mkdirSync(to, { recursive: true })
await build({
  absWorkingDir: root,
  entryPoints: [
    { in: `${from}/main.tsx`, out: 'page' },
    { in: `${from}/design/page.css`, out: 'page' },
  ],
  outdir: to,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: ['chrome123', 'firefox121', 'safari17.5'],
  tsconfig: `${from}/tsconfig.json`,
  legalComments: 'inline',
  logLevel: 'warning',
})
for (const name of ['index.html', 'icon.svg']) cpSync(`${from}/${name}`, `${to}/${name}`)

const sizes = ['page.js', 'page.css', 'index.html', 'icon.svg'].map(
  (name) => gzipSync(readFileSync(`${to}/${name}`), { level: 9 }).length,
)
const bytes = sizes.reduce((sum, size) => sum + size, 0)
console.log(`${to}: ${bytes} bytes compressed`)
if (bytes > maxBytes) {
  console.error(`the page may have ${maxBytes} bytes (scripts/bundle-page.mjs)`)
  process.exit(1)
}
