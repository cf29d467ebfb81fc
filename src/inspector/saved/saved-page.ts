/** The text of a saved page: one HTML file with script, style and runs, which loads nothing. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { JarcastError } from '../../errors.ts'
import type { Entry } from '../../journal/journal.ts'
import { packageRoot } from '../../package-root.ts'
import { savedPartAttribute, savedRunAttribute } from './saved-run.ts'
import type { SavedHead } from './saved-run.ts'

export interface SavedRun {
  readonly head: SavedHead
  /** Those after `head.from`, or all. */
  readonly entries: Iterable<Entry>
}

/** Characters of base64 per element; whole groups of four. */
const pieceChars = 1024 * 1024
/** Of the entries of all runs as JSON: about what a page can hold. */
const maxChars = 512 * 1024 * 1024

/**
 * Makes the page piece by piece. Throws INSPECTOR_FAILED if the entries are more than a page can
 * hold, or the package was not built; and what reading the entries throws.
 */
export async function* savedPage(runs: readonly SavedRun[]): AsyncGenerator<string, void> {
  const budget = { chars: maxChars }
  yield pageHead()
  for (const [index, { head, entries }] of runs.entries()) {
    yield* elements(index, 'head', [JSON.stringify(head)])
    yield* elements(index, 'entries', linesWithin(entries, budget))
  }
  yield pageEnd()
}

function pageHead(): string {
  const style = readBuilt('page/page.css')
  const icon = Buffer.from(readBuilt('page/icon.svg')).toString('base64')
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(readBuilt('saved-page/script.js'))}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Inspector</title>
<link rel="icon" href="data:image/svg+xml;base64,${icon}">
<style>${style}</style>
</head>
<body>
<div id="page"><noscript>This page needs JavaScript.</noscript>Reading the run …</div>
`
}

function pageEnd(): string {
  return `<script type="module">${readBuilt('saved-page/script.js')}</script>
</body>
</html>
`
}

/** Elements that no browser runs, each with a piece of the base64 of the compressed texts. */
async function* elements(
  run: number,
  part: 'head' | 'entries',
  texts: Iterable<string>,
): AsyncGenerator<string, void> {
  const tag = `<script type="text/plain" ${savedRunAttribute}="${run}" ${savedPartAttribute}="${part}">`
  for await (const piece of toBase64(Readable.from(texts).pipe(createGzip()))) {
    yield `${tag}${piece}</script>\n`
  }
}

async function* toBase64(packed: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  const pieceBytes = (pieceChars / 4) * 3
  let bytes: Buffer = Buffer.alloc(0)
  for await (const chunk of packed) {
    bytes = Buffer.concat([bytes, chunk])
    while (bytes.length >= pieceBytes) {
      yield bytes.toString('base64', 0, pieceBytes)
      bytes = bytes.subarray(pieceBytes)
    }
  }
  yield bytes.toString('base64')
}

/** Some lines of JSON at a time. */
function* linesWithin(entries: Iterable<Entry>, budget: { chars: number }): Generator<string> {
  let lines = ''
  for (const entry of entries) {
    lines += `${JSON.stringify(entry)}\n`
    if (lines.length < 64 * 1024) continue
    budget.chars -= lines.length
    if (budget.chars < 0) throw tooLarge()
    yield lines
    lines = ''
  }
  yield lines
}

function tooLarge(): JarcastError {
  const message = `the entries are more than ${maxChars / 1024 / 1024} MiB, which is more than a page can hold: open the journal without --html`
  return new JarcastError('INSPECTOR_FAILED', message)
}

function readBuilt(path: string): string {
  try {
    return readFileSync(join(packageRoot(), 'dist/inspector', path), 'utf8')
  } catch (cause) {
    const message = `a part of the page is missing (dist/inspector/${path}): build the package, npm run build`
    throw new JarcastError('INSPECTOR_FAILED', message, { cause })
  }
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
