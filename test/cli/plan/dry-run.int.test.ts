import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOf } from '../../support/json-schema.ts'

const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url))
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jarcast-plan-'))
  writeFileSync(join(folder, 'words.txt'), 'some words\n')
  writeFileSync(
    join(folder, 'tasks.mjs'),
    `const work = { kind: 'shell', command: 'touch ${join(folder, 'launched')}' }
     export const small = { work }
     export const huge = { work, resources: { cpus: 64 } }`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

function dryRun(...more: readonly string[]) {
  const args = [
    'run',
    'tasks.mjs',
    '--master',
    'local',
    '--agents',
    '2',
    '--lib',
    'words.txt',
    '--dry-run',
  ]
  return spawnSync(process.execPath, [main, ...args, ...more], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, JARCAST_CACHE_DIR: join(folder, 'cache') },
  })
}

describe('--dry-run', () => {
  it('prints libraries, agents and tasks, launches nothing, and fails for a task that fits nowhere', () => {
    const { stdout, status } = dryRun()
    expect(stdout).toMatch(/^words\.txt +file +11 B +[0-9a-f]{64}$/m)
    expect(stdout).toMatch(/^agent-2 +2 +4096 /m)
    expect(stdout).toMatch(/^huge +shell +64 .*fits no agent$/m)
    expect(stdout).toMatch(/^huge: needs an offer of at least 64\.1 cpus .*the best agent, agent-/m)
    expect(stdout).toContain(
      '1 of 2 tasks would be launched now, 0 later, 1 nowhere; nothing was launched',
    )
    expect(status).toBe(1)
  })

  it('prints the same as one object with --json', () => {
    const { stdout } = dryRun('--json')
    expect(faultsOf('plan')(JSON.parse(stdout))).toEqual([])
    expect(JSON.parse(stdout)).toMatchObject({
      event: 'plan',
      libraries: [{ name: 'words.txt', sizeBytes: 11 }],
      agents: [{ hostname: 'agent-1' }, { hostname: 'agent-2' }],
      tasks: [
        { taskId: 'huge', fits: 'never' },
        { taskId: 'small', fits: 'now' },
      ],
    })
  })

  it('is followed by a real run whose events have the form of their schema', () => {
    const args = ['run', 'tasks.mjs', '--master', 'local', '--wait-timeout', '1', '--json']
    const { stdout, status } = spawnSync(process.execPath, [main, ...args], {
      cwd: folder,
      encoding: 'utf8',
    })
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string })
    const faults = faultsOf('events')
    expect(lines.flatMap((line) => faults(line).map((fault) => `${line.event}: ${fault}`))).toEqual(
      [],
    )
    expect(lines.at(-1)).toMatchObject({ event: 'run.summary', tasks: 2, finished: 1, failed: 1 })
    expect(status).toBe(1)
  })
})
