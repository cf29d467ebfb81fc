/**
 * Takes the pictures of docs/inspector: the inspector's page in Chromium, with the demo's run.
 * Needs a build, Java and Chromium; another run gives other times in the pictures, so they are made
 * on request only.
 *
 *   node scripts/gen-screenshots.mjs [JOURNAL]
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { chromiumPath } from './support/machine.mjs'

const maxBytes = 300_000

const root = fileURLToPath(new URL('..', import.meta.url))
const to = join(root, 'docs/inspector')
const jarcast = join(root, 'dist/cli/main.js')

/** What each picture shows: the page's address after an entry, and the sizes of its panes. */
const pictures = [
  {
    name: 'statechart',
    after: 'serving',
    address: { actor: 'delivery', view: 'statechart' },
    panes: { log: 150 },
  },
  {
    name: 'lanes',
    after: 'launch',
    address: { view: 'sequence', panel: 'effects' },
    panes: { actors: 180, log: 150 },
  },
  { name: 'libraries', after: 'running', address: { view: 'libraries', panel: 'changes' } },
  { name: 'cluster', after: 'running', address: { view: 'cluster', panel: 'event' } },
  { name: 'why', after: 'held', address: { actor: 'offers', panel: 'why' }, part: '.entry' },
]

const folder = mkdtempSync(join(tmpdir(), 'jarcast-screenshots-'))
try {
  await takePictures(process.argv[2] ?? recordDemo())
} finally {
  rmSync(folder, { recursive: true })
}

function recordDemo() {
  const journal = join(folder, 'demo')
  const demo = join(root, 'docs/examples/demo/demo.mjs')
  const { status } = spawnSync(process.execPath, [demo, '--journal', journal], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`the demo ended with ${status}`)
  return journal
}

/** Entries worth seeing: the jar server starts; the last ACCEPT, offer, and task to run. */
function findEntries(journal) {
  const { stdout, status } = spawnSync(process.execPath, [jarcast, 'replay', journal, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  if (status !== 0) throw new Error(`jarcast replay ended with ${status}`)
  const entries = stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('{"type":"entry"') ? [JSON.parse(line)] : []))
  const hasCall = ({ effects }, type) => effects.some(({ params }) => params?.type === type)
  return {
    serving: entries.find(({ event }) => event?.type === 'jarServer.started')?.seq,
    launch: entries.findLast((entry) => hasCall(entry, 'ACCEPT'))?.seq,
    held: entries.findLast(({ event }) => event?.type === 'mesos.offers')?.seq,
    running: entries.findLast(({ event }) => event?.status?.state === 'TASK_RUNNING')?.seq,
  }
}

async function takePictures(journal) {
  const entries = findEntries(journal)
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--force-color-profile=srgb'],
  })
  const server = spawn(process.execPath, [jarcast, 'inspect', journal], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const url = await urlOf(server.stdout)
    mkdirSync(to, { recursive: true })
    for (const picture of pictures) await take(browser, url, picture, entries[picture.after])
  } finally {
    await browser.close()
    server.kill()
  }
}

async function take(browser, url, { name, address, part = 'body', panes = {} }, entry) {
  if (entry === undefined) throw new Error(`the run has no entry for the picture ${name}`)
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  // As the page keeps what its reader arranged: src/inspector/page/state/layout.ts.
  await page.addInitScript(
    (text) => localStorage.setItem('jarcast-inspector', text),
    JSON.stringify(panes),
  )
  await page.goto(`${url}#${new URLSearchParams({ ...address, entry })}`)
  await page.locator('.entry-head .number', { hasText: `#${entry}` }).waitFor()
  // Its layout takes a while on a busy machine.
  if (address.view === 'statechart') await page.locator('svg.chart .texts.lit').first().waitFor()
  // Charts, fonts and transitions.
  await page.waitForTimeout(2500)
  const path = join(to, `${name}.png`)
  await page.locator(part).screenshot({ path })
  await page.close()
  const { size } = statSync(path)
  console.log(`${path}: ${size} bytes`)
  if (size > maxBytes) throw new Error(`${path} may have ${maxBytes} bytes`)
}

async function urlOf(output) {
  for await (const line of createInterface(output)) {
    const [url] = /http:\S+/.exec(line) ?? []
    if (url !== undefined) return url
  }
  throw new Error('jarcast inspect ended')
}
