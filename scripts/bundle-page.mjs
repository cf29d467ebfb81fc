/**
 * Bundles the inspector's page into dist/inspector/page, and the jar server's, which is a part of
 * it, into dist/server/page: a script, a stylesheet, the page and its icon each. Prints what a
 * browser loads, compressed, and fails if it is more than it may be.
 * Into dist/inspector/saved-page it bundles the script of saved pages, with the machines in it.
 */
import { cpSync, mkdirSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const maxBytes = 60_000
const maxJarServerBytes = 20_000

const root = fileURLToPath(new URL('..', import.meta.url))
const from = `${root}src/inspector/page`
const to = `${root}dist/inspector/page`
const savedTo = `${root}dist/inspector/saved-page`

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: ['chrome123', 'firefox121', 'safari17.5'],
  tsconfig: `${from}/tsconfig.json`,
  logLevel: 'warning',
}

await bundlePage(to, { main: 'main.tsx', style: 'design/page.css', html: 'index.html' }, maxBytes)
await bundlePage(
  `${root}dist/server/page`,
  {
    main: 'jar-server/main.tsx',
    style: 'jar-server/jar-server.css',
    html: 'jar-server/index.html',
  },
  maxJarServerBytes,
)

await build({
  ...common,
  entryPoints: [{ in: `${root}src/framework/inspection/saved-page.mjs`, out: 'script' }],
  outdir: savedTo,
  legalComments: 'inline',
  // An action or guard is called by the name of its function.
  keepNames: true,
  alias: { 'node:crypto': `${root}src/inspector/saved/browser/crypto.ts` },
  inject: [`${root}src/inspector/saved/browser/buffer.ts`],
})
console.log(`${savedTo}: ${sizeOf([`${savedTo}/script.js`])} bytes compressed`)
// It stands inside HTML, where these end or open a script.
if (/<\/script|<!--/i.test(readFileSync(`${savedTo}/script.js`, 'utf8')))
  fail('the script of saved pages contains </script or <!--')

async function bundlePage(to, { main, style, html }, maxBytes) {
  mkdirSync(to, { recursive: true })
  await build({
    ...common,
    entryPoints: [
      { in: `${from}/${main}`, out: 'page' },
      { in: `${from}/${style}`, out: 'page' },
    ],
    outdir: to,
    legalComments: 'inline',
  })
  cpSync(`${from}/${html}`, `${to}/index.html`)
  cpSync(`${from}/icon.svg`, `${to}/icon.svg`)
  const files = ['page.js', 'page.css', 'index.html', 'icon.svg'].map((name) => `${to}/${name}`)
  const bytes = sizeOf(files)
  console.log(`${to}: ${bytes} bytes compressed`)
  if (bytes > maxBytes) fail(`${to} may have ${maxBytes} bytes`)
}

function sizeOf(files) {
  return files
    .map((file) => gzipSync(readFileSync(file), { level: 9 }).length)
    .reduce((sum, size) => sum + size, 0)
}

function fail(problem) {
  console.error(`${problem} (scripts/bundle-page.mjs)`)
  process.exit(1)
}
