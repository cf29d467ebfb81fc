import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Charts } from '../../src/inspector/chart/charts.ts'
import { startInspectorServer } from '../../src/inspector/server/inspector-server.ts'
import { runProgram } from '../support/processes/run-program.ts'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))
const guide = await readFile(join(docs, 'guides/inspector.md'), 'utf8')
const [any, runtime, standard] = [...guide.matchAll(/^```js\n(.*?)^```$/gms)].map(
  ([, code = '']) => code,
)
let folder: string

// Where the package's own name leads to its build.
beforeAll(async () => void (folder = await mkdtemp(join(docs, '.guide-'))))
afterAll(() => rm(folder, { recursive: true }))

async function run(code = ''): Promise<string> {
  const file = join(folder, 'block.mjs')
  await writeFile(file, code)
  return runProgram(process.execPath, [file])
}

describe('docs/guides/inspector.md', () => {
  it.each([any, runtime])('has a program with a page: block %#', async (code) => {
    expect(await run(code)).toMatch(/^inspector at http:\/\/127\.0\.0\.1:\d+\/$/m)
  })

  it('has a program that sends frames to a page', async () => {
    const server = await startInspectorServer({ charts: new Charts() })
    try {
      // The client of the standard inspector keeps its process.
      const url = JSON.stringify(server.url.replace('http', 'ws'))
      const end = 'setTimeout(() => process.exit(), 1000)'
      const file = join(folder, 'standard.mjs')
      await writeFile(file, `process.env.INSPECTOR_URL = ${url}\n${standard}\n${end}`)
      const child = spawn(process.execPath, [file], { stdio: 'inherit' })
      await expect.poll(() => server.apps.infos()).toMatchObject([{ name: 'anything' }])
      child.kill()
    } finally {
      await server.close()
    }
  })

  it('lists keys and options that exist', async () => {
    const keys = await readFile(join(docs, '../src/inspector/page/keys/key-table.ts'), 'utf8')
    for (const [, key = ''] of guide.matchAll(/`([a-zA-Z/?])`/g)) expect(keys).toContain(`'${key}'`)
    const flags = await readFile(join(docs, '../src/cli/flags/inspect-flags.ts'), 'utf8')
    for (const [flag] of guide.matchAll(/--inspect[a-z-]*/g)) expect(flags).toContain(flag)
  })
})
