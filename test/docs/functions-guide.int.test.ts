import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeProject } from '../tracing/project.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const guide = readFileSync(join(root, 'docs/guides/functions.md'), 'utf8')
/** The files of the guide, by the path in their first line. */
const files = Object.fromEntries(
  Array.from(guide.matchAll(/^```(?:js|ts|txt)\n\/\/ (\S+)\n(.*?)^```$/gms), ([, path, text]) => [
    path ?? '',
    text ?? '',
  ]),
)
const commands = Array.from(guide.matchAll(/^```sh\n(.*?)^```$/gms), ([, text = '']) =>
  text.trim().split('\n'),
).flat()
const run = promisify(execFile)
let cache = ''

beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'jarcast-test-functions-'))
})

afterAll(() => rmSync(cache, { recursive: true, force: true }))

describe('docs/guides/functions.md', () => {
  it('runs its commands with its files', async () => {
    expect(Object.keys(files)).toHaveLength(5)
    expect(commands).toHaveLength(3)
    const folder = makeProject({ ...files, 'node_modules/jarcast': `-> ${root}` })
    cpSync(join(root, 'node_modules/ms'), join(folder, 'node_modules/ms'), { recursive: true })
    const outputs: string[] = []
    for (const command of commands) {
      const [program = '', ...args] = command
        .replace('npx jarcast', `node ${root}/dist/cli/main.js`)
        .split(' ')
      const env = { ...process.env, JARCAST_CACHE_DIR: cache }
      const { stdout, stderr } = await run(program, args, { cwd: folder, env })
      outputs.push(stdout + stderr)
    }
    const [table, result, inCode] = outputs
    expect(table).toContain('packed times.ts.tgz: 5 files of 1 package and its own')
    expect(table).toMatch(/total .* 9000$/m)
    expect(result).toMatch(/^9015$/m)
    expect(result).toMatch(/times\.ts\.tgz, .* from its host cache/)
    expect(inCode).toBe('3.14 12.57 28.27\n')
  })
})
