/**
 * Waits for the last updates of tasks that have ended according to the master. Agents send an
 * update at once to a framework that returned, else with exponential back-off of 10 s to 10 min.
 * The wait ends with the subscription: the next one starts with a reconciliation.
 * Source: apache/mesos docs/reconciliation.md; src/slave/constants.hpp
 * (STATUS_UPDATE_RETRY_INTERVAL_MAX).
 */
import { assertEvent, assign, sendParent, setup } from 'xstate'
import type { ActorRefFrom, SnapshotFrom } from 'xstate'
import { emptyMap, getFrom, removeFrom, setIn, valuesOf } from '../../../domain/persistent-map.ts'
import type { PersistentMap } from '../../../domain/persistent-map.ts'
import type { ConnectionLost, ProcessRestarted } from '../connection/events.ts'

export type LateUpdatesEvent =
  /** Waits for the update of this launch, unless it is waited for already. */
  | { readonly type: 'update.awaited'; readonly launchId: string }
  /** The update came, or is lost. */
  | { readonly type: 'update.settled'; readonly launchId: string }
  | ConnectionLost
  | ProcessRestarted
  /** The framework stops. */
  | { readonly type: 'task.abandon' }

/** Sent to the parent: the updates of these launches did not come in 10 to 20 minutes. */
export interface UpdatesOverdue {
  readonly type: 'updates.overdue'
  readonly launchIds: readonly string[]
}

export interface LateUpdatesContext {
  /** Launch ids, waited for since the timer started. */
  readonly young: PersistentMap<string>
  /** Waited for since the timer before: overdue when this one fires. */
  readonly old: PersistentMap<string>
}

/** The longest back-off of agents, ms. Machines read no clock: two timers bound the wait. */
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
    'task.abandon': { target: '.idle', actions: 'forget' },
  },
  states: {
    idle: {
      description: 'No update is waited for.',
      on: { 'update.awaited': { target: 'waiting', actions: 'add' } },
    },
    waiting: {
      description: 'Some updates have not come yet.',
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
