/**
 * A framework of RxJS streams alone: no machine, no journal. It launches two tasks with the first
 * offers that fit, acknowledges what Mesos reports, and ends when both have.
 *
 *   node docs/examples/rxjs-only.mjs [MASTER]      without MASTER: on a cluster in this process
 */
import { connectScheduler } from 'jarcast/client'
import { startLocalCluster } from 'jarcast/local'
import { isTerminal, schedulerCalls as calls } from 'jarcast/mesos'
import { retryWithBackOff } from 'jarcast/streams'
import { EMPTY, Subject, catchError, concatMap, defer, filter, first, from, map } from 'rxjs'
import { merge, mergeMap, scan, share, takeUntil, tap } from 'rxjs'

const [master] = process.argv.slice(2)
const cluster = master === undefined ? await startLocalCluster() : undefined
const access = cluster && { credentials: cluster.credentials }
const connection = connectScheduler(master ?? cluster.url, { ...access })
const framework = {
  user: 'root',
  name: 'rxjs-only',
  roles: ['*'],
  capabilities: [{ type: 'MULTI_ROLE' }],
  ...(cluster && { principal: cluster.credentials.principal }),
}
const waiting = ['hello', 'world']
const ended$ = new Subject()
let frameworkId

// The same framework after each loss of the stream: SUBSCRIBE has its id then.
const subscribe = () =>
  calls.subscribe({ ...framework, ...(frameworkId && { id: { value: frameworkId } }) })
const event$ = defer(() => connection.subscribe(subscribe(), 0)).pipe(
  retryWithBackOff(),
  takeUntil(ended$),
  share(),
)

const subscribed$ = event$.pipe(
  filter(({ type }) => type === 'SUBSCRIBED'),
  tap(({ subscribed }) => (frameworkId = subscribed.frameworkId.value)),
  tap(() => console.log('subscribed')),
  mergeMap(() => EMPTY),
)

const answer$ = event$.pipe(
  filter(({ type }) => type === 'OFFERS'),
  mergeMap(({ offers }) => from(offers.offers ?? [])),
  map((offer) => {
    const name = fits(offer) ? waiting.shift() : undefined
    if (name === undefined) return calls.decline(frameworkId, [offer.id.value])
    const operation = { type: 'LAUNCH', launch: { taskInfos: [taskInfo(name, offer)] } }
    return calls.accept(frameworkId, [offer.id.value], [operation])
  }),
)

const update$ = event$.pipe(
  filter(({ type }) => type === 'UPDATE'),
  map(({ update }) => update.status),
  share(),
)
const acknowledgement$ = update$.pipe(
  filter(({ uuid }) => uuid !== undefined),
  map(({ agentId, taskId, uuid }) =>
    calls.acknowledge(frameworkId, agentId.value, taskId.value, uuid),
  ),
)

// A call that fails changes nothing here: the master sends offers and updates again.
const send = (call) =>
  from(connection.send(call)).pipe(
    catchError(({ message }) => {
      console.error(message)
      return EMPTY
    }),
  )
merge(subscribed$, answer$, acknowledgement$)
  .pipe(mergeMap(send))
  .subscribe({ error: (error) => void fail(error), complete: () => void close() })

// The tasks that have ended: a fold of the updates. Subscribed last, so the last update is acknowledged.
update$
  .pipe(
    tap(({ taskId, state }) => console.log(`${taskId.value}: ${state}`)),
    filter(({ state }) => isTerminal(state)),
    scan((ends, { taskId }) => ends.add(taskId.value), new Set()),
    first(({ size }) => size === 2),
    // Its answer may come after the end of the stream.
    concatMap(() => connection.send(calls.teardown(frameworkId)).catch(() => undefined)),
  )
  .subscribe({ complete: () => ended$.next() })

async function fail(error) {
  console.error(error)
  process.exitCode = 1
  await close()
}

async function close() {
  await connection.close()
  await cluster?.close()
}

function fits({ resources = [] }) {
  const amount = (name) => resources.find((one) => one.name === name)?.scalar?.value ?? 0
  return amount('cpus') >= 0.1 && amount('mem') >= 32
}

function taskInfo(name, { agentId, allocationInfo }) {
  const scalar = (resource, value) => {
    return { name: resource, type: 'SCALAR', scalar: { value }, allocationInfo }
  }
  return {
    name,
    taskId: { value: name },
    agentId,
    command: { value: `echo ${name}` },
    resources: [scalar('cpus', 0.1), scalar('mem', 32)],
  }
}
