import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClassPathReport } from '../../../src/domain/class-path/class-path-conflicts.ts'
import { makeZip } from '../../support/archives/zip.ts'
import { faultsOf } from '../../support/json-schema.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-classpath-'))
  const names = ['x/A.class', 'x/B.class', 'x/C.class', 'x/D.class']
  for (const version of ['1.0', '2.0']) {
    const members = names.map((name) => ({ name, content: name === 'x/A.class' ? '' : version }))
    await writeFile(join(folder, `a-${version}.jar`), makeZip(members))
  }
})
afterAll(() => rm(folder, { recursive: true }))

function classpath(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'classpath', ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

describe('jarcast classpath', () => {
  it('shows the order, each finding and the verdict', () => {
    const { status, stdout } = classpath('a-2.0.jar', 'a-1.0.jar')
    expect(status).toBe(0)
    expect(stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
      '1. a-2.0.jar',
      '2. a-1.0.jar',
      '',
      'finding | what | used | not used',
      'versions | a (by file name) | 2.0 in a-2.0.jar | 1.0 in a-1.0.jar',
      'different classes | x.B, x.C, x.D | a-2.0.jar | a-1.0.jar',
      'same classes | x.A | a-2.0.jar | a-1.0.jar',
      '',
      '4 classes in 2 jars: tasks may load a wrong class or version',
      '',
    ])
  })

  it('gives the whole report as JSON', () => {
    const report = JSON.parse(
      classpath('--json', 'a-1.0.jar', 'a-2.0.jar').stdout,
    ) as ClassPathReport
    expect(faultsOf('libraries')(report)).toEqual([])
    expect(report).toMatchObject({
      classPath: ['a-1.0.jar', 'a-2.0.jar'],
      classCount: 4,
      isHarmful: true,
      duplicates: [{ different: ['x.B', 'x.C', 'x.D'], identical: ['x.A'] }],
    })
  })

  it('ends with 1 for harm with the policy fail, and 2 for wrong usage', () => {
    expect(classpath('a-1.0.jar', 'a-2.0.jar', '--conflicts', 'fail').status).toBe(1)
    expect(classpath('a-1.0.jar', '--conflicts', 'fail').status).toBe(0)
    expect(classpath('gone.jar').status).toBe(2)
    expect(classpath('a-1.0.jar', './a-1.0.jar').status).toBe(2)
    expect(classpath().status).toBe(2)
  })
})
