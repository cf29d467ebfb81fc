import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openFrameworkApp } from '../../../src/framework/inspection/framework-app.ts'
import { openJournalApp } from '../../../src/framework/inspection/journal-app.ts'
import { openRecordedRun } from '../../../src/framework/inspection/recorded-run.ts'
import { Charts } from '../../../src/inspector/chart/charts.ts'
import type { ListedApp } from '../../../src/inspector/server/app-table.ts'
import { createTransientJournal } from '../../../src/journal/journal.ts'
import { createRuntime } from '../../../src/journal/runtime/runtime.ts'
import type { SchedulerInboxEvent } from '../../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../../src/machines/scheduler/scheduler.ts'
import { createManualClock } from '../../../src/testing/manual-clock.ts'

const charts = new Charts()
const startedAt = 1000
const input = { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 60_000 }

function start() {
  const runtime = createRuntime(schedulerMachine, {
    input,
    clock: createManualClock(startedAt),
    journal: createTransientJournal<SchedulerInboxEvent>(startedAt),
  })
  const watch = () => {
    const app = openFrameworkApp(
      {} as never,
      {
        source: runtime,
        input,
        startedAt,
        journal: undefined,
        masterUrl: () => undefined,
        lastFactOf: () => undefined,
      },
      { id: 'run', name: 'n', charts, isControlled: false } as never,
    )
    onTestFinished(() => app.close())
    return app
  }
  return { runtime, watch }
}

function register({ dispatch }: { readonly dispatch: (event: SchedulerInboxEvent) => void }) {
  const work = { kind: 'shell', command: 'true' } as const
  dispatch({ type: 'mesos.subscribed', frameworkId: 'f1' })
  dispatch({ type: 'task.submit', requests: [{ id: 'a', work, resources: { cpus: 1, memMb: 1 } }] })
}

async function linesOf(app: Pick<ListedApp, 'save'>): Promise<readonly string[]> {
  return await all(app.save?.() ?? [])
}

async function all(texts: Iterable<string> | AsyncIterable<string>): Promise<readonly string[]> {
  const read: string[] = []
  for await (const text of texts) read.push(text)
  return read
}

/** A file in a folder that is gone after the test. */
function fileOf(lines: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'jarcast-saved-run-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'run.ndjson')
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  return file
}

describe('openFrameworkApp', () => {
  it('saves a run without a journal as one, which shows the same', async () => {
    const { runtime, watch } = start()
    const app = watch()
    runtime.start()
    register(runtime)
    expect(app.info().features).toEqual(expect.arrayContaining(['export', 'exportPage']))
    const opened = openJournalApp(openRecordedRun(fileOf(await linesOf(app))), charts)
    onTestFinished(() => opened.close())
    expect(opened.info()).toMatchObject({ startedAt, lastSeq: 2, notes: [] })
    // The last first: what answers an effect is known once all is read.
    for (const seq of [2, 1, 0]) {
      expect(await opened.moment({ seq })).toEqual(await app.moment({ seq }))
      expect(await opened.step({ seq })).toEqual(await app.step({ seq }))
    }
  })

  it('saves a run whose first entries are not kept as a page only', async () => {
    const { runtime, watch } = start()
    runtime.start()
    register(runtime)
    const app = watch()
    const { features } = app.info()
    expect(features).toContain('exportPage')
    expect(features).not.toContain('export')
    await expect(linesOf(app)).rejects.toMatchObject({ code: 'INSPECTOR_MOMENT_UNKNOWN' })
  })
})

describe('openJournalApp', () => {
  it('tells the reader of the file that the journal is gone', async () => {
    const { runtime, watch } = start()
    const live = watch()
    runtime.start()
    const file = fileOf(await linesOf(live))
    const app = openJournalApp(openRecordedRun(file), charts)
    onTestFinished(() => app.close())
    rmSync(file)
    const pieces = app.savePage?.() ?? []
    await expect(all(pieces)).rejects.toThrow(file)
  })
})
