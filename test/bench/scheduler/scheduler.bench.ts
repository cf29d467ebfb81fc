/** What one event costs the scheduler, whether it grows with the number of tasks, and what a task keeps. */
import { offer } from '../../support/mesos/mesos-data.ts'
import { costsOfEach, secondsOf } from '../support/measure.ts'
import type { Cost, Figure } from '../support/measure.ts'
import {
  createUpdates,
  launchTasks,
  startActor,
  startGateway,
  submitTasks,
} from './filled-scheduler.ts'
import type { BenchedScheduler } from './filled-scheduler.ts'
import { heapPerTask } from './heap-per-task.ts'

const updatesPerRound = 50_000

export async function* figures(): AsyncGenerator<Figure> {
  const costs = new Map<number, number>()
  for (const tasks of [1000, 10_000, 100_000]) {
    const figure = await statusUpdate(tasks)
    costs.set(tasks, figure.value)
    yield figure
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
    limit: { atMost: 1.1 },
  }
  for (const count of [100, 1000, 10_000]) yield await matching(count)
  yield* heapPerTask()
}

/** Through the gateway, beside a bare actor. */
async function statusUpdate(tasks: number): Promise<Figure> {
  const schedulers = [startGateway(), startActor()]
  const works = schedulers.map((scheduler) => {
    const update = updatesOf(scheduler, tasks)
    return () => update(updatesPerRound)
  })
  const [own, peer] = (await costsOfEach(works)) as [Cost, Cost]
  for (const scheduler of schedulers) scheduler.stop()
  const perUpdate = (seconds: number): number => (seconds / updatesPerRound) * 1e6
  return {
    case: `status update, ${tasks} tasks`,
    value: perUpdate(own.seconds),
    unit: 'µs',
    peer: 'actor.send',
    peerValue: perUpdate(peer.seconds),
    ratio: own.seconds / peer.seconds,
    limit: { atMost: 0.8 },
    cpuUs: perUpdate(own.cpuSeconds),
    peerCpuUs: perUpdate(peer.cpuSeconds),
  }
}

function updatesOf(scheduler: BenchedScheduler, tasks: number): (count: number) => void {
  submitTasks(scheduler, tasks)
  launchTasks(scheduler, tasks)
  return createUpdates(scheduler, tasks)
}

/** Offers that come in while one task waits that fits none of them: the cost of looking. */
async function matching(count: number): Promise<Figure> {
  const scheduler = startGateway()
  updatesOf(scheduler, 1000)
  const { send } = scheduler
  send({
    type: 'task.submit',
    requests: [{ id: 'huge', work: { kind: 'shell', command: 'true' }, resources: { cpus: 999 } }],
  })
  const offers = Array.from({ length: count }, (_, index) =>
    offer(`o${index}`, { agent: `a${index}` }),
  )
  const seconds = await secondsOf(() => send({ type: 'mesos.offers', offers }))
  scheduler.stop()
  return { case: `offers looked at, ${count} at once`, value: count / seconds, unit: 'offers/s' }
}
