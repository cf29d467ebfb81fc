import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromSpark } from '../../src/cli/config/spark-settings.ts'

const guide = readFileSync(new URL('../../docs/guides/from-spark.md', import.meta.url), 'utf8')
const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const blocksOf = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, code = '']) => code,
  )
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jarcast-spark-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function jarcast(...args: readonly string[]) {
  const env = { ...process.env, JARCAST_CACHE_DIR: join(folder, 'cache') }
  return spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8', env })
}

describe('docs/guides/from-spark.md', () => {
  it('runs with the properties file, and names what it ignores', () => {
    const [properties = ''] = blocksOf('properties')
    writeFileSync(join(folder, 'spark-defaults.conf'), properties)
    const [, command = ''] = blocksOf('sh')
    const [program, ...args] = command.trim().split(/ (?=(?:[^']*'[^']*')*[^']*$)/)
    expect(program).toBe('jarcast')
    const { stdout, stderr } = jarcast(...args.map((word) => word.replaceAll("'", '')))
    expect(stdout).toBe('hello\n')
    expect(stderr).toContain('ignored spark-defaults.conf spark.ui.port: it has no equivalent here')
  })

  it('has a configuration file that is read', () => {
    const [config = ''] = blocksOf('ts')
    writeFileSync(join(folder, 'jarcast.config.ts'), config)
    const { stdout } = jarcast('config', 'exec', '--json')
    const { settings } = JSON.parse(stdout) as { settings: { setting: string; value: unknown }[] }
    const valueOf = (name: string) => settings.find(({ setting }) => setting === name)?.value
    expect([valueOf('jar'), valueOf('waitTimeout'), valueOf('mem')]).toEqual([
      ['lib/a.jar', 'lib/b.jar'],
      60,
      64,
    ])
  })

  it('lists names of Spark that have an equivalent', () => {
    const names = [...guide.matchAll(/^\| (`spark\..*?) +\|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`(spark\.[\w.]+)`/g)].map(([, name = '']) => name),
    )
    expect(names.length).toBeGreaterThan(10)
    const values: Readonly<Record<string, string>> = {
      'spark.master': 'local',
      'spark.executor.memory': '1g',
    }
    for (const name of names)
      expect([name, fromSpark(name, values[name] ?? '1')]).toEqual([
        name,
        expect.objectContaining({ name: expect.any(String) }),
      ])
  })
})
