import { mkdtemp, open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFramework } from '../../../src/framework/framework.ts'
import type { Framework } from '../../../src/framework/framework.ts'
import { readJournal } from '../../../src/journal/files/read-journal.ts'
import type { SchedulerEvent } from '../../../src/mesos/types.generated.ts'
import { startScriptedMaster } from '../../bench/support/scripted-master.ts'
import type { ScriptedMaster } from '../../bench/support/scripted-master.ts'
import { offer, status } from '../../support/mesos/mesos-data.ts'

let folder: string
let master: ScriptedMaster
let framework: Framework

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jarcast-overload-'))
  master = await startScriptedMaster()
})

afterEach(async () => {
  await framework.stop({ detach: true })
  master.close()
  await rm(folder, { recursive: true })
})

/** With one task that is launched. */
async function startFramework(): Promise<void> {
  framework = createFramework({ master: master.url, journal: join(folder, 'journal') })
  const launched = new Promise((resolve) => framework.once('task.launched', resolve))
  await framework.start()
  framework.run({ id: 'a', work: { kind: 'shell', command: 'true' } }).catch(() => undefined)
  master.send({ type: 'OFFERS', offers: { offers: [offer('o1')] } })
  await launched
}

function update(index: number): SchedulerEvent {
  const uuid = Buffer.alloc(16)
  uuid.writeUInt32BE(index)
  const state = index % 2 === 0 ? 'TASK_RUNNING' : 'TASK_STARTING'
  const about = { agentId: { value: 'a1' }, uuid: uuid.toString('base64') }
  return { type: 'UPDATE', update: { status: status('a', state, about) } }
}

/** Syncs of any file take until `release`; `entered` resolves when the first has begun. */
async function holdDisk() {
  const probe = await open(process.execPath)
  const prototype = Object.getPrototypeOf(probe) as FileHandle
  await probe.close()
  const { datasync } = prototype
  let release: () => void = () => undefined
  let enter: () => void = () => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  const entered = new Promise<void>((resolve) => (enter = resolve))
  prototype.datasync = async function (this: FileHandle) {
    enter()
    await held
    await datasync.call(this)
  }
  return {
    entered,
    release() {
      prototype.datasync = datasync
      release()
    },
  }
}

describe('a framework whose disk does not answer', () => {
  it('stops reading, and acknowledges every update once the disk continues', async () => {
    const updates = 15_000
    const acknowledged = new Set<string>()
    const failures: unknown[] = []
    await startFramework()
    framework.on('call.failed', (failure) => failures.push(failure))
    const isDecided = new Promise<void>((resolve) => {
      framework.once('call.failed', () => resolve())
      master.onCall = (call) => {
        if (call.type !== 'ACKNOWLEDGE') return
        acknowledged.add(call.acknowledge.uuid)
        if (acknowledged.size === updates) resolve()
      }
    })
    const disk = await holdDisk()
    master.send(...Array.from({ length: updates }, (_, index) => update(index)))
    await disk.entered
    // Long enough to read all of it, if nothing kept it from that.
    await new Promise((resolve) => setTimeout(resolve, 500))
    disk.release()
    await isDecided
    expect({ failures, count: acknowledged.size }).toEqual({ failures: [], count: updates })
  })
})

describe('a framework whose tasks send too many messages', () => {
  const executor = { agentId: { value: 'a1' }, executorId: { value: 'e' } }
  const message = (data: string): SchedulerEvent => ({
    type: 'MESSAGE',
    message: { ...executor, data },
  })
  const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')

  /** Entries by type, once everything that was sent before was dealt with. */
  async function entriesAfter(...events: readonly SchedulerEvent[]) {
    await startFramework()
    const acknowledged = new Set<string>()
    const last = Buffer.alloc(16, 255).toString('base64')
    const count = events.filter(({ type }) => type === 'UPDATE').length + 1
    const isOver = new Promise<void>((resolve) => {
      master.onCall = (call) => {
        if (call.type !== 'ACKNOWLEDGE') return
        acknowledged.add(call.acknowledge.uuid)
        if (acknowledged.size === count) resolve()
      }
    })
    const end = status('a', 'TASK_FINISHED', { ...executor, uuid: last })
    master.send(...events, { type: 'UPDATE', update: { status: end } })
    await isOver
    await framework.stop({ detach: true })
    const counts: Record<string, number> = {}
    let length = 0
    for (const record of readJournal(join(folder, 'journal')).records) {
      length += JSON.stringify(record).length
      if ('event' in record && record.event !== undefined)
        counts[record.event.type] = (counts[record.event.type] ?? 0) + 1
    }
    return { counts, length, acknowledged: acknowledged.size }
  }

  it('keeps no messages in its journal, of any number and size', async () => {
    const large = Array.from({ length: 20 }, () => message('A'.repeat(1024 * 1024)))
    const progress = { name: 'x.jar', sha256: 'f'.repeat(64), sizeBytes: 9 }
    const small = Array.from({ length: 3000 }, (_, receivedBytes) =>
      message(text({ type: 'library.fetching', ...progress, receivedBytes })),
    )
    const stranger = { type: 'library.fetched', ...progress, source: 'server', durationMs: 1 }
    const { counts, length } = await entriesAfter(...large, ...small, message(text(stranger)))
    expect(counts).toMatchObject({ 'mesos.update': 1 })
    expect(Object.keys(counts)).not.toContain('holder.added')
    expect(length).toBeLessThan(64 * 1024)
  })

  it('acknowledges repeated updates, and keeps one of them', async () => {
    const repeated = Array.from({ length: 3000 }, (_, index) => update(index * 2))
    const { counts, acknowledged } = await entriesAfter(...repeated)
    expect({ updates: counts['mesos.update'], acknowledged }).toEqual({
      updates: 2,
      acknowledged: 3001,
    })
  })

  it('acknowledges updates of unknown tasks, without entries for them', async () => {
    const strangers = Array.from({ length: 3000 }, (_, index) => {
      const uuid = Buffer.alloc(16)
      uuid.writeUInt32BE(index)
      const about = { ...executor, uuid: uuid.toString('base64'), message: 'x'.repeat(1000) }
      const state = index % 2 === 0 ? 'TASK_RUNNING' : 'TASK_FAILED'
      return { type: 'UPDATE', update: { status: status(`s${index}`, state, about) } } as const
    })
    const { counts, acknowledged } = await entriesAfter(...strangers)
    expect({ updates: counts['mesos.update'], acknowledged }).toEqual({
      updates: 1,
      acknowledged: 3001,
    })
  })

  it('acknowledges updates above the rate of a task, without entries for them', async () => {
    const { counts, acknowledged } = await entriesAfter(
      ...Array.from({ length: 5000 }, (_, index) => update(index)),
    )
    expect(acknowledged).toBe(5001)
    expect(counts['mesos.update']).toBeLessThan(2500)
  }, 30_000)
})
