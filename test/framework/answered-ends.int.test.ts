import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isEntry } from '../../src/journal/journal.ts'
import { readJournal } from '../../src/journal/files/read-journal.ts'
import { startLocalCluster } from '../../src/local/cluster.ts'
import type { LocalCluster } from '../../src/local/cluster.ts'
import type { SchedulerInboxEvent } from '../../src/machines/scheduler/events.ts'
import { until } from '../support/until.ts'

const support = fileURLToPath(new URL('../support/processes', import.meta.url))
const taskCount = 8
const ids = Array.from({ length: taskCount }, (_, index) => `task-${index}`)
const results = `${JSON.stringify(ids.map((id) => `done ${id}`))}\n`
let cluster: LocalCluster
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-answered-'))
  await writeFile(
    join(folder, 'work.mjs'),
    `import { appendFileSync, existsSync } from 'node:fs'
export async function work(id, counter) {
  appendFileSync(counter, id + '\\n')
  while (!existsSync(counter + '.go')) await new Promise((resolve) => setTimeout(resolve, 20))
  return 'done ' + id
}
`,
  )
  cluster = await startLocalCluster({
    open: true,
    allocationIntervalMs: 20,
    updateRetryMs: 200,
    agentResources: { cpus: 8, memMb: 8192 },
  })
})

afterAll(async () => {
  await cluster.close()
  await rm(folder, { recursive: true })
})

/** A process of the job; its journal is the job's name. */
function startJob(name: string, ...nodeOptions: readonly string[]) {
  const journal = join(folder, name)
  const program = [join(support, 'journalled-job.mjs'), cluster.url, journal]
  const args = [...nodeOptions, ...program, join(folder, 'work.mjs'), `${taskCount}`]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => (output += String(text)))
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(output)))
  return { child, ended, journal }
}

/** Resolves when the master has all tasks of the job in this state. */
async function untilAll(state: string): Promise<void> {
  await until(`${taskCount} tasks that are ${state}`, async () => {
    const response = await fetch(`${cluster.url}/state`)
    const { frameworks } = (await response.json()) as {
      readonly frameworks: readonly { readonly tasks: readonly { readonly state: string }[] }[]
    }
    const states = frameworks.flatMap(({ tasks }) => tasks.map((task) => task.state))
    return states.length === taskCount && states.every((one) => one === state)
  })
}

/** The job continues, and gets the master's answers before the updates of the agent. */
async function resumeJob(name: string): Promise<string> {
  await cluster.control.cutAgent('agent-1')
  const { ended, journal } = startJob(name)
  while (answersIn(journal) < taskCount) await sleep(20)
  await cluster.control.healAgent('agent-1')
  return ended
}

function answersIn(journal: string): number {
  const events = [...readJournal<SchedulerInboxEvent>(journal).records].map((record) =>
    isEntry(record) ? record.event : undefined,
  )
  return events.filter(
    (event) => event?.type === 'mesos.update' && event.status.reason === 'REASON_RECONCILIATION',
  ).length
}

async function runsOf(journal: string): Promise<readonly string[]> {
  return (await readFile(`${journal}.runs`, 'utf8')).split('\n').filter(Boolean).toSorted()
}

describe('a scheduler that is killed', () => {
  it('launches tasks again whose executor could not be fetched meanwhile', async () => {
    const killed = startJob('fetching', '--import', join(support, 'kill-on-request.mjs'))
    await killed.ended
    expect(killed.child.signalCode).toBe('SIGKILL')
    await untilAll('TASK_FAILED')
    await writeFile(`${killed.journal}.runs.go`, '')
    expect(await resumeJob('fetching')).toBe(results)
    expect(await runsOf(killed.journal)).toEqual(ids)
  })

  it('has the results of tasks that ended while it hung', async () => {
    const { child, ended, journal } = startJob('hanging')
    await untilAll('TASK_RUNNING')
    // The next update of a task, its end, is sent once this one is acknowledged.
    await sleep(300)
    child.kill('SIGSTOP')
    await writeFile(`${journal}.runs.go`, '')
    await untilAll('TASK_FINISHED')
    child.kill('SIGKILL')
    await ended
    expect(await resumeJob('hanging')).toBe(results)
    expect(await runsOf(journal)).toEqual(ids)
  })
})
