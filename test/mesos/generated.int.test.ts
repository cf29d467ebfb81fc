import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
let copy = ''

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'jarcast-gen-'))
  cpSync(join(root, 'src/mesos/proto'), join(copy, 'src/mesos/proto'), { recursive: true })
  for (const script of ['gen-mesos.mjs', 'compare-protos.mjs', 'codecs']) {
    cpSync(join(root, 'scripts', script), join(copy, 'scripts', script), { recursive: true })
  }
  mkdirSync(join(copy, 'src/mesos/encoding'))
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
})

afterAll(() => rmSync(copy, { recursive: true, force: true }))

const run = (script: string, ...args: string[]) =>
  execFileSync(process.execPath, [join(copy, 'scripts', script), ...args], {
    encoding: 'utf8',
    stdio: 'pipe',
  })

describe('gen-mesos', () => {
  it('writes what is checked in', () => {
    run('gen-mesos.mjs')
    const files = readdirSync(join(root, 'src/mesos'), {
      recursive: true,
      encoding: 'utf8',
    }).filter((name) => name.includes('.generated.'))
    expect(files).toHaveLength(6)
    for (const file of files) {
      const written = readFileSync(join(copy, 'src/mesos', file), 'utf8')
      expect(written, file).toBe(readFileSync(join(root, 'src/mesos', file), 'utf8'))
    }
  })
})

describe('compare-protos', () => {
  /** Ours, laid out as Mesos does: what both operator APIs share has no file of its own there. */
  const other = () => {
    const folder = mkdtempSync(join(copy, 'other-'))
    const proto = join(root, 'src/mesos/proto')
    const read = (name: string) => readFileSync(join(proto, `${name}.proto`), 'utf8')
    const shared = read('operator').replaceAll(/^(?:syntax|package|import).*$/gm, '')
    writeFileSync(join(folder, 'mesos.proto'), read('mesos') + shared)
    for (const name of [
      'scheduler',
      'executor',
      'allocator',
      'maintenance',
      'quota',
      'master',
      'agent',
    ])
      cpSync(join(proto, `${name}.proto`), join(folder, name, `${name}.proto`))
    return folder
  }

  const edit = (folder: string, from: string, to: string) => {
    const file = join(folder, 'mesos.proto')
    const text = readFileSync(file, 'utf8')
    expect(text).toContain(from)
    writeFileSync(file, text.replace(from, to))
  }

  it('finds no difference in equal protos', () => {
    expect(run('compare-protos.mjs', other())).toContain('0 differences, 0 newer here')
  })

  it('lists fields that the other folder lacks', () => {
    const folder = other()
    edit(folder, 'optional double refuse_seconds = 1 [default = 5];', '')
    expect(run('compare-protos.mjs', folder)).toContain('newer here: Filters.refuse_seconds')
  })

  it.each([
    ['number', 'refuse_seconds = 1', 'refuse_seconds = 2'],
    ['type', 'optional double refuse_seconds', 'optional float refuse_seconds'],
    ['label', 'optional double refuse_seconds', 'repeated double refuse_seconds'],
    ['default', '[default = 5]', '[default = 6]'],
    ['enum number', 'TASK_DROPPED = 9;', 'TASK_DROPPED = 19;'],
    [
      'missing field',
      'optional double refuse_seconds',
      'optional bool extra = 9;\n  optional double refuse_seconds',
    ],
  ])('fails on another %s', (_, from, to) => {
    const folder = other()
    edit(folder, from, to)
    expect(() => run('compare-protos.mjs', folder)).toThrow(
      expect.objectContaining({
        status: 1,
        stdout: expect.stringContaining('differs: ') as string,
      }),
    )
  })
})
