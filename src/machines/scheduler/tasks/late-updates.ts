/**
 * Waits for updates of tasks that are over, says the master, and whose agents have yet to send their last update. Agents
 * send it at once to a framework that is back, else after 10 s and then after a growing while, up to 10 min. The wait ends
 * with the subscription: the next one begins with the same question.
 * Source: apache/mesos docs/reconciliation.md; src/slave/constants.hpp (STATUS_UPDATE_RETRY_INTERVAL_MAX).
 */
import { assertEvent, assign, sendParent, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { emptyMap, getFrom, removeFrom, setIn, valuesOf } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'
import type { ConnectionLost, ProcessRestarted } from '../connection/subscription.ts'

export type LateUpdatesEvent =
  /** By launch id; one that is awaited already goes on being so. */
  | { readonly type: 'update.awaited'; readonly launchId: string }
  /** It came, or cannot come any more. */
  | { readonly type: 'update.settled'; readonly launchId: string }
  | ConnectionLost
  | ProcessRestarted

/** Sent to the scheduler: these were awaited for as long as Mesos may take, and longer. */
export interface UpdatesOverdue {
  readonly type: 'updates.overdue'
  readonly launchIds: readonly string[]
}

export interface LateUpdatesContext {
  /** Launch ids, awaited since this half of the time began. */
  readonly young: PersistentMap<string>
  /** Awaited for the half before, too: overdue when this half ends. */
  readonly old: PersistentMap<string>
}

/** As long as an agent may let pass before it sends an update again. Two of them: machines know no times of their own. */
const halfMs = 10 * 60_000

const nothing = { young: emptyMap<string>(), old: emptyMap<string>() }

export const lateUpdatesMachine = setup({
  types: {} as { context: LateUpdatesContext; events: LateUpdatesEvent },
  actions: {
    add: assign(({ context, event }) => {
      assertEvent(event, 'update.awaited')
      const { launchId } = event
      if (getFrom(context.old, launchId) !== undefined) return {}
      return { young: setIn(context.young, launchId, launchId) }
    }),
    drop: assign(({ context, event }) => {
      assertEvent(event, 'update.settled')
      const { launchId } = event
      return { young: removeFrom(context.young, launchId), old: removeFrom(context.old, launchId) }
    }),
    tellOverdue: sendParent(({ context }: { readonly context: LateUpdatesContext }) => ({
      type: 'updates.overdue',
      launchIds: [...valuesOf(context.old)],
    })),
    age: assign(({ context }) => ({ young: emptyMap(), old: context.young })),
    forget: assign(nothing),
  },
  guards: {
    hasNone: ({ context }) => context.young.size + context.old.size === 0,
    hasOld: ({ context }) => context.old.size > 0,
  },
  delays: { half: halfMs },
}).createMachine({
  id: 'lateUpdates',
  context: nothing,
  initial: 'idle',
  on: {
    'connection.lost': { target: '.idle', actions: 'forget' },
    'process.restarted': { target: '.idle', actions: 'forget' },
  },
  states: {
    idle: { on: { 'update.awaited': { target: 'waiting', actions: 'add' } } },
    waiting: {
      always: { guard: 'hasNone', target: 'idle' },
      on: {
        'update.awaited': { actions: 'add' },
        'update.settled': { actions: 'drop' },
      },
      after: {
        half: [
          { guard: 'hasOld', target: 'waiting', reenter: true, actions: ['tellOverdue', 'age'] },
          { target: 'waiting', reenter: true, actions: 'age' },
        ],
      },
    },
  },
})

export type LateUpdatesSnapshot = SnapshotFrom<typeof lateUpdatesMachine>
export type LateUpdatesRef = ActorRefFrom<typeof lateUpdatesMachine>
