/** What one event costs the scheduler, whether it grows with the number of tasks, and what a task keeps. */
import { offer } from '../../support/mesos/mesos-data.ts'
import { costsOfEach, cpuPerUnit, figureOf, secondsIn, secondsOf } from '../support/measure.ts'
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
  const rounds: (readonly number[])[] = []
  for (const tasks of [1000, 10_000, 100_000]) {
    const { figure, own } = await statusUpdate(tasks)
    rounds.push(own)
    yield figure
  }
  const [small = [], , large = []] = rounds
  const what = 'status update, growth from 1,000 to 100,000 tasks'
  const row = { case: what, unit: 'µs', limit: { atMost: 1.1 } }
  yield figureOf(row, large, ['1,000 tasks', small])
  for (const count of [100, 1000, 10_000]) yield await matching(count)
  yield* heapPerTask()
}

/** Through the gateway, beside a bare actor; with the rounds of the gateway, in µs. */
async function statusUpdate(
  tasks: number,
): Promise<{ readonly figure: Figure; readonly own: readonly number[] }> {
  const schedulers = [startGateway(), startActor()]
  const works = schedulers.map((scheduler) => {
    const update = updatesOf(scheduler, tasks)
    return () => update(updatesPerRound)
  })
  const [own = [], peer = []] = await costsOfEach(works)
  for (const scheduler of schedulers) scheduler.stop()
  const usOf = (costs: readonly Cost[]) =>
    secondsIn(costs).map((seconds) => (seconds / updatesPerRound) * 1e6)
  const row = { case: `status update, ${tasks} tasks`, unit: 'µs', limit: { atMost: 0.8 } }
  const figure = figureOf(row, usOf(own), ['actor.send', usOf(peer)])
  return { figure: { ...figure, ...cpuPerUnit(updatesPerRound, own, peer) }, own: usOf(own) }
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
