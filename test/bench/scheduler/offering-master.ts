/**
 * A master in a process of its own, as Mesos' is: its work and its garbage are not the framework's. It answers REVIVE
 * with one small offer, and ends at once the task that is launched on it.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Offer, SchedulerEvent } from '../../../src/mesos/types.generated.ts'
import { finished, freshOf, taskIdsOf } from './offer-messages.ts'
import { startScriptedMaster } from '../support/scripted-master.ts'

export interface OfferingMaster {
  readonly url: string
  /** ms from the bytes of each OFFERS to those of its ACCEPT, since they were last taken. */
  takeLatencies(): Promise<readonly number[]>
  close(): Promise<void>
}

const program = `
import { importTypeScript } from '${resolve('scripts/support/import-typescript.mjs')}'
const { giveOffers } = await importTypeScript('${resolve('test/bench/scheduler/offering-master.ts')}')
await giveOffers(JSON.parse(process.argv[1]))
`

export async function startOfferingMaster(offer: Offer): Promise<OfferingMaster> {
  const args = ['--input-type=module', '--eval', program, JSON.stringify(offer)]
  const child = fork('-', [], { execArgv: args })
  const [url] = (await once(child, 'message')) as [string]
  return {
    url,
    async takeLatencies() {
      child.send('take')
      const [samples] = (await once(child, 'message')) as [readonly number[]]
      return samples
    },
    async close() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

/** Runs in the child. @public to the program above. */
export async function giveOffers(offer: Offer): Promise<void> {
  const master = await startScriptedMaster()
  let samples: number[] = []
  let sentAt: number | undefined
  master.onCall = (call, atMs) => {
    if (call.type === 'REVIVE') sentAt ??= master.send(freshOf([offer]))
    if (call.type === 'ACCEPT' && sentAt !== undefined) samples.push(atMs - sentAt)
    if (call.type === 'ACCEPT' || call.type === 'DECLINE') sentAt = undefined
    const ends: SchedulerEvent[] = taskIdsOf(call).map((taskId) => finished(taskId, offer))
    if (ends.length > 0) master.send(...ends)
  }
  process
    .on('message', () => {
      process.send?.(samples)
      samples = []
    })
    .once('disconnect', () => process.exit())
  process.send?.(master.url)
}
