/** What one event costs the scheduler, and whether it grows with the number of tasks. */
import { createActor } from 'xstate'
import { createMemoryJournal } from '../../src/journal/journal.ts'
import { createRuntime } from '../../src/journal/runtime/runtime.ts'
import type { SchedulerInboxEvent } from '../../src/machines/scheduler/events.ts'
import { schedulerMachine } from '../../src/machines/scheduler/scheduler.ts'
import { offer, status } from '../support/mesos/mesos-data.ts'
import { secondsOfEach } from './measure.ts'
import type { Figure } from './measure.ts'

const input = { framework: { user: 'u', name: 'n' }, hasLibraries: false, timeoutMs: 60_000 }
const updatesPerRound = 50_000

export async function* figures(): AsyncGenerator<Figure> {
  const costs = new Map<number, number>()
  for (const tasks of [1000, 10_000, 100_000]) {
    const [gateway = 0, raw = 0] = await secondsOfEach([
      updatesIn(gatewayWith(tasks)),
      updatesIn(actorWith(tasks)),
    ])
    const value = (gateway / updatesPerRound) * 1e6
    const peerValue = (raw / updatesPerRound) * 1e6
    costs.set(tasks, value)
    yield {
      case: `status update, ${tasks} tasks`,
      value,
      unit: 'µs',
      peer: 'actor.send',
      peerValue,
      ratio: value / peerValue,
    }
  }
  const small = costs.get(1000) ?? Number.NaN
  const large = costs.get(100_000) ?? Number.NaN
  yield {
    case: 'status update, growth from 1,000 to 100,000 tasks',
    value: large,
    unit: 'µs',
    peer: '1,000 tasks',
    peerValue: small,
    ratio: large / small,
  }
  for (const count of [100, 1000, 10_000]) yield await matching(count)
  // Each waits for the time of its next reconciliation.
  for (const one of started.splice(0)) one.stop()
}

const started: { stop(): void }[] = []

/** Offers that come in while one task waits that fits none of them: the cost of looking. */
async function matching(count: number): Promise<Figure> {
  const send = gatewayWith(1000)
  send({
    type: 'task.submit',
    requests: [{ id: 'huge', work: { kind: 'shell', command: 'true' }, resources: { cpus: 999 } }],
  })
  const offers = Array.from({ length: count }, (_, index) =>
    offer(`o${index}`, { agent: `a${index}` }),
  )
  const [seconds = 0] = await secondsOfEach([() => send({ type: 'mesos.offers', offers })])
  return { case: `offers looked at, ${count} at once`, value: count / seconds, unit: 'offers/s' }
}

type Send = (event: SchedulerInboxEvent) => void

function gatewayWith(tasks: number): Send {
  const runtime = createRuntime(schedulerMachine, {
    input,
    // A journal that keeps nothing: what is measured is the gateway.
    journal: { ...createMemoryJournal(), append: () => undefined },
  })
  runtime.start()
  started.push(runtime)
  return filled(runtime.dispatch, tasks)
}

function actorWith(tasks: number): Send {
  const actor = createActor(schedulerMachine, { input }).start()
  started.push(actor)
  return filled((event) => {
    actor.send(event)
  }, tasks)
}

/** Registered, with so many tasks launched. */
function filled(send: Send, tasks: number): Send {
  send({ type: 'mesos.subscribed', frameworkId: 'f1' })
  send({
    type: 'task.submit',
    requests: Array.from({ length: tasks }, (_, index) => ({
      id: `task-${index}`,
      work: { kind: 'shell', command: 'true' } as const,
      resources: { cpus: 0.001, memMb: 1 },
    })),
  })
  const rounds = Math.ceil(tasks / 500)
  for (let round = 0; round < rounds; round++) {
    send({ type: 'mesos.offers', offers: [offer(`o${round}`, { cpus: 1000, memMb: 100_000 })] })
  }
  return send
}

/** Updates spread over 1,000 tasks, each saying something new: in turn all of them run, and all start. */
function updatesIn(send: Send): () => void {
  let count = 0
  return () => {
    for (let index = 0; index < updatesPerRound; index++, count++) {
      const state = Math.floor(count / 1000) % 2 === 0 ? 'TASK_RUNNING' : 'TASK_STARTING'
      const id = `task-${(count * 7) % 1000}`
      send({
        type: 'mesos.update',
        status: status(id, state, { agentId: { value: 'a1' }, uuid: 'AAAAAAAAAAAAAAAAAAAAAA==' }),
      })
    }
  }
}
