/**
 * The scheduler with one component swapped by `provide()`: maintenance. jarcast's own answers all
 * inverse offers alike; this one lets an agent go only if it will be back within an hour.
 *
 *   node docs/examples/provided.mjs
 */
import { connectScheduler } from 'jarcast/client'
import {
  createDeliveryServer,
  performEffects,
  prepareShipment,
  schedulerInputOf,
  toSettings,
} from 'jarcast/framework'
import { createRuntime } from 'jarcast/journal'
import { startLocalCluster } from 'jarcast/local'
import { schedulerMachine } from 'jarcast/machines'
import { schedulerCalls as calls } from 'jarcast/mesos'
import { filter, firstValueFrom, map } from 'rxjs'
import { assign, enqueueActions, setup } from 'xstate'

const hourNs = 3_600e9

/** A component: gets the events that docs/machines lists for it, and names calls as effects. */
const shortMaintenance = setup({
  actions: {
    'fx.call': () => undefined,
    keepFrameworkId: assign(({ event }) => ({ frameworkId: event.frameworkId })),
    answer: enqueueActions(({ context: { frameworkId }, event, enqueue }) => {
      for (const { id, unavailability } of event.inverseOffers) {
        const isShort = Number(unavailability.duration?.nanoseconds ?? Infinity) <= hourNs
        const answer = isShort ? calls.acceptInverseOffers : calls.declineInverseOffers
        enqueue({ type: 'fx.call', params: answer(frameworkId, [id.value]) })
      }
    }),
  },
}).createMachine({
  id: 'maintenance',
  context: { frameworkId: '' },
  on: {
    'mesos.subscribed': { actions: 'keepFrameworkId' },
    'mesos.inverseOffers': { actions: 'answer' },
  },
})
const machine = schedulerMachine.provide({ actors: { maintenance: shortMaintenance } })

const cluster = await startLocalCluster()
const { credentials } = cluster
const settings = toSettings({ master: cluster.url, name: 'provided', credentials })
const shipment = await prepareShipment(settings)
const connection = connectScheduler(settings.masters, { credentials })
const runtime = createRuntime(machine, { input: schedulerInputOf(settings) })
const deliveryServer = createDeliveryServer(shipment, settings, connection)
runtime.connect(runtime.effect$.pipe(performEffects({ connection, deliveryServer })))

const stateOf = (state) =>
  firstValueFrom(
    runtime.fact$.pipe(
      filter(({ type, status }) => type === 'task.updated' && status.state === state),
    ),
  )
const answer$ = runtime.effect$.pipe(
  map(({ params }) => params?.type),
  filter((type) => (type ?? '').endsWith('INVERSE_OFFERS')),
)
const running = stateOf('TASK_RUNNING')
const stopped = firstValueFrom(
  runtime.transition$.pipe(filter(({ snapshot }) => snapshot.status === 'done')),
)
runtime.start()
runtime.dispatch({
  type: 'task.submit',
  requests: [{ id: 'service', work: { kind: 'shell', command: 'sleep 600' } }],
})
await running

for (const minutes of [30, 300]) {
  const answered = firstValueFrom(answer$)
  await announceMaintenance(minutes)
  console.log(`${minutes} minutes: ${await answered}`)
}
runtime.dispatch({ type: 'framework.stop', detach: false })
await stopped
await cluster.close()

/** Announces maintenance of all agents, as an operator does. Source: Mesos docs/maintenance.md. */
async function announceMaintenance(minutes) {
  const nanoseconds = (amount) => ({ nanoseconds: amount * 60e9 })
  const { slaves } = await (await ask('/slaves')).json()
  const machine_ids = slaves.map(({ hostname }) => ({ hostname, ip: '127.0.0.1' }))
  const start = nanoseconds(Date.now() / 60_000 + 60)
  const unavailability = { start, duration: nanoseconds(minutes) }
  await ask('/maintenance/schedule', { windows: [{ machine_ids, unavailability }] })
}

async function ask(path, body) {
  const authorization = `Basic ${btoa(`${credentials.principal}:${credentials.secret}`)}`
  const method = body === undefined ? 'GET' : 'POST'
  const text = body && JSON.stringify(body)
  const answer = await fetch(cluster.url + path, { method, headers: { authorization }, body: text })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer
}
