/** In processes of Node.js: vitest would load TypeScript itself. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const built = new URL('../../../dist/cli/process/import-module.js', import.meta.url)
const run = promisify(execFile)
let folder = ''

beforeAll(async () => {
  if (!existsSync(fileURLToPath(built))) throw new Error('these tests run the build: npm run build')
  folder = await mkdtemp(join(tmpdir(), 'jarcast-import-'))
  const files = {
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@own/*": ["./lib/*"] } } }',
    'lib/color.ts': 'export enum Color { Red = "red" }',
    'lib/plain.ts': 'export const plain: string = "plain"',
    'enum.mjs': "import { Color } from './lib/color.ts'\nexport default Color.Red",
    'alias.ts': "import { plain } from '@own/plain'\nexport const found = plain",
    'alias.mjs': "export { found as default } from './alias.ts'",
    'short.ts': "export { plain as found } from './lib/plain'",
    'short.mjs': "export { found as default } from './short.ts'",
    'missing.mjs': "import './nowhere.mjs'",
  }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** What the module exports as default, or the message of its error. */
async function defaultOf(name: string): Promise<string> {
  const source = `
    const { importModule } = await import(${JSON.stringify(built.href)})
    const file = ${JSON.stringify(join(folder, name))}
    console.log(await importModule(file).then((all) => all.default, (error) => error.message))`
  const args = ['--no-warnings', '--input-type=module', '-e', source]
  return (await run(process.execPath, args, { cwd: folder })).stdout.trim()
}

describe('importModule', () => {
  it.each([
    ['enum.mjs', 'red'],
    ['alias.mjs', 'plain'],
    ['short.mjs', 'plain'],
  ])('imports %s, whose TypeScript Node cannot run as it is', async (name, found) => {
    expect(await defaultOf(name)).toBe(found)
  })

  it('leaves an import that no file is there for to Node', async () => {
    expect(await defaultOf('missing.mjs')).toMatch(/^Cannot find module '.*nowhere\.mjs'/)
  })
})
