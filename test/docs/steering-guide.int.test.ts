import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import { until } from '../support/until.ts'
import { outcomeOf } from '../support/processes/outcome-of.ts'

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const library = pathToFileURL(main.replace('cli/main.js', 'index.js')).href
const guide = await readFile(new URL('../../docs/guides/steering.md', import.meta.url), 'utf8')
const blocks = (language: string): readonly string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, code = '']) => code,
  )
const [tasks = '', program = ''] = blocks('js')
const [run = '', ofJournal = '', ofMaster = ''] = blocks('sh')

let cluster: LocalCluster
let folder: string

beforeAll(async () => {
  if (!existsSync(main)) throw new Error('these tests run the built program: npm run build')
  folder = await mkdtemp(join(tmpdir(), 'jarcast-steering-'))
  cluster = await startLocalCluster({ open: true, agents: 1, allocationIntervalMs: 50 })
})

afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true })
})

/** Starts a block of the guide in a shell. */
function startShell(code: string) {
  const jarcast = `jarcast() { "${process.execPath}" "${main}" "$@"; }`
  return spawn('/bin/sh', ['-ec', `${jarcast}\n${code}`], {
    cwd: folder,
    env: { ...process.env, MASTER: cluster.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function shell(code: string): Promise<string> {
  const child = startShell(code)
  const { status, stdout, stderr } = await outcomeOf(child)
  if (status !== 0) throw new Error(`ended with ${status}\n${stdout}${stderr}`)
  return stdout
}

describe('docs/guides/steering.md', () => {
  it('has commands that run', async () => {
    // The task runs for as long as this test looks at it.
    const go = join(folder, 'go')
    const waiting = `while [ ! -e ${go} ]; do sleep 0.05; done`
    await writeFile(join(folder, 'tasks.mjs'), tasks.replace('sleep 1', waiting))
    const running = startShell(run)
    const ended = Promise.all([text(running.stdout), once(running, 'close')])
    const socket = join(folder, 'nightly', 'control.sock')
    await until(`the file ${socket}`, () => existsSync(socket))
    const list = 'jarcast ps --journal ./nightly --json'
    const areBothRunning = async () => (await shell(list)).split('"TASK_RUNNING"').length >= 3
    await until('two running tasks', areBothRunning)
    const [listing = '', ...steering] = ofJournal.trim().split('\n')
    expect(await shell(listing)).toMatch(/^count +running/m)
    await writeFile(go, '')
    expect(await shell(steering.join('\n'))).toMatch(/^1\n2\n3\nkilling 1 task: serve$/m)
    expect((await ended)[0]).toMatch(/1 of 2 tasks finished, 1 failed/)

    await writeFile(join(folder, 'tasks.mjs'), tasks.replace('sleep 3600', 'sleep 600'))
    const again = startShell(run.replace('--journal ./nightly', ''))
    const stopped = once(again, 'close')
    const ofAll = 'jarcast ps --master "$MASTER" --framework jarcast --json'
    const isRunning = async () =>
      (await shell(`${ofAll} || true`)).includes('"state":"TASK_RUNNING"')
    await until('a running task', isRunning)
    const asked = await shell(ofMaster)
    expect(asked).toMatch(/^jarcast +\S+ +running +\d running/m)
    await stopped
  })

  it('has a program that runs', async () => {
    const [imports = '', ...rest] = program.split('\n\n')
    const settings = `const [master, journal] = process.argv.slice(1)`
    const code = [imports.replace("'jarcast'", `'${library}'`), settings, ...rest].join('\n')
    const args = ['--input-type=module', '-e', code, '--', cluster.url, join(folder, 'own')]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
    expect({ stdout, stderr }).toEqual({ stdout: 'hello\n', stderr: '' })
  })
})
