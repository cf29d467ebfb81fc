import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const entries = ['replay-app/open-replay-app.ts', 'recording/recorder.ts', 'value/to-value.ts']

it.each(entries)('a saved page can contain %s: nothing of it needs Node', async (name) => {
  const path = fileURLToPath(new URL(`../../src/inspector/${name}`, import.meta.url))
  const { errors } = await build({
    entryPoints: [path],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    logLevel: 'silent',
  })
  expect(errors).toEqual([])
})
