/**
 * Resends KILL with exponential back-off until a terminal update: a KILL is lost with its agent
 * or its master. At most 100 calls per second; one timer serves all tasks.
 * Source: apache/mesos docs/scheduler-http-api.md, "KILL";
 * docs/high-availability-framework-guide.md.
 */
import { assertEvent, assign, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { emptyMap, getFrom, removeFrom, setIn, valuesOf } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'
import * as calls from '../../../mesos/scheduler-calls.ts'
import type { SchedulerCall } from '../../../mesos/types.generated.ts'
import type { ConnectionLost, MesosSubscribed, ProcessRestarted } from '../connection/events.ts'

export interface Kill {
  /** The task's id as Mesos knows it. */
  readonly launchId: string
  readonly agentId?: string
  /** Between SIGTERM and SIGKILL, ms. Default: what the task was launched with. */
  readonly graceMs?: number
}

export type KillsEvent =
  | { readonly type: 'kill.requested'; readonly kill: Kill }
  /** Its task ended, or is unknown to Mesos. */
  | { readonly type: 'kill.done'; readonly launchId: string }
  | MesosSubscribed
  | ConnectionLost
  | ProcessRestarted
  /** The framework stops. */
  | { readonly type: 'task.abandon' }

export interface KillsContext {
  readonly frameworkId: string
  /** Kills of tasks that have not ended, by launch id. */
  readonly kills: PersistentMap<Kill>
  /** Launch ids to send KILL for, by ticket; some of these tasks may have ended. */
  readonly queue: PersistentMap<string>
  /** Tickets: the next to send, and the next free one. */
  readonly head: number
  readonly tail: number
  /** Calls left in this second. */
  readonly budget: number
  /** Repetitions since the last request. */
  readonly repeats: number
}

const maxPerSecond = 100
const secondMs = 1000
const repeatMs = { first: 5000, most: 60_000 }

const emptyQueue = { queue: emptyMap<string>(), head: 0, tail: 0 }

const kills = setup({
  types: {} as { context: KillsContext; events: KillsEvent },
  actions: {
    'fx.call': (_, _call: SchedulerCall) => undefined,
    keepFrameworkId: assign(({ event }) => {
      assertEvent(event, 'mesos.subscribed')
      return { frameworkId: event.frameworkId, repeats: 0 }
    }),
    keep: assign(({ context, event }) => {
      assertEvent(event, 'kill.requested')
      const { launchId } = event.kill
      return {
        ...enqueueAll(context, [launchId]),
        kills: setIn(context.kills, launchId, event.kill),
        repeats: 0,
      }
    }),
    drop: assign(({ context, event }) => {
      assertEvent(event, 'kill.done')
      return { kills: removeFrom(context.kills, event.launchId) }
    }),
    queueAll: assign(({ context }) => ({
      ...enqueueAll(
        { ...context, ...emptyQueue },
        Array.from(valuesOf(context.kills), ({ launchId }) => launchId),
      ),
      repeats: context.repeats + 1,
    })),
    grantSecond: assign({ budget: maxPerSecond }),
    clearQueue: assign(emptyQueue),
  },
  guards: {
    hasNone: ({ context }) => context.kills.size === 0,
    hasSome: ({ context }) => context.kills.size > 0,
    hasQueued: ({ context }) => context.head < context.tail,
  },
  delays: {
    second: secondMs,
    repeat: ({ context }) => Math.min(repeatMs.most, repeatMs.first * 2 ** context.repeats),
  },
})

const sendKills = kills.enqueueActions(({ context, enqueue }) => {
  let { queue, head, budget } = context
  for (; head < context.tail && budget > 0; head++) {
    const kill = getFrom(context.kills, getFrom(queue, String(head)) ?? '')
    queue = removeFrom(queue, String(head))
    if (kill === undefined) continue
    budget -= 1
    enqueue({ type: 'fx.call', params: callOf(context, kill) })
  }
  enqueue.assign({ queue, head, budget })
})

export const killsMachine = kills.createMachine({
  id: 'kills',
  context: { frameworkId: '', kills: emptyMap(), ...emptyQueue, budget: 0, repeats: 0 },
  initial: 'away',
  on: {
    'kill.requested': { actions: 'keep' },
    'kill.done': { actions: 'drop' },
    'mesos.subscribed': { target: '.subscribed', actions: 'keepFrameworkId' },
    'connection.lost': '.away',
    'process.restarted': '.away',
    'task.abandon': '.away',
  },
  states: {
    away: { description: 'There is no subscription.', entry: 'clearQueue' },
    subscribed: {
      description: 'KILL calls are sent, and sent again.',
      initial: 'idle',
      states: {
        idle: {
          description: 'No task is being killed.',
          entry: 'clearQueue',
          always: { guard: 'hasSome', target: 'sending', actions: 'queueAll' },
          on: { 'kill.requested': { target: 'sending', actions: 'keep' } },
        },
        sending: {
          description: 'KILL calls are sent, at most 100 per second.',
          entry: ['grantSecond', sendKills],
          on: { 'kill.requested': { actions: ['keep', sendKills] } },
          after: {
            second: [
              { guard: 'hasNone', target: 'idle' },
              { guard: 'hasQueued', target: 'sending', reenter: true },
              { target: 'waiting' },
            ],
          },
        },
        waiting: {
          description: 'KILL was sent for each task. It is sent again after the back-off.',
          always: { guard: 'hasNone', target: 'idle' },
          on: { 'kill.requested': { target: 'sending', actions: 'keep' } },
          after: { repeat: { target: 'sending', actions: 'queueAll' } },
        },
      },
    },
  },
})

export type KillsSnapshot = SnapshotFrom<typeof killsMachine>
export type KillsRef = ActorRefFrom<typeof killsMachine>

function enqueueAll(
  { queue, head, tail }: Pick<KillsContext, 'queue' | 'head' | 'tail'>,
  launchIds: readonly string[],
): Pick<KillsContext, 'queue' | 'head' | 'tail'> {
  const longer = launchIds.reduce(
    (map, launchId, index) => setIn(map, String(tail + index), launchId),
    queue,
  )
  return { queue: longer, head, tail: tail + launchIds.length }
}

function callOf(
  { frameworkId }: KillsContext,
  { launchId, agentId, graceMs }: Kill,
): SchedulerCall {
  const policy =
    graceMs === undefined ? undefined : { gracePeriod: { nanoseconds: graceMs * 1_000_000 } }
  return calls.kill(frameworkId, launchId, agentId, policy)
}
