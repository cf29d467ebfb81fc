import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { traceModules } from '../../src/tracing/trace-modules.ts'
import type { TracedModules } from '../../src/tracing/trace-modules.ts'
import { makeProject, packageFiles } from './project.ts'

async function trace(...modules: Parameters<typeof traceModules>): Promise<TracedModules> {
  const traced = await traceModules(...modules)
  onTestFinished(() => traced.remove())
  return traced
}

/** Calls an export in a copy of the tree in another place, and returns its result. */
function callElsewhere({ folder, modules }: TracedModules, name: string): unknown {
  const copy = mkdtempSync(join(tmpdir(), 'jarcast-test-elsewhere-'))
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }))
  cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
  const [module = ''] = modules.values()
  const script = `const { ${name} } = await import(${JSON.stringify(join(copy, module))})
    console.log(JSON.stringify(await ${name}()))`
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
  )
}

function placesIn({ files }: TracedModules): readonly string[] {
  return files.map(({ place }) => place).toSorted()
}

describe('traceModules', () => {
  it('packs what ESM, CommonJS, JSON, wasm and workspaces need, and nothing else', async () => {
    const wasm = Buffer.from('0061736d01000000', 'hex')
    const folder = makeProject({
      'package.json': JSON.stringify({ private: true, workspaces: ['packages/*'] }),
      'unused.js': 'export default 1',
      ...packageFiles('used', 'exports.used = require("deep").deep'),
      ...packageFiles('deep', 'exports.deep = "deep"'),
      'node_modules/deep/docs/large.md': 'not needed',
      ...packageFiles('never', ''),
      'node_modules/@me/lib': '-> ../../packages/lib',
      'packages/lib/package.json': JSON.stringify({
        name: '@me/lib',
        version: '1.0.0',
        exports: { import: './src/index.ts', require: './none.cjs' },
        imports: { '#own/*': './src/own/*.ts' },
        type: 'module',
      }),
      'packages/lib/src/index.ts': "export { own as lib } from '#own/x'\nexport type Lib = string",
      'packages/lib/src/own/x.ts': "export const own: string = 'lib'",
      'packages/app/package.json': JSON.stringify({
        name: 'app',
        version: '1.0.0',
        type: 'module',
      }),
      'packages/app/tasks.mjs': `
        import { readFile } from 'node:fs/promises'
        import { used } from 'used'
        import { lib } from '@me/lib'
        import data from './data.json' with { type: 'json' }
        export async function all() {
          const wasm = await readFile(new URL('./empty.wasm', import.meta.url))
          const { late } = await import('./late.cjs')
          return [used, lib, data.value, wasm.length, late]
        }`,
      'packages/app/data.json': '{"value":7}',
      'packages/app/empty.wasm': wasm,
      'packages/app/late.cjs': "exports.late = require('./deeper').value",
      'packages/app/deeper/index.js': 'export const value = 3',
    })
    const traced = await trace([join(folder, 'packages/app/tasks.mjs')])
    expect(callElsewhere(traced, 'all')).toEqual(['deep', 'lib', 7, 8, 3])
    expect(traced.untraced).toEqual([])
    expect(placesIn(traced)).toEqual([
      'node_modules/deep/index.js',
      'node_modules/deep/package.json',
      'node_modules/used/index.js',
      'node_modules/used/package.json',
      'packages/app/data.json',
      'packages/app/deeper/index.js',
      'packages/app/empty.wasm',
      'packages/app/late.cjs',
      'packages/app/package.json',
      'packages/app/tasks.mjs',
      'packages/lib/package.json',
      'packages/lib/src/index.js',
      'packages/lib/src/own/x.js',
    ])
    expect(traced.packageCount).toBe(3)
  })

  it('strips types, and keeps lines, columns, aliases and extensions working', async () => {
    const folder = makeProject({
      'package.json': '{"type":"module"}',
      'tsconfig.json': '{"compilerOptions":{"paths":{"@app/*":["./src/lib/*"]}}} // comments too',
      'src/tasks.ts': [
        "import { add } from '@app/add'",
        "import { one } from './one.js'",
        "import type { Two } from './two.ts'",
        "import { Color } from './color.ts'",
        "import old from './old.cts'",
        'export async function all(): Promise<unknown> {',
        "  const name: string = 'b'",
        '  const plugin = await import(`./plugins/${name}.ts`)',
        "  const where = new Error('here').stack?.split('\\n')[1]?.match(/:(\\d+:\\d+)/)?.[1]",
        '  return [add(one, 2 as Two), Color.Green, old.value, plugin.name, where]',
        '}',
      ].join('\n'),
      'src/one.ts': 'export const one: number = 1',
      'src/two.ts': 'export type Two = 2',
      'src/lib/add.ts': 'export function add(a: number, b: number): number { return a + b }',
      'src/color.ts': 'export enum Color { Red = "r", Green = "g" }',
      'src/old.cts': 'const value: number = 4; exports.value = value',
      'src/plugins/a.ts': "export const name: string = 'plugin a'",
      'src/plugins/b.ts': "export const name: string = 'plugin b'",
    })
    const traced = await trace([join(folder, 'src/tasks.ts')])
    expect(callElsewhere(traced, 'all')).toEqual([3, 'g', 4, 'plugin b', '9:17'])
    expect(traced.untraced).toEqual([])
    expect(traced.name).toBe('tasks.ts.tgz')
    expect([...traced.modules.values()]).toEqual(['.modules/tasks.ts'])
  })

  it('names imports that cannot be followed, with file, line and expression', async () => {
    const folder = makeProject({
      ...packageFiles('loads', 'exports.load = (name) => require(name)'),
      'tasks.mjs': `import { load } from 'loads'
        import 'absent'
        const fixed = './fixed.mjs'
        export async function run(name) {
          await import(fixed)
          return [load, await import('x-' + name)]
        }`,
      'fixed.mjs': '',
    })
    const file = join(folder, 'tasks.mjs')
    const { untraced, files } = await trace([file])
    expect(untraced).toEqual([
      {
        file: join(folder, 'node_modules/loads/index.js'),
        line: 1,
        text: 'name',
        why: 'computed',
      },
      { file, line: 2, text: "'absent'", why: 'missing' },
      { file, line: 6, text: "'x-' + name", why: 'computed' },
    ])
    expect(files.map(({ source }) => source)).toContain(join(folder, 'fixed.mjs'))
  })

  it('finds a computed import that begins with a text', async () => {
    const folder = makeProject({ 'tasks.mjs': "export const run = (name) => import('x-' + name)" })
    const { untraced } = await trace([join(folder, 'tasks.mjs')])
    expect(untraced).toMatchObject([{ line: 1, text: "'x-' + name", why: 'computed' }])
  })

  it('leaves out external packages, and files outside of the project', async () => {
    const folder = makeProject({
      'secret.txt': 'secret',
      'app/package.json': '{"type":"module"}',
      ...prefixed('app/', packageFiles('given', '')),
      'app/tasks.js': `import 'given'
        import { readFileSync } from 'node:fs'
        export const read = () => readFileSync(new URL('../secret.txt', import.meta.url))
        export const passwords = () => readFileSync('/etc/passwd')`,
    })
    const traced = await trace([join(folder, 'app/tasks.js')], { external: new Set(['given']) })
    expect(placesIn(traced)).toEqual(['package.json', 'tasks.js'])
    expect(traced.untraced).toEqual([])
  })

  it('neither reads nor follows what lies outside of the project', async () => {
    const folder = makeProject({
      'secret.txt': 'secret',
      'others/plugin.js': 'throw new Error("not of this project")',
      'app/package.json': '{}',
      'app/data/leak.txt': '-> ../../secret.txt',
      'app/data/own.txt': 'own',
      'app/away': '-> ../others',
      'app/look.cjs': `const { readdirSync, readFileSync } = require('fs')
        const { join } = require('path')
        for (const pid of readdirSync('/proc')) readFileSync('/proc/' + pid + '/cmdline')
        readFileSync('/proc/1/root')
        readFileSync(join(__dirname, '../secret.txt'))
        readdirSync(join(__dirname, '..'))
        readFileSync(join(__dirname, 'away/plugin.js'))
        exports.data = (name) => readFileSync(join(__dirname, 'data', name))
        exports.plugin = (name) => require('../others/' + name)
        exports.absolute = () => require('/etc/hostname')
        exports.file = () => require('../secret.txt')
        exports.code = () => require('../shared/code.js')`,
      'shared/code.js': "require('fs').readFileSync(require('path').join(__dirname, 'data.txt'))",
      'shared/data.txt': 'of another project',
    })
    const traced = await trace([join(folder, 'app/look.cjs')])
    expect(placesIn(traced)).toEqual(['app/data/own.txt', 'app/look.cjs', 'shared/code.js'])
    expect(traced.untraced).toMatchObject([
      { line: 9, text: "'../others/' + name", why: 'computed' },
      { line: 10, text: "'/etc/hostname'", why: 'missing' },
      { line: 11, text: "'../secret.txt'", why: 'missing' },
    ])
  })

  it('packs equal files to equal bytes, wherever they are', async () => {
    const files = { 'a.ts': "import './b.ts'", 'b.ts': 'export const b: number = 1' }
    const [one, other] = await Promise.all(
      [makeProject(files), makeProject(files)].map((folder) => trace([join(folder, 'a.ts')])),
    )
    expect(readFileSync(one?.archive ?? '')).toEqual(readFileSync(other?.archive ?? 'none'))
  })

  it('leaves no files behind when they cannot be packed', async () => {
    // The name of the archive is longer than file systems allow.
    const name = `${'x'.repeat(250)}.mjs`
    const folder = makeProject({ [name]: '' })
    const temporary = makeProject({})
    vi.stubEnv('TMPDIR', temporary)
    onTestFinished(() => void vi.unstubAllEnvs())
    await expect(traceModules([join(folder, name)])).rejects.toMatchObject({ code: 'ENAMETOOLONG' })
    expect(readdirSync(temporary)).toEqual([])
  })

  it('says where TypeScript cannot be run', async () => {
    const folder = makeProject({
      'wrong.ts': 'export const a: number = 1\nconst b: = 2',
      'decorated.ts': '\n@dec class A {}\ndeclare const dec: any',
    })
    const fault = async (name: string) =>
      await traceModules([join(folder, name)]).catch((error: unknown) => (error as Error).message)
    expect(await fault('wrong.ts')).toMatch(/wrong\.ts:2:10: Unexpected token/)
    expect(await fault('decorated.ts')).toMatch(/decorated\.ts:2: .*decorators, JSX/)
    expect(await fault('none.ts')).toMatch(/module .*none\.ts does not exist/)
  })
})

function prefixed(prefix: string, files: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [prefix + path, text]))
}
