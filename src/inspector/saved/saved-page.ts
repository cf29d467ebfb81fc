/** The text of a saved page: one HTML file with script, style and runs, which loads nothing. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { JarcastError } from '../../errors.ts'
import { packageRoot } from '../../package-root.ts'
import { savedElements } from './saved-elements.ts'
import type { SavedRun } from './saved-elements.ts'

/**
 * Makes the page piece by piece. Throws INSPECTOR_FAILED if the entries are more than a page can
 * hold, or the package was not built; and what reading the entries throws.
 */
export async function* savedPage(runs: readonly SavedRun[]): AsyncGenerator<string, void> {
  const script = readBuilt('saved-page/script.js')
  yield pageHead(script)
  yield* savedElements(runs)
  yield pageEnd(script)
}

function pageHead(script: string): string {
  const style = readBuilt('page/page.css')
  const icon = Buffer.from(readBuilt('page/icon.svg')).toString('base64')
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
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

function pageEnd(script: string): string {
  return `<script type="module">${script}</script>
</body>
</html>
`
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
