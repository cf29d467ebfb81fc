/**
 * Your own framework around jarcast's machines, with its own task source: a ticker that submits a
 * task every half second. The ticker is a machine, so its timers and decisions are in the journal.
 *
 *   node docs/examples/own-framework.mjs [MASTER]      without MASTER: on a cluster in this process
 */
import { connectScheduler } from 'jarcast/client'
import {
  createDeliveryServer,
  performEffects,
  prepareShipment,
  schedulerInputOf,
  toSettings,
} from 'jarcast/framework'
import { createMemoryJournal, createRuntime, replay } from 'jarcast/journal'
import { startLocalCluster } from 'jarcast/local'
import { schedulerMachine } from 'jarcast/machines'
import { filter, firstValueFrom } from 'rxjs'
import { assign, sendTo, setup } from 'xstate'

const tickerMachine = setup({
  actors: { scheduler: schedulerMachine },
  actions: {
    submitTick: sendTo('scheduler', ({ context }) => ({
      type: 'task.submit',
      requests: [
        {
          id: `tick-${context.submitted}`,
          work: { kind: 'shell', command: `echo tick ${context.submitted}` },
        },
      ],
    })),
    countTick: assign({ submitted: ({ context }) => context.submitted + 1 }),
    countEnd: assign({ finished: ({ context }) => context.finished + 1 }),
    drain: sendTo('scheduler', { type: 'framework.drain' }),
    // All other events are the scheduler's: events of Mesos, results of effects.
    passOn: sendTo('scheduler', ({ event }) => event),
  },
  guards: {
    isLastTick: ({ context }) => context.submitted === context.ticks,
    isFinished: ({ event }) => event.status.state === 'TASK_FINISHED',
  },
  delays: { tick: 500 },
}).createMachine({
  id: 'ticker',
  context: ({ input }) => ({ ...input, submitted: 0, finished: 0 }),
  invoke: {
    id: 'scheduler',
    src: 'scheduler',
    input: ({ context }) => context.scheduler,
    onDone: '.stopped',
  },
  on: {
    'mesos.update': [
      { guard: 'isFinished', actions: ['countEnd', 'passOn'] },
      { actions: 'passOn' },
    ],
    '*': { actions: 'passOn' },
  },
  initial: 'ticking',
  states: {
    ticking: {
      entry: ['submitTick', 'countTick'],
      after: {
        tick: [
          { guard: 'isLastTick', target: 'draining' },
          { target: 'ticking', reenter: true },
        ],
      },
    },
    draining: { entry: 'drain' },
    stopped: { type: 'final' },
  },
})

const [master] = process.argv.slice(2)
const cluster = master === undefined ? await startLocalCluster() : undefined
const access = cluster && { credentials: cluster.credentials }
const settings = toSettings({ master: master ?? cluster.url, name: 'ticker', ...access })
const shipment = await prepareShipment(settings)
const connection = connectScheduler(settings.masters, { ...access })
const journal = createMemoryJournal()
const input = {
  ticks: 4,
  scheduler: schedulerInputOf(settings),
}

const runtime = createRuntime(tickerMachine, { input, journal })
const deliveryServer = createDeliveryServer(shipment, settings, connection)
// Effects go out, their results come back in.
runtime.connect(runtime.effect$.pipe(performEffects({ connection, deliveryServer })))
const ended = firstValueFrom(
  runtime.transition$.pipe(filter(({ snapshot }) => snapshot.status === 'done')),
)
runtime.start()
await ended

// The same entries through the same machines, with nothing performed: the same end.
const replayed = replay(tickerMachine, input, journal.startedAt, journal.read(1))
const steps = [...replayed]
const { context, value } = replayed.snapshot
console.log(`${context.finished} of ${context.ticks} ticks finished`)
console.log(`replayed ${steps.length} steps, ending ${value}`)
if (context.finished < context.ticks) process.exitCode = 1
await cluster?.close()
