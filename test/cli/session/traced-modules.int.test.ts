import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { elf } from '../../support/binaries.ts'
import { makeProject, packageFiles } from '../../tracing/project.ts'
import { outcomeOf } from '../../support/processes/outcome-of.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
let cache = ''

beforeAll(() => {
  if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
  cache = mkdtempSync(join(tmpdir(), 'jarcast-test-traced-'))
})

afterAll(() => rmSync(cache, { recursive: true, force: true }))

function jarcast(cwd: string, ...args: readonly string[]) {
  const env = { ...process.env, JARCAST_CACHE_DIR: join(cache, 'hosts'), TMPDIR: cache }
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return outcomeOf(child)
}

describe('a module that imports', () => {
  it('runs on agents with packages, TypeScript and data, without --lib', async () => {
    const folder = makeProject({
      'package.json': '{"type":"module","name":"app","version":"1.0.0"}',
      'tsconfig.json': '{"compilerOptions":{"paths":{"#app/*":["./src/*"]}}}',
      ...packageFiles('shout', 'module.exports = (text) => text.toUpperCase()'),
      ...packageFiles('given', 'module.exports = "here"'),
      'src/tasks.ts': `
        import shout from 'shout'
        import given from 'given'
        import { greet, type Name } from '#app/greet'
        import names from './names.json' with { type: 'json' }
        enum End { Mark = '!' }
        export function greeting(): string { return shout(greet(names[0] as Name)) + End.Mark }
        export function place(): string { return given }
        export async function plugin(name: string = 'p') {
          return await import(name).then(() => 'found', () => 'not found')
        }
        export default () => [
          { id: 'sum', work: { kind: 'js', module: './sums.cjs', export: 'add', args: [1, 2] } },
        ]`,
      'src/greet.ts': "export type Name = string; export const greet = (n: Name) => 'hello ' + n",
      'src/names.json': '["world"]',
      'src/sums.cjs': 'exports.add = (one, other) => one + other',
    })
    const flags = ['--master', 'local', '--lib', 'node_modules/given']
    const { status, stdout, stderr } = await jarcast(folder, 'run', 'src/tasks.ts', ...flags)
    const output = stdout + stderr
    expect(output).toMatch(/greeting +S0 .* HELLO WORLD!$/m)
    expect(output).toMatch(/sum +S0 .* 3$/m)
    expect(output).toMatch(/plugin +S0 .* not found$/m)
    expect(status).toBe(0)
    // Of the file that the user wrote, and its line.
    expect(output).toMatch(
      /src\/tasks\.ts:10: the import of name is known only when it runs; .*--lib/,
    )
    expect(output).toMatch(/packed tasks\.ts\.tgz: 7 files of 1 package and its own/)

    const called = await jarcast(folder, 'exec', ...flags, '--js', 'src/tasks.ts#greeting')
    expect(called.stdout).toBe('HELLO WORLD!\n')
  })

  it('is refused before anything starts if it cannot be run', async () => {
    const folder = makeProject({
      'wrong.ts': 'export const n: number = 1\nexport function f( { }',
      'throws.ts': "type A = 1\n\nthrow new Error('no luck')\nexport {}",
    })
    const wrong = await jarcast(folder, 'run', 'wrong.ts', '--master', 'local')
    expect(wrong.stderr).toMatch(/CONFIG_INVALID: .*wrong\.ts:2:\d+: /)
    expect(wrong.status).toBe(2)
    const throws = await jarcast(folder, 'run', 'throws.ts', '--master', 'local')
    expect(throws.stderr).toContain(`no luck (${join(folder, 'throws.ts')}:3:7)`)
    expect(throws.status).toBe(2)
  })

  it('is compared with a frozen lock file when it imports nothing any more', async () => {
    const folder = makeProject({
      ...packageFiles('shout', 'module.exports = (text) => text.toUpperCase()'),
      'tasks.cjs': "exports.run = () => require('shout')('hi')",
    })
    const args = ['exec', '--master', 'local', '--dry-run', '--lock', 'jarcast.lock.json']
    const call = ['--js', 'tasks.cjs#run']
    expect(await jarcast(folder, ...args, ...call)).toMatchObject({ status: 0 })
    writeFileSync(join(folder, 'tasks.cjs'), "exports.run = () => 'hi'")
    const refused = await jarcast(folder, ...args, '--frozen', ...call)
    expect(refused.stderr).toContain('tasks.cjs: shout 1.0.0 is not imported')
    expect(refused.status).toBe(2)
    const told = await jarcast(folder, ...args, ...call)
    expect(told.stderr).toMatch(/differs from the lock file, which is written: shout 1\.0\.0/)
    expect(await jarcast(folder, ...args, '--frozen', ...call)).toMatchObject({ status: 0 })
  })

  it('makes no folder for the journal of a dry run', async () => {
    const folder = makeProject({
      ...packageFiles('shout', ''),
      'tasks.cjs': "require('shout')\nexports.run = () => 'hi'",
    })
    const args = ['exec', '--master', 'local', '--dry-run', '--journal', 'run-1']
    expect(await jarcast(folder, ...args, '--js', 'tasks.cjs#run')).toMatchObject({ status: 0 })
    expect(existsSync(join(folder, 'run-1'))).toBe(false)
  })

  it('travels with the native addons of --agent-platform', async () => {
    const folder = makeProject({
      ...packageFiles('node-gyp-build', 'module.exports = (folder) => folder'),
      ...packageFiles('fast', "exports.addon = require('node-gyp-build')(__dirname)"),
      'node_modules/fast/prebuilds/linux-x64/fast.node': elf(62),
      'node_modules/fast/prebuilds/linux-arm64/fast.node': elf(183),
      'tasks.cjs': "exports.run = () => require('fast')",
    })
    const args = ['exec', '--master', 'local', '--dry-run', '--verbose', '--agent-platform']
    const planned = await jarcast(folder, ...args, 'linux-arm64', '--js', 'tasks.cjs#run')
    expect(planned).toMatchObject({ status: 0 })
    expect(planned.stderr).toContain('prebuilds/linux-arm64/fast.node')
    expect(planned.stderr).not.toContain('prebuilds/linux-x64/fast.node')
  })
})
