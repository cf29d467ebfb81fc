import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withRun } from '../../../src/cli/steer/find-run.ts'
import { runHeader } from '../../../src/framework/recorded/run-header.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import { openFileJournal } from '../../../src/journal/writer/file-journal.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'

const input = { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 60_000 }
let journal = ''

beforeEach(async () => {
  journal = await mkdtemp(join(tmpdir(), 'jarcast-find-run-'))
})

afterEach(async () => {
  await rm(journal, { recursive: true })
})

/** A journal that names this master. */
async function recordRun(master: string): Promise<void> {
  const file = await openFileJournal<SchedulerInboxEvent>(journal, { header: runHeader(input) })
  const runtime = createRuntime(schedulerMachine, { input, journal: file })
  runtime.start()
  runtime.dispatch({ type: 'mesos.subscribed', frameworkId: 'f1', master })
  runtime.stop()
  await file.close()
}

/** Answers in place of the process of the run. */
async function startProcess(master: string): Promise<Server> {
  const server = createServer(({ url }, response) => {
    response.end(JSON.stringify(url === '/access' ? { master } : {}))
  })
  await new Promise<void>((resolve) => server.listen(join(journal, 'control.sock'), resolve))
  return server
}

async function end(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

describe('withRun', () => {
  it('names the master by the process of the run, and without one by its journal', async () => {
    await recordRun('http://recorded:5050')
    const server = await startProcess('http://live:5050')
    await withRun({ journal }, async (run) => {
      expect(await run.access()).toEqual({ master: 'http://live:5050' })
      await end(server)
      const answers = await Promise.all([run.access(), run.access(), run.task('a')])
      const recorded = { master: 'http://recorded:5050' }
      expect(answers).toEqual([recorded, recorded, undefined])
    })
  })
})
