import { mkdtemp, open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFramework } from '../../src/framework/framework.ts'
import type { Framework } from '../../src/framework/framework.ts'
import type { SchedulerEvent } from '../../src/mesos/types.generated.ts'
import { startScriptedMaster } from '../bench/scripted-master.ts'
import type { ScriptedMaster } from '../bench/scripted-master.ts'
import { offer, status } from '../support/mesos-data.ts'

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

describe('a framework whose disk stands still', () => {
  it('stops reading, and acknowledges every update once the disk goes on', async () => {
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
  }, 120_000)
})
